import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../src/bytes/memory-source.ts';
import { ExtentSource } from '../../src/filesystems/extent-source.ts';

const stored = new MemorySource(Buffer.from('abcdef'), 'stored');
const source = new ExtentSource(
  stored,
  [
    { at: 10, length: 2, from: 0 },
    { at: 12, length: 1, from: 5 },
    { at: 20, length: 3, from: 2 },
  ],
  30,
  'sparse',
);

describe('extents', () => {
  it('read as data between zeros', () => {
    const wanted = '\0abf\0\0\0\0\0\0\0cde\0';
    const target = Buffer.alloc(15, '#');
    source.readInto(9, target);
    expect([Buffer.from(source.read(9, 15)).toString('latin1'), target.toString('latin1')]).toEqual([wanted, wanted]);
  });

  it('say where data go on', () => {
    expect([0, 10, 11, 12, 13, 20, 22, 23, 29].map((offset) => source.nextData(offset))).toEqual([
      10, 10, 11, 12, 20, 20, 22, 30, 30,
    ]);
  });
});
