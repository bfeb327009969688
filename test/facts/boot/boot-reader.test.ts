/** The fact `boot` on disks in memory. */
import { describe, expect, it } from 'vitest';
import { ImageError } from '../../../src/errors.ts';
import type { BootFact } from '../../../src/facts/boot/boot-fact.ts';
import type { ImageFacts } from '../../../src/facts/fact.ts';
import { FactStore } from '../../../src/facts/fact-store.ts';
import type { MemoryTree } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { assembleRoot } from '../../../src/root/assemble-root.ts';
import { deviceOf, espType, labelled } from '../../root/devices.ts';
import { makePe } from './make-pe.ts';

const options = 'root=PARTUUID=11111111-0000-4000-8000-000000000002 console=ttyS0';
const espTree: MemoryTree = {
  '/EFI/BOOT/BOOTX64.EFI': makePe(0x8664, { '.sdmagic': 'x' }),
  '/loader/entries/boot.conf': `title boot\nlinux /vmlinuz-6.12\noptions ${options}\ninitrd /initrd.img-6.12\n`,
  '/vmlinuz-6.12': makePe(0x8664, { '.text': 'x' }),
  '/initrd.img-6.12': '070701',
};
const fstab =
  'UUID=ABCD-1234 /boot vfat defaults 0 0\n/dev/sda7 /data ext4 nofail 0 0\ntmpfs /run tmpfs defaults 0 0\n';
const rootTree: MemoryTree = { '/etc/os-release': 'ID=debian\n', '/etc/fstab': fstab };

function readBoot(esp: MemoryTree, root: MemoryTree = rootTree): { value: BootFact; gaps: readonly unknown[] } {
  const devices = [
    deviceOf(1, labelled('EFI', 'ABCD-1234', esp, 'vfat'), { type: espType, name: 'efi' }),
    deviceOf(2, labelled('platform', '00000000-0000-4000-8000-000000000002', root), {
      uuid: '11111111-0000-4000-8000-000000000002',
      name: 'platform',
    }),
  ];
  const { view, choice, bootMenus: menus, bootEntry: entry, bootDamage } = assembleRoot(devices, {}, defaultLimits);
  const image: ImageFacts = {
    label: 'disk.wic',
    ...(entry?.options ? { commandLine: entry.options } : {}),
    boot: { devices, rootDevice: choice.device, menus, ...(entry ? { entry } : {}) },
    bootDamage,
    sideFiles: [],
  };
  return new FactStore(view, image).get('boot');
}

describe('a disk as wic makes it', () => {
  const { value, gaps } = readBoot(espTree);

  it('has its devices, its table and its root', () => {
    expect(gaps).toEqual([]);
    expect(value).toMatchObject({ table: 'gpt', root: 'p2', systemPartitions: ['p1'], init: '/sbin/init' });
    expect(value.devices.map(({ name, format, uuid }) => [name, format, uuid])).toEqual([
      ['p1', 'vfat', 'ABCD-1234'],
      ['p2', 'ext4', '00000000-0000-4000-8000-000000000002'],
    ]);
  });

  it('has what firmware starts', () => {
    expect(value.firmwarePrograms).toEqual([
      {
        location: { source: 'disk.wic!p1', path: '/EFI/BOOT/BOOTX64.EFI' },
        name: 'bootx64.efi',
        state: 'read',
        architecture: 'amd64',
        subsystem: 'efi-application',
        program: 'systemd-boot',
      },
    ]);
  });

  it('has the entry with its files, and who names them', () => {
    expect(value.entry).toMatchObject({
      loader: 'systemd-boot',
      id: 'boot.conf',
      kernel: {
        state: 'present',
        named: { path: '/loader/entries/boot.conf', line: 2 },
        location: { source: 'disk.wic!p1', path: '/vmlinuz-6.12' },
        format: 'EFI program',
        release: { text: '6.12', from: 'name' },
      },
      initrds: [{ state: 'present', format: 'cpio', named: { line: 4 } }],
      root: { by: 'partuuid', device: 'p2', location: { line: 3 } },
    });
  });

  it('resolves the devices of fstab', () => {
    expect(value.fstab.map(({ path, device: { by, device } }) => [path, by, device])).toEqual([
      ['/boot', 'uuid', 'p1'],
      ['/data', 'kernel name', undefined],
      ['/run', 'none', undefined],
    ]);
  });
});

