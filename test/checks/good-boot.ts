/** The fact `boot` of a disk as wic makes it, on which every link of the chain holds. */
import type { BootDevice, BootFact } from '../../src/facts/boot/boot-fact.ts';
import type { Location } from '../../src/location.ts';

const esp = (path: string, line?: number): Location =>
  line === undefined ? { source: 'disk!p1', path } : { source: 'disk!p1', path, line };
const fstabLine = (line: number): Location => ({ source: 'disk!p2', path: '/etc/fstab', line });
const entryFile = '/loader/entries/boot.conf';

export const espDevice: BootDevice = {
  name: 'p1',
  title: 'p1 "efi"',
  location: { source: 'disk!p1' },
  size: 1 << 28,
  partition: {
    number: 1,
    table: 'gpt',
    type: 'c12a7328-f81f-11d2-ba4b-00a0c93ec93b',
    uuid: '11111111-0000-4000-8000-000000000001',
    name: 'efi',
    start: 1 << 20,
    size: 1 << 28,
    attributes: '0',
  },
  content: 'filesystem',
  format: 'vfat',
  uuid: 'ABCD-1234',
  volumeLabel: 'EFI',
};

export const rootDevice: BootDevice = {
  name: 'p2',
  title: 'p2 "platform"',
  location: { source: 'disk!p2' },
  size: 1 << 30,
  partition: {
    number: 2,
    table: 'gpt',
    type: '0fc63daf-8483-4772-8e79-3d69d8477de4',
    uuid: '11111111-0000-4000-8000-000000000002',
    name: 'platform',
    start: 257 << 20,
    size: 1 << 30,
    attributes: '0',
  },
  content: 'filesystem',
  format: 'ext4',
  uuid: '00000000-0000-4000-8000-000000000002',
  volumeLabel: 'platform',
};

export const goodBoot: BootFact = {
  table: 'gpt',
  devices: [espDevice, rootDevice],
  root: 'p2',
  systemPartitions: ['p1'],
  firmwarePrograms: [
    {
      location: esp('/EFI/BOOT/BOOTX64.EFI'),
      name: 'bootx64.efi',
      state: 'read',
      architecture: 'amd64',
      subsystem: 'efi-application',
      program: 'systemd-boot',
    },
  ],
  unifiedKernels: [],
  menus: [
    { loader: 'systemd-boot', location: esp('/loader/loader.conf', 1), entries: 1, roots: ['p2'], environments: [] },
  ],
  entry: {
    loader: 'systemd-boot',
    id: 'boot.conf',
    commandLine: {
      text: 'root=PARTUUID=11111111-0000-4000-8000-000000000002 console=ttyS0,115200 quiet',
      location: esp(entryFile, 3),
    },
    kernel: {
      text: '/vmlinuz-6.12.107',
      named: esp(entryFile, 2),
      location: esp('/vmlinuz-6.12.107'),
      state: 'present',
      size: 12_000_000,
      format: 'bzImage',
      architecture: 'amd64',
      release: { text: '6.12.107', from: 'header' },
    },
    initrds: [
      {
        text: '/initrd.img-6.12.107',
        named: esp(entryFile, 4),
        location: esp('/initrd.img-6.12.107'),
        state: 'present',
        size: 35_000_000,
        format: 'zstd',
      },
    ],
    root: {
      text: 'PARTUUID=11111111-0000-4000-8000-000000000002',
      location: esp(entryFile, 3),
      by: 'partuuid',
      device: 'p2',
    },
  },
  init: '/sbin/init',
  fstab: [
    {
      path: '/boot',
      type: 'vfat',
      options: ['defaults'],
      location: fstabLine(8),
      device: { text: 'UUID=ABCD-1234', location: fstabLine(8), by: 'uuid', device: 'p1' },
    },
  ],
};
