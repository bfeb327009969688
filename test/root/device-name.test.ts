import { describe, expect, it } from 'vitest';
import { MemoryFileSystem } from '../../src/filesystems/memory.ts';
import { findDevice, parseDeviceName } from '../../src/root/device-name.ts';
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
  ])('%s is %s', (text, name) => {
    expect(find(text)).toBe(name);
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
