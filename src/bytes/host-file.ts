/**
 * A file of a host tree as a ByteSource that holds a descriptor only while it is in use: a tree has more files than a
 * process may have open, so the least recently read ones are closed and opened again on demand.
 */
import { type ByteSource, checkRange, SliceSource } from './byte-source.ts';
import type { FileSource } from './file-source.ts';

/** Descriptors of host files open at once, in the whole process. */
const MAX_OPEN = 64;

/** The files that hold a descriptor, least recently read first. */
const openFiles = new Set<HostFile>();

export class HostFile implements ByteSource {
  readonly size: number;
  readonly label: string;
  readonly #open: () => FileSource;
  #file: FileSource | undefined;

  /** `open` is called whenever a read finds the file closed. */
  constructor(open: () => FileSource, size: number, label: string) {
    this.#open = open;
    this.size = size;
    this.label = label;
  }

  read(offset: number, length: number): Uint8Array {
    checkRange(this, offset, length);
    openFiles.delete(this);
    this.#file ??= this.#open();
    openFiles.add(this);
    if (openFiles.size > MAX_OPEN) {
      for (const oldest of openFiles) {
        oldest.close();
        break;
      }
    }
    return this.#file.read(offset, length);
  }

  slice(offset: number, length: number, label = this.label): ByteSource {
    return new SliceSource(this, offset, length, label);
  }

  /** Gives the descriptor back; a later read opens the file again. */
  close(): void {
    openFiles.delete(this);
    this.#file?.close();
    this.#file = undefined;
  }
}
