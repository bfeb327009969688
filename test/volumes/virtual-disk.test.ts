import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../src/bytes/memory-source.ts';
import { ImageError } from '../../src/errors.ts';
import { findRun, joinPieces, type Piece, PieceCache, VirtualDisk } from '../../src/volumes/virtual-disk.ts';

const file = new MemorySource(Buffer.from('abcdefgh'), 'disk.img');
const stored = (from: number): Piece => ({ state: 'stored', from });
const zeros: Piece = { state: 'zeros' };

/** A disk of pieces of two bytes. */
function makeDisk(pieces: readonly Piece[]): { readonly disk: VirtualDisk; readonly asked: number[] } {
  const asked: number[] = [];
  const locate = (index: number): Piece => {
    asked.push(index);
    return pieces[index] ?? zeros;
  };
  const map = { stretch: (offset: number, wanted: number) => joinPieces(offset, wanted, 2, locate) };
  return { disk: new VirtualDisk(file, map, pieces.length * 2), asked };
}

describe('a virtual disk', () => {
  const pieces = [stored(2), stored(4), zeros, zeros, stored(0), stored(6)];

  it.each([
    [0, 12, 'cdef\0\0\0\0abgh'],
    [1, 4, 'def\0'],
    [3, 7, 'f\0\0\0\0ab'],
    [5, 2, '\0\0'],
    [9, 2, 'bg'],
    [11, 1, 'h'],
    [12, 0, ''],
  ])('reads at %i %i bytes', (at, length, wanted) => {
    const { disk } = makeDisk(pieces);
    const target = Buffer.alloc(length, '#');
    disk.readInto(at, target);
    expect([Buffer.from(disk.read(at, length)).toString('latin1'), target.toString('latin1')]).toEqual([
      wanted,
      wanted,
    ]);
  });

  it('asks for no more pieces than a read needs', () => {
    const { disk, asked } = makeDisk(pieces);
    disk.read(0, 3);
    expect(asked).toEqual([0, 1]);
  });

  it('is sliced and bounded like any source', () => {
    const { disk } = makeDisk(pieces);
    const part = disk.slice(2, 3, 'part');
    expect([part.label, Buffer.from(part.read(0, 3)).toString('latin1')]).toEqual(['part', 'ef\0']);
    expect(() => disk.read(10, 3)).toThrow(expect.objectContaining({ code: 'bytes/truncated' }));
  });

  it('gives no hole of any size as memory', () => {
    const disk = new VirtualDisk(file, { stretch: (_, length) => ({ state: 'zeros', length }) }, 2 ** 50);
    expect(disk.read(2 ** 49, 4)).toEqual(new Uint8Array(4));
    expect(() => disk.read(0, 2 ** 40)).toThrow(ImageError);
  });
});

it.each([
  [0, undefined],
  [5, 5],
  [9, 5],
  [10, 10],
  [99, 20],
])('the run at %i begins at %s', (offset, at) => {
  expect(findRun([{ at: 5 }, { at: 10 }, { at: 20 }], offset)?.at).toBe(at);
});

it('a cache keeps what was used last', () => {
  const cache = new PieceCache(30, 10);
  const made: number[] = [];
  const use = (from: number): void => {
    cache.get(from, () => {
      made.push(from);
      return new Uint8Array(10);
    });
  };
  for (const from of [1, 2, 3, 1, 4, 1, 2]) use(from);
  expect(made).toEqual([1, 2, 3, 4, 2]);
});
