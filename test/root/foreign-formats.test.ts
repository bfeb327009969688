import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { zstd } from '../../src/bytes/codecs/zstd/zstd.ts';
import { MemorySource } from '../../src/bytes/memory-source.ts';
import { defaultLimits } from '../../src/limits.ts';
import { detectForeign } from '../../src/root/foreign-formats.ts';
import { LayerOpener } from '../../src/root/open-layers.ts';

const folder = join(import.meta.dirname, '../fixtures/foreign');
const ids = readdirSync(folder).flatMap((name) => (name.endsWith('.zst') ? [name.slice(0, -'.zst'.length)] : []));

describe('what other tools made', () => {
  it('is recorded', () => {
    expect(ids.length).toBeGreaterThan(10);
  });

  it.each(ids)('is told by its magic: %s', async (id) => {
    const compressed = new MemorySource(readFileSync(join(folder, `${id}.zst`)), id);
    const source = await zstd.open(compressed, { limits: defaultLimits });
    expect(detectForeign(source)?.id).toBe(id);
    source.close();
  });
});

describe('detection', () => {
  it('never reads past the end', () => {
    for (let size = 0; size < 20; size++)
      expect(detectForeign(new MemorySource(new Uint8Array(size), 'x'))).toBeUndefined();
  });
});

describe('layers', () => {
  it('inside layers end at the limit, which is named', async () => {
    const opener = new LayerOpener({ limits: { ...defaultLimits, nesting: 0 } });
    const compressed = new MemorySource(readFileSync(join(folder, 'swap.zst')), 'swap.zst');
    const { layer, devices } = await opener.open(compressed);
    expect(layer).toMatchObject({ format: 'zst', children: [{ problem: expect.stringContaining('nesting (0)') }] });
    expect(devices).toMatchObject([{ content: { state: 'unreadable', error: { code: 'limit/nesting' } } }]);
    opener.close();
  });
});
