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
  it.each([
    ['integrity', 'unsupported root/unsupported-format', 'is a dm-integrity volume, which check-image does not read'],
    ['verity', 'unsupported root/unsupported-format', 'is a dm-verity hash tree: it holds no files'],
    ['luks', 'unsupported root/encrypted', 'is a LUKS-encrypted volume: its files cannot be read without the key'],
    ['xfs', 'unsupported root/unsupported-format', 'is an XFS file system, which check-image does not read'],
    ['f2fs', 'unsupported root/unsupported-format', 'is an F2FS file system, which check-image does not read'],
  ])('that are not opened are refused by name: %s', async (id, code, message) => {
    const opener = new LayerOpener({ limits: defaultLimits });
    const { devices } = await opener.open(new MemorySource(readFileSync(join(folder, `${id}.zst`)), 'disk'));
    const [content] = devices.map((each) => each.content);
    if (content?.state !== 'unreadable') throw new Error(`${content?.state}`);
    expect(`${content.error.kind} ${content.error.code}`).toBe(code);
    expect(content.error.message).toBe(`disk ${message}`);
    opener.close();
  });

  it.each(readFileSync(join(folder, 'names.txt'), 'utf8').trim().split('\n'))(
    'are called as blkid calls them: %s',
    async (row) => {
      const [id, uuid = '', volumeLabel = ''] = row.split(' ');
      const opener = new LayerOpener({ limits: defaultLimits });
      const { layer, devices } = await opener.open(new MemorySource(readFileSync(join(folder, `${id}.zst`)), 'disk'));
      expect(devices).toMatchObject([{ content: { names: { uuid, volumeLabel } } }]);
      expect(layer.children).toMatchObject([{ uuid, volumeLabel }]);
      opener.close();
    },
  );

  it('inside layers end at the limit, which is named', async () => {
    const opener = new LayerOpener({ limits: { ...defaultLimits, nesting: 0 } });
    const compressed = new MemorySource(readFileSync(join(folder, 'swap.zst')), 'swap.zst');
    const { layer, devices } = await opener.open(compressed);
    expect(layer).toMatchObject({ format: 'zst', children: [{ problem: expect.stringContaining('nesting (0)') }] });
    expect(devices).toMatchObject([{ content: { state: 'unreadable', error: { code: 'limit/nesting' } } }]);
    opener.close();
  });
});
