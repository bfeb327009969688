/** A hybrid ISO image has a partition table as well, for firmware that boots it from a stick. */
import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../src/bytes/memory-source.ts';
import { defaultLimits } from '../../src/limits.ts';
import { LayerOpener } from '../../src/root/open-layers.ts';
import { gpt } from '../../src/volumes/gpt/gpt.ts';
import { readImage } from '../filesystems/iso9660/images.ts';

describe('a hybrid ISO image', () => {
  it('is the file system, not the partitions over it', async () => {
    const source = new MemorySource(readImage('hybrid'), 'hybrid.iso');
    expect(gpt.detect(source)).toBe(true);
    const opener = new LayerOpener({ limits: defaultLimits });
    const { layer, devices } = await opener.open(source);
    expect([layer.kind, layer.format, layer.volumeLabel]).toEqual(['filesystem', 'iso9660', 'HYBRID']);
    expect(devices.map(({ content }) => content.state)).toEqual(['filesystem']);
    opener.close();
  });
});
