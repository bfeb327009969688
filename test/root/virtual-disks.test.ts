import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../src/bytes/memory-source.ts';
import { patchField } from '../../src/bytes/struct.ts';
import { defaultLimits } from '../../src/limits.ts';
import { findDevice, parseDeviceName } from '../../src/root/device-name.ts';
import type { Layer } from '../../src/root/layer.ts';
import { LayerOpener } from '../../src/root/open-layers.ts';
import { gptEntry } from '../../src/volumes/gpt/gpt-entries.ts';
import { readImage, sealGpt } from '../volumes/fixture.ts';
import { readDisk, wanted } from '../volumes/virtual-fixture.ts';

/** These hold patterns, not the disk with a partition. */
const patterns = ['subclusters.qcow2', 'zeroed.vmdk', 'fixed.vhdx'];
const names = Object.keys(wanted).filter((name) => !patterns.includes(name));

/** `qcow2 > gpt > p1 > ext2`: the way to the first file system. */
function describeWay(layer: Layer): string {
  const [first] = layer.children;
  return first ? `${layer.format} > ${describeWay(first)}` : layer.format;
}

describe('what lies in a virtual disk', () => {
  it.each(names)('%s is opened as if it were the disk', async (name) => {
    const opener = new LayerOpener({ limits: defaultLimits });
    const { layer, devices } = await opener.open(new MemorySource(readDisk(name), name));
    expect(describeWay(layer)).toMatch(/^(qcow2|vmdk|vdi|vhd|vhdx|android-sparse) > gpt > p1 > ext2$/);
    const [device] = devices;
    expect(device).toMatchObject({ name: 'p1', label: `${name}!p1`, partition: { name: 'platform' } });
    if (device?.content.state !== 'filesystem') throw new Error('no file system');
    const { fileSystem } = device.content;
    const node = fileSystem.lookup(fileSystem.root, 'hello.txt');
    expect(Buffer.from(fileSystem.open(node ?? -1).read(0, 6)).toString()).toBe('hello\n');
    opener.close();
  });
});

it('a disk whose last cluster is damaged is opened all the same', async () => {
  const image = readDisk('zlib.qcow2');
  const opener = new LayerOpener({ limits: defaultLimits });
  // The entry of the last cluster leads past the end.
  const table = Number(image.readBigUInt64BE(Number(image.readBigUInt64BE(40))) & 0xff_ffff_ffffn);
  image.writeUInt32BE(0x00ff_0000, table + Math.floor(5_244_415 / 65_536) * 8);
  const { devices } = await opener.open(new MemorySource(image, 'disk.qcow2'));
  expect(devices[0]).toMatchObject({ name: 'p1', content: { state: 'filesystem' } });
  opener.close();
});

it('a unified kernel image is its initrd', async () => {
  const opener = new LayerOpener({ limits: defaultLimits });
  const { layer, devices } = await opener.open(new MemorySource(readDisk('uki.efi'), 'linux.efi'));
  expect(layer.children.map(({ format }) => format)).toContain('.cmdline');
  expect(devices.map(({ name, label }) => [name, label])).toEqual([['.initrd', 'linux.efi!.initrd']]);
  const [device] = devices;
  if (device?.content.state !== 'filesystem') throw new Error('no file system');
  const { fileSystem } = device.content;
  expect(fileSystem.list(fileSystem.root).map(({ name }) => name)).toEqual(['init']);
  opener.close();
});

describe('LVM', () => {
  /** A GPT disk whose first partition is the physical volume. */
  function makeDisk(): Buffer {
    const disk = readImage('gpt');
    const volume = readDisk('pv.img');
    const partition = 2048 * 512;
    const image = Buffer.concat([disk.subarray(0, partition), volume]);
    patchField(image, 1024, gptEntry.EndingLBA, 2048 + volume.length / 512 - 1);
    sealGpt(image, 512);
    return image;
  }

  it('in a partition makes a device of each volume, found by both of its names', async () => {
    const opener = new LayerOpener({ limits: defaultLimits });
    const { devices } = await opener.open(new MemorySource(makeDisk(), 'disk.wic'));
    const described = devices.map(({ name, label, content }) => `${name} ${label} ${content.state}`).sort();
    expect(described.slice(-4)).toEqual([
      'vg--a-far disk.wic!p1!vg--a-far unreadable',
      'vg--a-my--home disk.wic!p1!vg--a-my--home unreadable',
      'vg--a-root disk.wic!p1!vg--a-root filesystem',
      'vg--a-wide disk.wic!p1!vg--a-wide unreadable',
    ]);
    for (const path of ['/dev/mapper/vg--a-my--home', '/dev/vg-a/my-home']) {
      const name = parseDeviceName(path);
      expect(name && findDevice(name, devices)?.name).toBe('vg--a-my--home');
    }
    const labelled = parseDeviceName('LABEL=lvroot');
    expect(labelled && findDevice(labelled, devices)?.name).toBe('vg--a-root');
    opener.close();
  });
});
