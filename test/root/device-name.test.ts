import { describe, expect, it } from 'vitest';
import { MemoryFileSystem } from '../../src/filesystems/memory.ts';
import { findDevice, findOtherSpelling, parseDeviceName } from '../../src/root/device-name.ts';
import type { Device } from '../../src/root/layer.ts';
import { deviceOf, labelled } from './devices.ts';

describe('parseDeviceName', () => {
  it.each([
    ['UUID=ABCD-1234', { by: 'uuid', value: 'abcd-1234', offset: 0 }],
    ['UUID="ABCD-1234"', { by: 'uuid', value: 'abcd-1234', offset: 0 }],
    ['PARTUUID=5A/PARTNROFF=1', { by: 'partuuid', value: '5a', offset: 1 }],
    ['LABEL=Root FS', { by: 'label', value: 'Root FS', offset: 0 }],
    ['/dev/disk/by-partlabel/root\\x20fs', { by: 'partlabel', value: 'root fs', offset: 0 }],
    ['/dev/disk/by-uuid/ABCD', { by: 'uuid', value: 'abcd', offset: 0 }],
    ['/dev/disk/by-path/pci-0000:00:1f.2-ata-1-part3', { by: 'number', value: 3 }],
    ['/dev/disk/by-id/ata-disk', { by: 'number', value: 0 }],
    ['/dev/sda2', { by: 'number', value: 2 }],
    ['/dev/vda', { by: 'number', value: 0 }],
    ['/dev/mmcblk0p3', { by: 'number', value: 3 }],
    ['/dev/mmcblk1', { by: 'number', value: 0 }],
    ['/dev/nvme0n1p12', { by: 'number', value: 12 }],
    ['/dev/mapper/root', { by: 'other', value: '/dev/mapper/root' }],
    ['ID=ata-disk', { by: 'other', value: 'ID=ata-disk' }],
    ['UUDI=ABCD-1234', { by: 'unknown tag', value: 'UUDI=ABCD-1234' }],
    ['Label=platform', { by: 'unknown tag', value: 'Label=platform' }],
    ['tmpfs', undefined],
    ['server:/export', undefined],
  ])('%s', (text, name) => {
    expect(parseDeviceName(text)).toEqual(name);
  });
});

describe('findDevice', () => {
  const devices = [
    deviceOf(1, labelled('EFI', 'abcd-1234'), { uuid: '5a', name: 'efi' }),
    deviceOf(2, labelled('platform', ''), { uuid: '6b', name: 'root' }),
  ];
  const find = (text: string): string | undefined => {
    const name = parseDeviceName(text);
    return name && findDevice(name, devices)?.name;
  };

  it.each([
    ['UUID=ABCD-1234', 'p1'],
    ['PARTUUID=6B', 'p2'],
    ['PARTUUID=5a/PARTNROFF=1', 'p2'],
    ['LABEL=platform', 'p2'],
    ['LABEL=Platform', undefined],
    ['PARTLABEL=efi', 'p1'],
    ['UUID=', undefined],
    ['/dev/sdb2', 'p2'],
    ['/dev/nvme0n1p1', 'p1'],
    ['/dev/sda', undefined],
    ['/dev/sda7', undefined],
    ['/dev/mapper/x', undefined],
    ['ID=dev/x', undefined],
    ['Label=platform', undefined],
  ])('%s is %s', (text, name) => {
    expect(find(text)).toBe(name);
  });

  // mount(8) of util-linux 2.38 says `can't find UUID=ABCD-1234.` of a file system that blkid calls abcd-1234; so it does of PARTUUID=.
  it.each([
    ['UUID=abcd-1234', undefined],
    ['UUID=ABCD-1234', 'abcd-1234'],
    ['UUID="ABCD-1234"', 'abcd-1234'],
    ['/dev/disk/by-uuid/Abcd-1234', 'abcd-1234'],
    ['PARTUUID=5A', '5a'],
    ['PARTUUID=5a', undefined],
    ['PARTUUID=5A/PARTNROFF=1', undefined],
    ['LABEL=EFI', undefined],
    ['/dev/sda1', undefined],
  ])('%s, to mount, is spelled %s', (text, spelled) => {
    const name = parseDeviceName(text);
    const device = name && findDevice(name, devices);
    expect(name && device && findOtherSpelling(text, name, device)).toBe(spelled);
  });

  it('finds a volume of UBI by its name', () => {
    const volume: Device = { name: 'rootfs', label: 'nand!rootfs', size: 1, content: { state: 'empty' } };
    const named = (text: string): Device | undefined => {
      const name = parseDeviceName(text);
      return name && findDevice(name, [volume]);
    };
    expect([named('ubi0:rootfs'), named('ubi1!rootfs')]).toEqual([volume, volume]);
    expect([named('ubi0:data'), named('ubi:rootfs')]).toEqual([undefined, undefined]);
    expect(parseDeviceName('ubi0:data')).toEqual({ by: 'other', value: 'ubi0:data' });
  });

  it('takes the whole disk for an image without a partition table', () => {
    const whole: Device = {
      name: 'root.ext4',
      label: 'root.ext4',
      size: 1,
      content: { state: 'filesystem', fileSystem: new MemoryFileSystem({}) },
    };
    expect(findDevice({ by: 'number', value: 0 }, [whole])).toBe(whole);
  });
});
