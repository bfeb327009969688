/**
 * The blocks of a file: a list of stored sizes behind its inode, the blocks side by side from the inode's start on. Where a block
 * lies is the sum of the sizes before it, so the list is walked once and remembered in steps.
 */
import { u32le } from '../../bytes/struct.ts';
import type { MetadataPlace } from './inode.ts';
import type { MetadataReader } from './metadata.ts';

const SIZE = u32le(0);
const SIZE_BYTES = 4;
/** Set in the size of a block that is not compressed. */
const STORED = 0x100_0000;
/** Sizes between two remembered places. */
const STEP = 1024;

export interface StoredBlock {
  /** Byte offset in the source. */
  readonly offset: number;
  /** Stored bytes; 0 is a block of zeros that is not stored. */
  readonly size: number;
  readonly isCompressed: boolean;
}

interface Step {
  /** Where the sizes of this step begin. */
  readonly place: MetadataPlace;
  /** Where its first block lies. */
  readonly offset: number;
}

export class BlockList {
  readonly #metadata: MetadataReader;
  readonly #count: number;
  readonly #blockSize: number;
  readonly #steps: Step[];
  #current: { readonly step: number; readonly blocks: readonly StoredBlock[] } | undefined;

  /** `count` sizes lie at `place`; the first block at `offset`. Nothing is read yet. */
  constructor(metadata: MetadataReader, place: MetadataPlace, offset: number, count: number) {
    this.#metadata = metadata;
    this.#count = count;
    this.#blockSize = metadata.image.superblock.blockSize;
    this.#steps = [{ place, offset }];
  }

  /** The block `index`, which is below the count. Throws `corrupt`. */
  block(index: number): StoredBlock {
    const step = Math.floor(index / STEP);
    if (this.#current?.step !== step) {
      for (let known = this.#steps.length - 1; known < step; known++) this.#read(known);
      this.#current = { step, blocks: this.#read(step) };
    }
    return this.#current?.blocks[index % STEP] as StoredBlock;
  }

  #read(step: number): StoredBlock[] {
    const { place, offset } = this.#steps[step] as Step;
    const count = Math.min(STEP, this.#count - step * STEP);
    const cursor = this.#metadata.cursor(place.start, place.offset);
    const blocks: StoredBlock[] = [];
    let at = offset;
    for (let i = 0; i < count; i++) {
      const stored = cursor.struct(SIZE_BYTES).get(SIZE);
      const size = stored & ~STORED;
      if (size > this.#blockSize) {
        const message = `a file has a block of ${size} bytes, more than the block size`;
        throw this.#metadata.image.corrupt('bad-block-size', message, place.start);
      }
      blocks.push({ offset: at, size, isCompressed: (stored & STORED) === 0 });
      at += size;
    }
    if (step === this.#steps.length - 1) this.#steps.push({ place: cursor.place, offset: at });
    return blocks;
  }
}
