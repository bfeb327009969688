/** Which system an image runs: every source that may name it, what they say against each other, and what the user may ask for. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../../src/bytes/memory-source.ts';
import type { MemoryTree } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { LayerOpener } from '../../../src/root/open-layers.ts';
import { assemble, deviceOf, fixture, toplevel } from './system-image.ts';

const path = (letter: string, name = 'nixos-system-node-24.11'): string => `/nix/store/${letter.repeat(32)}-${name}`;
const [a, b] = [path('a'), path('b')];

/** A system that has just what makes it one. */
const system = (toplevel: string, more: MemoryTree = {}): MemoryTree => ({
  [`${toplevel}/activate`]: `#!/bin/sh\nln -sfn "/nix/store/${'s'.repeat(32)}-bash/bin/sh" /bin/.sh.tmp\n`,
  [`${toplevel}/init`]: `#!/bin/sh\nsystemConfig=${toplevel}\n`,
  [`${toplevel}/etc`]: { link: `${toplevel}-etc/etc` },
  [`${toplevel}/sw`]: { directory: true },
  [`${toplevel}/kernel-params`]: 'loglevel=4',
  [`${toplevel}-etc/etc/hostname`]: { link: `${toplevel}-hostname` },
  [`${toplevel}-hostname`]: 'node\n',
  ...more,
});
const profile = (...toplevels: readonly string[]): MemoryTree => ({
  '/nix/var/nix/profiles/system': { link: `system-${toplevels.length}-link` },
  ...Object.fromEntries(
    toplevels.map((toplevel, index) => [`/nix/var/nix/profiles/system-${index + 1}-link`, { link: toplevel }]),
  ),
});
const extlinux = (toplevel: string): MemoryTree => ({
  '/boot/extlinux/extlinux.conf': `DEFAULT nixos-default\nLABEL nixos-default\n  LINUX ../nixos/k\n  APPEND init=${toplevel}/init\n`,
});
const record = (toplevel: string, ...references: readonly string[]): string =>
  `${toplevel}\nsha256:0\n1\n\n${references.length}\n${references.map((one) => `${one}\n`).join('')}`;

const chosen = (tree: MemoryTree, request = {}) => assemble([deviceOf(tree)], request).nixos;

describe('the system that runs', () => {
  it.each<[string, MemoryTree, string]>([
    ['the boot entry before the profile', { ...extlinux(b), ...profile(a) }, 'the boot entry nixos-default'],
    ['the profile before init', { ...profile(a, b), '/sbin/init': `systemConfig=${a}\n` }, 'the system profile'],
    ['a link that init is', { '/sbin/init': { link: `${b}/init` } }, '/sbin/init'],
    ['a copy of the script that starts it', { '/init': `x\nsystemConfig='${b}'\n` }, '/init'],
    [
      'a root of the garbage collector',
      { '/nix/var/nix/gcroots/current-system': { link: b } },
      '/nix/var/nix/gcroots/current-system',
    ],
    ['what nothing else refers to', { '/nix-path-registration': record(b, a) + record(a) }, 'the registration'],
  ])('is named by %s', (_, tree, because) => {
    expect(chosen({ ...system(a), ...system(b), ...tree })).toMatchObject({ toplevel: b, because });
  });

  it("is the only one in the store that is nobody else's specialisation", () => {
    const tree = { ...system(a), ...system(b, { [`${b}/specialisation/big`]: { link: a } }) };
    expect(chosen(tree)).toMatchObject({ toplevel: b, because: 'it lies in the store' });
    expect(chosen(tree, { specialisation: 'big' })).toMatchObject({ toplevel: a, specialisation: 'big' });
    expect(() => chosen(tree, { specialisation: 'bag' })).toThrow(
      expect.objectContaining({ code: 'nixos/no-such-specialisation', remedy: 'it has big' }),
    );
  });

  it('is not guessed', () => {
    expect(() => chosen({ ...system(a), ...system(b) })).toThrow(
      expect.objectContaining({
        kind: 'input',
        code: 'nixos/ambiguous',
        message: `2 NixOS systems and nothing that says which one boots: ${a}, ${b}`,
        remedy: `choose with --system ${a.slice('/nix/store/'.length)}`,
      }),
    );
  });

  it('is the one the user asks for', () => {
    const tree = { ...system(a), ...system(b), ...profile(a, b) };
    expect(chosen(tree)).toMatchObject({ toplevel: b, generation: 2 });
    expect(chosen(tree, { generation: 1 })).toMatchObject({ toplevel: a, generation: 1, because: '--generation 1' });
    expect(chosen(tree, { system: a })).toMatchObject({ toplevel: a });
    expect(chosen(tree, { system: a.slice('/nix/store/'.length) })).toMatchObject({ toplevel: a });
    expect(chosen(tree, { system: '/nix/var/nix/profiles/system-1-link' })).toMatchObject({ toplevel: a });
    expect(() => chosen(tree, { generation: 7 })).toThrow(
      expect.objectContaining({
        message: 'the image has no generation 7',
        remedy: `the image has generation 2 ${b}, generation 1 ${a}: choose with --generation or --system`,
      }),
    );
    expect(() => chosen(tree, { system: '/etc' })).toThrow(/no store path/);
    expect(() => chosen(tree, { system: path('c') })).toThrow(/which is not in the store/);
    expect(() => chosen(tree, { system: `${a}-hostname` })).toThrow(/no NixOS system/);
  });

  it.each<[string, MemoryTree, string]>([
    ['the next that something names', profile(a), 'the system profile'],
    ['the highest generation that is there', profile(a, path('c')), 'generation 1'],
  ])('is stood in for, where it is not in the store, by %s', (_, tree, because) => {
    const { nixos, diagnostics } = assemble([deviceOf({ ...system(a), ...extlinux(b), ...tree })]);
    expect(nixos).toMatchObject({
      toplevel: a,
      because,
      absent: { toplevel: b, because: 'the boot entry nixos-default' },
    });
    expect(diagnostics).toMatchObject([
      {
        level: 'note',
        code: 'nixos/absent-system',
        message: `the boot entry nixos-default starts ${b}, which is not in the store; what is judged is ${a} (${because})`,
      },
    ]);
  });

  it('must be in the store, or another one that something names', () => {
    expect(() => chosen({ ...system(a), ...extlinux(b) })).toThrow(
      expect.objectContaining({
        code: 'nixos/no-such-system',
        message: `the boot entry nixos-default names ${b}, which is not in the store`,
      }),
    );
  });

  it('is reported where sources disagree', () => {
    const { diagnostics } = assemble([deviceOf({ ...system(a), ...system(b), ...extlinux(b), ...profile(a) })]);
    expect(diagnostics).toMatchObject([
      {
        level: 'note',
        code: 'nixos/other-system',
        message: `the boot entry nixos-default starts nixos-system-node-24.11, but the system profile names ${a}`,
      },
    ]);
  });

  it('is none on a Debian that has Nix on it', () => {
    const debian = { ...system(a), ...profile(a), '/var/lib/dpkg/status': '', '/etc/os-release': 'ID=debian\n' };
    expect(chosen(debian)).toBeUndefined();
    expect(chosen(debian, { system: a })).toMatchObject({ toplevel: a });
  });

  it('is missing in a store without one', () => {
    expect(() => chosen({ [`${path('a', 'bash-5.2')}/bin/bash`]: 'x' })).toThrow(
      expect.objectContaining({ code: 'nixos/no-such-system' }),
    );
  });
});

