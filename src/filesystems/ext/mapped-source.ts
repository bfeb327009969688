/** The content of a file whose blocks are found through a block map: runs are looked up as they are read, holes are zeros. */
import { type ByteSource, checkRange, peekAt, readInto, SliceSource } from '../../bytes/byte-source.ts';
import { ImageError } from '../../errors.ts';
import type { BlockMap, BlockRun } from './block-map.ts';

/** One read may ask for this much: anything larger is a mistake of the caller, not a file that fits in memory. */
const MAX_READ = 2 ** 31;

export class MappedSource implements ByteSource {
  readonly size: number;
  readonly label: string;
  readonly #disk: ByteSource;
  readonly #map: BlockMap;
  readonly #blockSize: number;
  #latest: (BlockRun & { readonly logical: number }) | undefined;

  constructor(disk: ByteSource, map: BlockMap, blockSize: number, size: number, label: string) {
    this.#disk = disk;
    this.#map = map;
    this.#blockSize = blockSize;
    this.size = size;
    this.label = label;
  }

  read(offset: number, length: number): Uint8Array {
    checkRange(this, offset, length);
    if (length > MAX_READ) {
      throw new ImageError('limit', 'ext4/read-too-large', `a read of ${length} bytes at once from ${this.label}`);
    }
    if (length === 0) return new Uint8Array(0);
    const stretch = this.#stretch(offset);
    if (stretch.length >= length && stretch.at !== undefined) return this.#disk.read(stretch.at, length);
    const result = new Uint8Array(length);
    this.#fill(offset, result);
    return result;
  }

  readInto(offset: number, target: Uint8Array): void {
    checkRange(this, offset, target.length);
    target.fill(0);
    this.#fill(offset, target);
  }

  peek(offset: number, length: number): Uint8Array {
    checkRange(this, offset, length);
    const { at, length: available } = this.#stretch(offset);
    return at !== undefined && available >= length ? peekAt(this.#disk, at, length) : this.read(offset, length);
  }

  nextData(offset: number): number {
    let at = offset;
    while (at < this.size) {
      const stretch = this.#stretch(at);
      if (stretch.at !== undefined) return at;
      at += stretch.length;
    }
    return this.size;
  }

  slice(offset: number, length: number, label = this.label): ByteSource {
    return new SliceSource(this, offset, length, label);
  }

  close(): void {}

  /** Reads the runs into `target`, which has the zeroes of the holes already. */
  #fill(offset: number, target: Uint8Array): void {
    for (let done = 0; done < target.length; ) {
      const { at, length } = this.#stretch(offset + done);
      const end = Math.min(done + length, target.length);
      if (at !== undefined) readInto(this.#disk, at, target.subarray(done, end));
      done = end;
    }
  }

  /** Where the bytes from `offset` lie on the disk (undefined: zeros), and how many of them lie side by side. */
  #stretch(offset: number): { readonly at: number | undefined; readonly length: number } {
    const logical = Math.floor(offset / this.#blockSize);
    let run = this.#latest;
    if (!run || logical < run.logical || logical >= run.logical + run.length) {
      run = { logical, ...this.#map.run(logical) };
      this.#latest = run;
    }
    const into = offset - run.logical * this.#blockSize;
    return {
      at: run.physical === undefined ? undefined : run.physical * this.#blockSize + into,
      length: run.length * this.#blockSize - into,
    };
  }
}
