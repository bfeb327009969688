import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../src/bytes/memory-source.ts';
import { rauc } from '../../src/volumes/rauc/rauc.ts';
import { fuzz, open, openDisk, readAll, readDisk, readJson } from './virtual-fixture.ts';

const recorded = readJson<Record<string, { size: number; signature: number }>>('rauc.json');
const detects = (image: Uint8Array): boolean => rauc.detect(new MemorySource(image, 'x.raucb'));

describe.each(Object.keys(recorded))('a RAUC bundle in the %s format', (format) => {
  const image = readDisk(`${format}.raucb`);
  const { size, signature } = recorded[format] ?? { size: 0, signature: 0 };

  it('is what lies before its signature', async () => {
    expect(detects(image)).toBe(true);
    expect(image.length).toBe(size);
    const content = await openDisk(rauc, image);
    expect(readAll(content).equals(image.subarray(0, size - signature - 8))).toBe(true);
    expect((await open(rauc, image)).diagnostics.map(({ level, code }) => `${level} ${code}`)).toEqual([
      'note rauc/signature',
    ]);
  });

  it('without its signature is a plain squashfs', () => {
    expect(detects(image.subarray(0, size - signature - 8))).toBe(false);
    expect(detects(image.subarray(0, size - 1))).toBe(false);
    expect(detects(Buffer.concat([image, Buffer.alloc(8)]))).toBe(false);
  });

  it('is told from damage', async () => {
    const outcomes = await fuzz(
      rauc,
      readDisk(`${format}.raucb`),
      [
        [0, 96],
        [size - 8, size],
        [size - signature - 8, size - signature],
      ],
      200,
    );
    expect([...outcomes]).toEqual(['none']);
  });
});

it.each([0, 8, 95, 104])('%i bytes are none', (size) => {
  const bytes = Buffer.alloc(size);
  bytes.write('hsqs', 'latin1');
  expect(detects(bytes)).toBe(false);
});