describe('what is not as it should be', () => {
  it('is told apart: missing, no file, unreadable', () => {
    const { '/initrd.img-6.12': _, ...rest } = espTree;
    const damage = new ImageError('corrupt', 'fat/bad-chain', 'its cluster chain is cut');
    const { value } = readBoot({ ...rest, '/initrd.img-6.12/x': '', '/vmlinuz-6.12': { error: damage } });
    expect(value.entry).toMatchObject({
      kernel: { state: 'unreadable', reason: 'its cluster chain is cut' },
      initrds: [{ state: 'missing', reason: 'it is a directory, not a file' }],
    });
    expect(readBoot(rest).value.entry?.initrds).toMatchObject([{ state: 'missing' }]);
  });

  it('is no EFI program, or one that cannot be read', () => {
    const damage = new ImageError('corrupt', 'fat/bad-chain', 'its cluster chain is cut');
    const programs = readBoot({
      ...espTree,
      '/EFI/BOOT/BOOTAA64.EFI': '<html>',
      '/EFI/BOOT/BOOTIA32.EFI': { error: damage },
    }).value.firmwarePrograms;
    expect(programs.map(({ name, state, reason }) => [name, state, reason])).toEqual([
      ['bootaa64.efi', 'read', 'there is no PE header'],
      ['bootia32.efi', 'unreadable', 'its cluster chain is cut'],
      ['bootx64.efi', 'read', undefined],
    ]);
  });

  it('is a gap where fstab is damaged', () => {
    const damage = new ImageError('corrupt', 'ext/bad-extent', 'an extent is damaged');
    const { value, gaps } = readBoot(espTree, { ...rootTree, '/etc/fstab': { error: damage } });
    expect(value.fstab).toEqual([]);
    expect(gaps).toMatchObject([{ keys: ['fstab'], cause: { code: 'ext/bad-extent' } }]);
  });
});

it('finds unified kernels beside the loader, and takes init from the command line', () => {
  const entry = `linux /vmlinuz-6.12\noptions ${options} init=/nix/store/x/init\n`;
  const { value } = readBoot({ ...espTree, '/EFI/Linux/a.efi': 'x', '/loader/entries/boot.conf': entry });
  expect(value.unifiedKernels).toEqual([{ source: 'disk.wic!p1', path: '/EFI/Linux/a.efi' }]);
  expect(value.init).toBe('/nix/store/x/init');
});

it('finds kernel and initrd inside a unified kernel image', () => {
  const { '/loader/entries/boot.conf': _, ...rest } = espTree;
  const image = makePe(0x8664, {
    '.osrel': 'ID=debian\n',
    '.uname': '6.12',
    '.cmdline': options,
    '.linux': 'kernel',
    '.initrd': '070701',
  });
  const { value } = readBoot({ ...rest, '/EFI/Linux/linux.efi': image });
  const file = '/EFI/Linux/linux.efi';
  expect(value.entry).toMatchObject({
    loader: 'systemd-boot',
    id: 'linux.efi',
    commandLine: { text: options, location: { source: `disk.wic!p1:${file}!.cmdline`, line: 1 } },
    kernel: { text: file, state: 'present', format: 'unified kernel image', release: { text: '6.12' } },
    initrds: [{ text: `${file}!.initrd`, state: 'present', format: 'cpio', size: 6 }],
    root: { by: 'partuuid', device: 'p2' },
  });
});
