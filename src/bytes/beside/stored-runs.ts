/**
 * Stretches of the output that stand in the input as they are, since they did not compress: kernel modules, archives. They are read
 * there and not written a second time. In shared memory: the decoder adds them front to back, and says only then that a piece is there.
 */
import { partitionPoint } from '../partition-point.ts';

/** Shorter ones are written. */
export const MIN_STORED = 64 * 1024;

/** Numbers of an entry: where it starts in the output, where in the input, and its length. */
const ENTRY = 3;
const COUNT_BYTES = 8;

export interface StoredRun {
  readonly start: number;
  readonly end: number;
  /** Offset in the input of the byte at `start`. */
  readonly source: number;
}

export class StoredRuns {
  readonly memory: SharedArrayBuffer;
  readonly #count: Int32Array;
  readonly #entries: Float64Array;

  constructor(memory: SharedArrayBuffer) {
    this.memory = memory;
    this.#count = new Int32Array(memory, 0, 1);
    this.#entries = new Float64Array(memory, COUNT_BYTES);
  }

  /** As many as an input of so many bytes can have. */
  static create(inputSize: number): StoredRuns {
    const most = Math.floor(inputSize / MIN_STORED);
    return new StoredRuns(new SharedArrayBuffer(COUNT_BYTES + 8 * ENTRY * most));
  }

  /** Decoder: adds the next run, which must be at least `MIN_STORED` long. */
  add(start: number, source: number, length: number): void {
    const at = Atomics.load(this.#count, 0);
    this.#entries.set([start, source, length], at * ENTRY);
    Atomics.store(this.#count, 0, at + 1);
  }

  /** The run that holds the byte at `offset`, else the next behind it. */
  find(offset: number): StoredRun | undefined {
    const count = Atomics.load(this.#count, 0);
    const index = partitionPoint(count, (i) => this.#start(i) + this.#number(i, 2) <= offset);
    if (index === count) return undefined;
    const start = this.#start(index);
    return { start, end: start + this.#number(index, 2), source: this.#number(index, 1) };
  }

  #start(index: number): number {
    return this.#number(index, 0);
  }

  #number(index: number, field: number): number {
    return this.#entries[index * ENTRY + field] as number;
  }
}
