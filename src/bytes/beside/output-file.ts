/** The output of decoders as threads and their reader find it: in the temporary file, or as it stands in the input. */
import { readSync } from 'node:fs';
import type { FileExtent } from '../byte-source.ts';
import type { StoredRuns } from './stored-runs.ts';

export class OutputFile {
  readonly #fd: number;
  readonly #input: FileExtent;
  readonly #stored: StoredRuns;

  constructor(fd: number, input: FileExtent, stored: StoredRuns) {
    this.#fd = fd;
    this.#input = input;
    this.#stored = stored;
  }

  /** Reads some bytes into `target`; how many, 0 only where a file has become shorter. Throws what the host says. */
  read(target: Uint8Array, position: number): number {
    const run = this.#stored.find(position);
    if (!run || position < run.start) {
      const length = Math.min(target.length, (run?.start ?? Number.POSITIVE_INFINITY) - position);
      return readSync(this.#fd, target, 0, length, position);
    }
    const from = this.#input.offset + run.source + position - run.start;
    return readSync(this.#input.fd, target, 0, Math.min(target.length, run.end - position), from);
  }
}
