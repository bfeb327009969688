/** Defects of the boot chain of a built disk, each with every check that must find it and nothing else. */
import { makeCpio } from '../facts/initrd/make-cpio.ts';
import type { Change } from './mutant-disk.ts';

/** One edit of the EFI system partition, with mtools. */
export type EspChange =
  | { readonly remove: string }
  | { readonly write: string; readonly text: string }
  | { readonly copy: string; readonly to: string }
  /** A file of the host. */
  | { readonly put: string; readonly file: string }
  | { readonly replace: string; readonly from: string; readonly by: string }
  /** Bytes written over a file at an offset. */
  | { readonly patch: string; readonly at: number; readonly bytes: readonly number[] };

export interface BootMutant {
  readonly name: string;
  readonly esp?: readonly EspChange[];
  readonly root?: readonly Change[];
  /** `id status/severity` of the contract k3s. */
  readonly k3s: readonly string[];
  /** The same of the contract boot. */
  readonly boot: readonly string[];
}

const loader = '/EFI/BOOT/BOOTX64.EFI';
const entry = '/loader/entries/boot.conf';
const release = '6.12.117+deb13-amd64';
const modules = `usr/lib/modules/${release}/kernel`;
const cannotBoot = ['K3S-VT-01 fail/must'];
const unreachable = ['K3S-VT-02 fail/must'];

/** The least that starts in an initrd. */
const shells = { init: '#!/bin/sh\nexec run-init /root /sbin/init\n', 'bin/sh': 'x', 'bin/run-init': 'x' };
const drivers = ['fs/ext4/ext4.ko', 'drivers/block/virtio_blk.ko', 'drivers/virtio/virtio_pci.ko'];

/** Modules are there, but modprobe finds none. */
const noModule = [...['01', '02', '03', '04'].map((number) => `K3S-MOD-${number} fail/must`), 'K3S-MOD-07 fail/should'];

