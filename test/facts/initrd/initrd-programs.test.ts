/** What an initrd starts and has not, on trees in memory shaped as initramfs-tools, busybox and NixOS make them. */
import { expect, it } from 'vitest';
import { findInitrdLacks } from '../../../src/facts/initrd/initrd-programs.ts';
import { MemoryFileSystem, type MemoryNode, type MemoryTree } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { RootView } from '../../../src/root/root-view.ts';

const program = (text: string): MemoryNode => ({ text, mode: 0o755 });
const klibc: MemoryTree = {
  '/init': program('#!/bin/sh\nmount -t proc proc /proc\nexec run-init "$rootmnt" "$init"\n'),
  '/bin': { link: 'usr/bin' },
  '/sbin': { link: 'usr/sbin' },
  '/usr/bin/sh': program('x'),
  '/usr/bin/mount': program('x'),
  '/usr/bin/run-init': program('x'),
  '/scripts/init-top/ORDER': '/scripts/init-top/udev "$@"\n[ -e /conf/param.conf ] && . /conf/param.conf\n',
  '/scripts/init-top/udev': program('#!/bin/sh -e\n/usr/lib/systemd/systemd-udevd --daemon\nudevadm settle\n'),
  '/usr/lib/systemd/systemd-udevd': program('x'),
  '/usr/bin/udevadm': program('x'),
};
const lacksOf = (tree: MemoryTree) =>
  findInitrdLacks(new RootView([{ path: '/', fileSystem: new MemoryFileSystem(tree, 'initrd') }], defaultLimits));
const without = (tree: MemoryTree, ...paths: readonly string[]): MemoryTree =>
  Object.fromEntries(Object.entries(tree).filter(([path]) => !paths.includes(path)));

it('is nothing where all is there', () => {
  expect(lacksOf(klibc)).toEqual([]);
});

it.each([
  ['no init', without(klibc, '/init'), '/init', undefined],
  ['an init that is no program', { ...klibc, '/init': 'text' }, '/init', undefined],
  ['no shell', without(klibc, '/usr/bin/sh'), '/bin/sh', undefined],
  ['no run-init', without(klibc, '/usr/bin/run-init'), 'run-init', 3],
  ['no mount', without(klibc, '/usr/bin/mount'), 'mount', 2],
  ['no udev', without(klibc, '/usr/lib/systemd/systemd-udevd'), '/usr/lib/systemd/systemd-udevd', 2],
  ['no script', without(klibc, '/scripts/init-top/udev'), '/scripts/init-top/udev', undefined],
  [
    'a hook without its program',
    {
      ...klibc,
      '/scripts/local-top/ORDER': '/scripts/local-top/verity "$@"\n',
      '/scripts/local-top/verity': program('#!/bin/sh\nmodprobe_all\nif ! veritysetup open a b; then exit 1; fi\n'),
    },
    'veritysetup',
    3,
  ],
])('is one thing with %s', (_what, tree, name, line) => {
  const lacks = lacksOf(tree);
  expect(lacks.map((lack) => lack.program)).toEqual([name]);
  expect(lacks[0]?.calledBy?.line).toBe(line);
});

it('leaves applets to busybox, but not the programs it has not', () => {
  const tree = { ...without(klibc, '/usr/bin/mount', '/usr/bin/run-init'), '/usr/bin/busybox': program('x') };
  expect(lacksOf(tree).map((lack) => lack.program)).toEqual(['run-init']);
});

it('follows the interpreter of NixOS', () => {
  const shell = '/nix/store/00000000000000000000000000000000-extra-utils/bin/ash';
  const tree = { '/init': program(`#! ${shell}\nmount x\n`) };
  expect(lacksOf(tree).map((lack) => lack.program)).toEqual([shell, 'mount']);
  expect(lacksOf({ ...tree, [shell]: program('x'), '/bin/mount': program('x') })).toEqual([]);
});
