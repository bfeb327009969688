/**
 * A disk that its file stores in pieces (qcow2, VMDK, VDI, VHD, VHDX, Android sparse): the format maps an offset of the disk to
 * what stands there, as it is read, so that holes and pieces nobody asks for cost nothing.
 */

import { type ByteSource, checkRange, readInto, SliceSource } from '../bytes/byte-source.ts';
import { partitionPoint } from '../bytes/partition-point.ts';
import { ImageError } from '../errors.ts';

/** What stands in the disk from some offset on. `length` is more than 0 and may reach past the end of the disk. */
export type Stretch =
  | { readonly state: 'zeros'; readonly length: number }
  /** Not in this disk: what the one below holds, zeros without one. */
  | { readonly state: 'absent'; readonly length: number }
  /** As it is, from `from` of the file on. */
  | { readonly state: 'stored'; readonly length: number; readonly from: number }
  /** Already expanded. */
  | { readonly state: 'bytes'; readonly length: number; readonly bytes: Uint8Array };

export interface DiskMap {
  /** What stands at `offset`; joining what lies side by side beyond `wanted` bytes is of no use. Throws ImageError. */
  stretch(offset: number, wanted: number): Stretch;
}

/** One read may ask for this much: a hole is not bounded by any file, so a larger one is a damaged size further in. */
const MAX_READ = 2 ** 30;

/** The disk as a source; `file` and the disk below it stay open as long as it does. */
export class VirtualDisk implements ByteSource {
  readonly size: number;
  readonly label: string;
  readonly #file: ByteSource;
  readonly #map: DiskMap;
  readonly #below: ByteSource | undefined;

  constructor(file: ByteSource, map: DiskMap, size: number, below?: ByteSource) {
    this.#below = below;
    this.#file = file;
    this.#map = map;
    this.size = size;
    this.label = file.label;
  }

  read(offset: number, length: number): Uint8Array {
    checkRange(this, offset, length);
    if (length > MAX_READ) {
      throw new ImageError('limit', 'disk/read-too-large', `a read of ${length} bytes at once from ${this.label}`, {
        location: { source: this.label, offset },
      });
    }
    if (length === 0) return new Uint8Array(0);
    const stretch = this.#map.stretch(offset, length);
    if (stretch.length >= length && stretch.state === 'stored') return this.#file.read(stretch.from, length);
    if (stretch.length >= length && stretch.state === 'bytes') return stretch.bytes.subarray(0, length);
    const result = new Uint8Array(length);
    this.#fill(offset, result, stretch);
    return result;
  }

  readInto(offset: number, target: Uint8Array): void {
    checkRange(this, offset, target.length);
    if (target.length > 0) this.#fill(offset, target, this.#map.stretch(offset, target.length));
  }

  slice(offset: number, length: number, label = this.label): ByteSource {
    return new SliceSource(this, offset, length, label);
  }

  close(): void {}

  #fill(offset: number, target: Uint8Array, first: Stretch): void {
    let stretch = first;
    for (let done = 0; ; stretch = this.#map.stretch(offset + done, target.length - done)) {
      const part = target.subarray(done, done + stretch.length);
      if (stretch.state === 'stored') readInto(this.#file, stretch.from, part);
      else if (stretch.state === 'bytes') part.set(stretch.bytes.subarray(0, part.length));
      else if (stretch.state === 'absent') this.#readBelow(offset + done, part);
      else part.fill(0);
      done += part.length;
      if (done === target.length) return;
    }
  }

  /** A disk below that is shorter goes on with zeros. */
  #readBelow(offset: number, target: Uint8Array): void {
    const there = Math.min(target.length, Math.max(0, (this.#below?.size ?? 0) - offset));
    if (this.#below && there > 0) readInto(this.#below, offset, target.subarray(0, there));
    target.fill(0, there);
  }
}

/** A piece of a disk of fixed pieces, by what its table says. */
export type Piece = { readonly state: 'zeros' | 'absent' } | { readonly state: 'stored'; readonly from: number };

/**
 * The stretch at `offset` of a disk of pieces of `pieceBytes`, joined with the pieces behind it that continue it, up to `wanted`
 * bytes. `locate` is asked only for pieces that `offset + wanted` reaches.
 */
export function joinPieces(
  offset: number,
  wanted: number,
  pieceBytes: number,
  locate: (index: number) => Piece,
): Stretch {
  let index = Math.floor(offset / pieceBytes);
  const into = offset - index * pieceBytes;
  const first = locate(index);
  let length = pieceBytes - into;
  while (length < wanted) {
    const next = locate(++index);
    if (next.state !== first.state) break;
    if (next.state === 'stored' && first.state === 'stored' && next.from !== first.from + into + length) break;
    length += pieceBytes;
  }
  return first.state === 'stored'
    ? { state: 'stored', from: first.from + into, length }
    : { state: first.state, length };
}

/** The last of `runs`, which ascend by `at`, that begins at or before `offset`; undefined if there is none. */
export function findRun<R extends { readonly at: number }>(runs: readonly R[], offset: number): R | undefined {
  return runs[partitionPoint(runs.length, (i) => (runs[i]?.at ?? 0) <= offset) - 1];
}

/** Expanded pieces by their place in the file, the least recently used dropped first. */
export class PieceCache {
  readonly #pieces = new Map<number, Uint8Array>();
  readonly #maxPieces: number;

  /** Keeps about `bytes` bytes of pieces of `pieceBytes`, at least two. */
  constructor(bytes: number, pieceBytes: number) {
    this.#maxPieces = Math.max(2, Math.floor(bytes / pieceBytes));
  }

  get(from: number, expand: () => Uint8Array): Uint8Array {
    const known = this.#pieces.get(from);
    const piece = known ?? expand();
    this.#pieces.delete(from);
    this.#pieces.set(from, piece);
    if (this.#pieces.size > this.#maxPieces) {
      const oldest = this.#pieces.keys().next();
      if (!oldest.done) this.#pieces.delete(oldest.value);
    }
    return piece;
  }
}