describe('a store that is a volume of its own', () => {
  const volume = Object.fromEntries(
    Object.entries(system(a)).map(([key, value]) => [key.slice('/nix/store'.length), value]),
  );

  it('is mounted at /nix/store of a root made by activation', () => {
    const { view, choice } = assemble([deviceOf(volume, 'store.squashfs')]);
    expect(choice.device.label).toBe('store.squashfs');
    expect(view.readText('/etc/hostname')).toBe('node\n');
    expect(view.locate('/etc/hostname')).toEqual({
      source: 'store.squashfs',
      path: `/${'a'.repeat(32)}-nixos-system-node-24.11-hostname`,
    });
    expect(view.list('/')?.map(({ name }) => name)).toContain('run');
  });

  it('joins a root that has none', () => {
    const root = deviceOf({ '/etc/machine-id': '0\n', '/etc/os-release': { link: 'x' }, '/var/x': 'kept' }, 'root.img');
    const { view, choice, nixos } = assemble([root, deviceOf(volume, 'store.img', 'erofs')]);
    expect(choice.device.label).toBe('root.img');
    expect(nixos?.toplevel).toBe(a);
    expect(view.readText('/var/x')).toBe('kept');
    expect(view.readText('/etc/hostname')).toBe('node\n');
  });

  it('may be all of /nix', () => {
    const nix = Object.fromEntries(Object.entries(volume).map(([key, value]) => [`/store${key}`, value]));
    expect(assemble([deviceOf(nix)]).nixos?.toplevel).toBe(a);
  });

  it('may lie in a file of an installer, which is no root itself', async () => {
    const squashfs = readFileSync(fixture('nix-store.squashfs'));
    const installer = { '/nix-store.squashfs': squashfs, '/version.txt': '24.11', '/init': 'x', '/etc/x': 'x' };
    const initrd = deviceOf(installer, 'initrd', 'cpio');
    const source = new MemorySource(squashfs, 'initrd:/nix-store.squashfs');
    const opener = new LayerOpener({ limits: defaultLimits });
    const inner = await opener.open(source);
    const { view, nixos, choice } = assemble([initrd, ...inner.devices]);
    expect(choice.device.label).toBe('initrd:/nix-store.squashfs');
    expect(nixos?.toplevel).toBe(toplevel);
    expect(view.readText('/etc/hostname')).toBe('edge-1\n');
    opener.close();
  });
});