export const bootMutants: readonly BootMutant[] = [
  {
    name: 'a library of the first process missing',
    root: [{ remove: '/usr/lib/x86_64-linux-gnu/systemd/libsystemd-core-257.so' }],
    k3s: [],
    boot: ['BOOT-16 fail/must'],
  },
  {
    name: 'a library for another machine',
    root: [{ patch: '/usr/lib/x86_64-linux-gnu/systemd/libsystemd-shared-257.so', at: 18, bytes: [183] }],
    k3s: [],
    boot: ['BOOT-16 fail/must'],
  },
  {
    name: 'a libc older than the programs',
    root: [{ patch: '/usr/lib/x86_64-linux-gnu/libc.so.6', from: 'GLIBC_2.34\0', by: 'GLIBC_2.3x\0' }],
    k3s: [],
    boot: ['BOOT-16 fail/must'],
  },
  {
    name: 'names of interfaces left to udev',
    esp: [{ replace: entry, from: ' net.ifnames=0', by: '' }],
    k3s: ['K3S-NET-04 fail/must'],
    boot: [],
  },
  { name: 'kernel missing', esp: [{ remove: `/vmlinuz-${release}` }], k3s: cannotBoot, boot: ['BOOT-04 fail/must'] },
  // What is not there cannot be looked into; what is there and is no initrd has no drivers.
  {
    name: 'initrd missing',
    esp: [{ remove: `/initrd.img-${release}` }],
    k3s: cannotBoot,
    boot: ['BOOT-05 fail/must', 'BOOT-12 unknown', 'BOOT-17 unknown'],
  },
  {
    name: 'initrd empty',
    esp: [{ write: `/initrd.img-${release}`, text: '' }],
    k3s: cannotBoot,
    boot: ['BOOT-05 fail/must', 'BOOT-12 fail/must', 'BOOT-17 fail/must'],
  },
  {
    name: 'an initrd without a driver of any disk',
    esp: [{ write: `/initrd.img-${release}`, text: makeCpio([`${modules}/fs/ext4/ext4.ko`], shells) }],
    k3s: [],
    boot: ['BOOT-12 fail/must'],
  },
  {
    name: 'an initrd of another build',
    esp: [
      { write: `/initrd.img-${release}`, text: makeCpio(['usr/lib/modules/6.1.0/kernel/fs/ext4/ext4.ko'], shells) },
    ],
    k3s: [],
    boot: ['BOOT-12 fail/must'],
  },
  {
    name: 'an initrd whose hook did not copy its program',
    esp: [
      {
        write: `/initrd.img-${release}`,
        text: makeCpio(
          drivers.map((path) => `${modules}/${path}`),
          {
            ...shells,
            'scripts/local-top/ORDER': '/scripts/local-top/verity "$@"\n',
            'scripts/local-top/verity': '#!/bin/sh\nveritysetup open /dev/vda2 root /dev/vda3 0123\n',
          },
        ),
      },
    ],
    k3s: [],
    boot: ['BOOT-17 fail/must'],
  },
  {
    name: 'an ESP without room for another kernel',
    esp: [1, 2, 3, 4, 5].map((number) => ({ copy: `/initrd.img-${release}`, to: `/old${number}.img` })),
    k3s: [],
    boot: ['BOOT-15 fail/info'],
  },
  {
    name: 'a root without room',
    root: [{ superblock: 'free_blocks_count', called: 'Free blocks', value: 3000 }],
    k3s: [],
    boot: ['BOOT-15 fail/should'],
  },
  {
    name: 'a web page in place of the initrd',
    esp: [{ write: `/initrd.img-${release}`, text: '<!DOCTYPE html><title>404</title>' }],
    k3s: cannotBoot,
    boot: ['BOOT-05 fail/must', 'BOOT-12 fail/must', 'BOOT-17 fail/must'],
  },
  {
    name: 'a loader for another machine',
    esp: [{ patch: loader, at: peMachine(), bytes: [0x64, 0xaa] }],
    k3s: cannotBoot,
    boot: ['BOOT-02 fail/must'],
  },
  {
    name: 'a loader under the name of another machine',
    esp: [{ copy: loader, to: '/EFI/BOOT/BOOTAA64.EFI' }, { remove: loader }],
    k3s: cannotBoot,
    boot: ['BOOT-02 fail/must'],
  },
  { name: 'no loader', esp: [{ remove: loader }], k3s: cannotBoot, boot: ['BOOT-02 fail/must'] },
  {
    name: 'an entry that names another kernel',
    esp: [{ replace: entry, from: `linux /vmlinuz-${release}`, by: 'linux /vmlinuz-6.1.0-13-amd64' }],
    k3s: cannotBoot,
    boot: ['BOOT-04 fail/must'],
  },
  {
    name: 'a loader without an entry',
    esp: [{ remove: entry }],
    k3s: [...cannotBoot, 'K3S-NET-04 unknown'],
    boot: ['BOOT-03 fail/must'],
  },
  {
    name: 'root= by an identifier that no partition has',
    esp: [{ replace: entry, from: 'PARTUUID=7d3f2a6c', by: 'PARTUUID=00000000' }],
    k3s: cannotBoot,
    boot: ['BOOT-07 fail/must'],
  },
  {
    name: 'root= by the name of a SATA disk',
    esp: [{ replace: entry, from: 'root=PARTUUID=7d3f2a6c-9d1e-4b5a-8c7e-2f1b0a9d8e7f', by: 'root=/dev/sda2' }],
    k3s: ['K3S-VT-01 fail/should'],
    boot: ['BOOT-07 fail/should'],
  },
  {
    name: 'the ESP as root',
    esp: [{ replace: entry, from: 'root=PARTUUID=7d3f2a6c-9d1e-4b5a-8c7e-2f1b0a9d8e7f', by: 'root=PARTLABEL=efi' }],
    k3s: cannotBoot,
    boot: ['BOOT-07 fail/must'],
  },
  {
    name: 'a serial port that the machine has not',
    esp: [{ replace: entry, from: 'console=ttyS0', by: 'console=ttyAMA0' }],
    k3s: [],
    boot: ['BOOT-11 fail/info'],
  },
  {
    name: 'a serial console without a login',
    root: [{ remove: '/usr/lib/systemd/system/serial-getty@.service' }],
    k3s: [],
    boot: ['BOOT-11 fail/info'],
  },
  {
    name: 'a serial console that systemd is told to leave alone',
    esp: [{ replace: entry, from: 'console=ttyS0', by: 'systemd.getty_auto=no console=ttyS0' }],
    k3s: [],
    boot: ['BOOT-11 fail/info'],
  },
  {
    name: 'fstab with a device that is not there',
    root: [{ replace: '/etc/fstab', from: 'UUID=4A7B-21C9', by: 'UUID=4A7B-0000' }],
    // The kernel's configuration would lie below the mount.
    k3s: [...unreachable, 'K3S-MOD-05 unknown', 'K3S-MOD-06 unknown'],
    boot: ['BOOT-08 fail/must'],
  },
  {
    name: 'fstab with the name of a SATA disk, as the stock layout of wic has it',
    root: [{ replace: '/etc/fstab', from: 'UUID=4A7B-21C9', by: '/dev/sda1' }],
    k3s: ['K3S-VT-02 fail/should'],
    boot: ['BOOT-08 fail/should'],
  },
  {
    name: 'fstab with another type than the partition has',
    root: [{ replace: '/etc/fstab', from: '/boot\tvfat', by: '/boot\text4' }],
    k3s: unreachable,
    boot: ['BOOT-08 fail/must'],
  },
  {
    name: 'default.target that leads nowhere',
    root: [{ link: '/etc/systemd/system/default.target', to: '/usr/lib/systemd/system/gone.target' }],
    // Nothing is started then: neither k3s nor what sets up the network.
    k3s: [...unreachable, 'K3S-SVC-03 fail/must', 'K3S-NET-02 fail/must', 'K3S-NET-07 fail/should'],
    boot: ['BOOT-10 fail/must'],
  },
  {
    name: 'a kernel built without an option that k3s needs',
    esp: [{ replace: `/config-${release}`, from: 'CONFIG_CPUSETS=y', by: '# CONFIG_CPUSETS is not set' }],
    k3s: ['K3S-MOD-05 fail/should'],
    boot: [],
  },
  {
    name: 'a kernel built without an option that k3s makes use of',
    esp: [{ replace: `/config-${release}`, from: 'CONFIG_CFS_BANDWIDTH=y', by: '# CONFIG_CFS_BANDWIDTH is not set' }],
    k3s: ['K3S-MOD-06 fail/info'],
    boot: [],
  },
  {
    name: 'an index that has no file of nft_compat',
    root: [
      {
        patch: `/usr/lib/modules/${release}/modules.dep.bin`,
        from: 'netfilter/nft_compat.ko.xz:',
        by: 'netfilter/nft_compat.ko.xz\0',
      },
    ],
    k3s: ['K3S-MOD-07 fail/should'],
    boot: [],
  },
  {
    name: 'no depmod run: modules, and no list of them',
    root: ['modules.dep', 'modules.dep.bin'].map((list) => ({ remove: `/usr/lib/modules/${release}/${list}` })),
    k3s: noModule,
    boot: [],
  },
  {
    name: 'a depmod run that had no room for the index',
    root: [{ write: `/usr/lib/modules/${release}/modules.dep.bin`, text: '' }],
    k3s: noModule,
    boot: [],
  },
  {
    name: 'a cgroup controller switched off',
    esp: [{ replace: entry, from: ' quiet', by: ' quiet cgroup_disable=memory' }],
    k3s: ['K3S-MOD-08 fail/must'],
    boot: [],
  },
  {
    name: 'a swap file',
    root: [{ replace: '/etc/fstab', from: 'UUID=4A7B-21C9', by: '/swapfile none swap sw 0 0\nUUID=4A7B-21C9' }],
    k3s: ['K3S-MOD-09 fail/should'],
    boot: [],
  },
  {
    name: 'no init',
    root: [{ remove: '/usr/sbin/init' }],
    k3s: unreachable,
    boot: ['BOOT-09 fail/must'],
  },
];

/** Offset of the machine in the header of the loader that systemd builds: its PE header lies at 0x40. */
function peMachine(): number {
  return 0x40 + 4;
}
