import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../src/bytes/memory-source.ts';
import { defaultLimits } from '../../src/limits.ts';
import type { Layer } from '../../src/root/layer.ts';
import { LayerOpener } from '../../src/root/open-layers.ts';
import { readDisk, wanted } from '../volumes/virtual/fixture.ts';

const names = Object.keys(wanted).filter((name) => name !== 'subclusters.qcow2' && name !== 'zeroed.vmdk');

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
