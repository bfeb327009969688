import { expect, it } from 'vitest';
import { MemorySource } from '../../src/bytes/memory-source.ts';
import { HeaderWindow } from '../../src/filesystems/header-window.ts';

const bytes = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7 + (i >> 8)) & 0xff));

it('gives what the source has, near, far, back, long and up to its end', () => {
  const source = new MemorySource(bytes, 'archive');
  const window = new HeaderWindow(source);
  const places = [
    [0, 512],
    [512, 512],
    [65_500, 100],
    [200_000, 110],
    [200_110, 300],
    [200_410, 4096],
    [100, 6],
    [100, 70_000],
    [299_000, 1000],
    [299_999, 1],
    [300_000, 0],
  ] as const;
  for (const [offset, length] of places)
    expect([offset, Buffer.from(window.read(offset, length)).equals(bytes.subarray(offset, offset + length))]).toEqual([
      offset,
      true,
    ]);
  expect(() => window.read(299_999, 2)).toThrow(expect.objectContaining({ kind: 'truncated' }));
});

it('reads headers that lie together at once, and nothing around one that lies alone', () => {
  const asked: number[] = [];
  const source = new (class extends MemorySource {
    override read(offset: number, length: number): Uint8Array {
      asked.push(length);
      return super.read(offset, length);
    }
  })(bytes, 'archive');
  const window = new HeaderWindow(source);
  for (const offset of [0, 1024, 2048, 150_000, 150_110]) window.read(offset, 110);
  expect(asked).toEqual([65_536, 512]);
});
