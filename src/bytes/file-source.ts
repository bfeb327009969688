/**
 * A host file as a ByteSource: synchronous positional reads. Small reads go through a cache of 64 KiB blocks, large ones
 * straight to the file.
 */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { ImageError } from '../errors.ts';
import { type ByteSource, checkRange, type FileExtent, SliceSource } from './byte-source.ts';
import { encodeBytes } from './names.ts';

const BLOCK = 64 * 1024;
/** Reads of at least this many bytes bypass the cache. */
const DIRECT = 256 * 1024;
/** The most that `peek` reads past the cache. */
const PEEK = BLOCK;

export interface FileSourceOptions {
  readonly label?: string;
  /** Bytes of cached blocks; least recently used ones go first. 0 for none: every read goes to the file. */
  readonly cacheBytes?: number;
}

export class FileSource implements ByteSource {
  readonly size: number;
  readonly label: string;
  readonly #fd: number;
  readonly #blocks = new Map<number, Uint8Array>();
  /** What `peek` last read. */
  #peeked: Buffer | undefined;
  readonly #maxBlocks: number;
  /** Reads of at least this many bytes, and those into memory of the caller's, bypass the cache. */
  readonly #direct: number;
  readonly #directInto: number;
  #closed = false;

  constructor(fd: number, size: number, label: string, cacheBytes = 48 * 1024 * 1024) {
    this.#fd = fd;
    this.size = size;
    this.label = label;
    this.#direct = cacheBytes === 0 ? 1 : DIRECT;
    this.#directInto = Math.min(this.#direct, BLOCK);
    this.#maxBlocks = Math.max(4, Math.floor(cacheBytes / BLOCK));
  }

  get extent(): FileExtent | undefined {
    return { fd: this.#fd, offset: 0 };
  }

  read(offset: number, length: number): Uint8Array {
    checkRange(this, offset, length);
    if (length === 0) return new Uint8Array(0);
    if (length >= this.#direct) return this.#readDirect(offset, length);
    const first = Math.floor(offset / BLOCK);
    const last = Math.floor((offset + length - 1) / BLOCK);
    const start = offset - first * BLOCK;
    if (first === last) return this.#block(first).subarray(start, start + length);
    const result = new Uint8Array(length);
    let done = 0;
    for (let index = first; index <= last; index++) {
      const from = index === first ? start : 0;
      const part = this.#block(index).subarray(from, from + length - done);
      result.set(part, done);
      done += part.length;
    }
    return result;
  }

  peek(offset: number, length: number): Uint8Array {
    checkRange(this, offset, length);
    const isCached = this.#blocks.has(Math.floor(offset / BLOCK));
    if (isCached || length === 0 || length > PEEK) return this.read(offset, length);
    this.#peeked ??= Buffer.allocUnsafeSlow(PEEK);
    return this.#fill(this.#peeked.subarray(0, length), offset);
  }

  readInto(offset: number, target: Uint8Array): void {
    checkRange(this, offset, target.length);
    if (target.length < this.#directInto) target.set(this.read(offset, target.length));
    else this.#fill(target, offset);
  }

  slice(offset: number, length: number, label = this.label): ByteSource {
    return new SliceSource(this, offset, length, label);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#blocks.clear();
    this.closeFile(this.#fd);
  }

  protected closeFile(fd: number): void {
    closeSync(fd);
  }

  /** Called before [offset, end) of the file is read; ImageError if it cannot be. For files that are still being written. */
  protected awaitBytes(_offset: number, _end: number): void {}

  /** Reads some bytes of the file into `target`; how many, 0 at its end. Throws what the host says. */
  protected readFile(target: Uint8Array, position: number): number {
    return readSync(this.#fd, target, 0, target.length, position);
  }

  #readHost(target: Uint8Array, position: number): number {
    try {
      return this.readFile(target, position);
    } catch (error) {
      throw hostError(error, this.label, 'read');
    }
  }

  #block(index: number): Uint8Array {
    const cached = this.#blocks.get(index);
    if (cached) {
      // Re-inserting keeps the Map in order of use, oldest first.
      this.#blocks.delete(index);
      this.#blocks.set(index, cached);
      return cached;
    }
    const offset = index * BLOCK;
    const block = this.#readDirect(offset, Math.min(BLOCK, this.size - offset));
    if (this.#blocks.size >= this.#maxBlocks) {
      const oldest = this.#blocks.keys().next();
      if (!oldest.done) this.#blocks.delete(oldest.value);
    }
    this.#blocks.set(index, block);
    return block;
  }

  #readDirect(offset: number, length: number): Uint8Array {
    return this.#fill(Buffer.allocUnsafeSlow(length), offset);
  }

  #fill<B extends Uint8Array>(buffer: B, offset: number): B {
    this.awaitBytes(offset, offset + buffer.length);
    let done = 0;
    while (done < buffer.length) {
      const count = this.#readHost(done === 0 ? buffer : buffer.subarray(done), offset + done);
      if (count === 0) {
        throw new ImageError('truncated', 'bytes/shrunk', `${this.label} became shorter while it was read`, {
          location: { source: this.label, offset: offset + done },
        });
      }
      done += count;
    }
    return buffer;
  }
}

/** A path in the form of `names.ts` as the bytes the host knows. */
export function hostPath(path: string): Buffer {
  const bytes = encodeBytes(path);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Turns a Node system error into an ImageError; anything else is rethrown as the bug it is. */
export function hostError(error: unknown, label: string, verb: string): ImageError {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') throw error;
  const isMissing = error.code === 'ENOENT' && verb === 'stat';
  const message = isMissing ? `there is no ${label}` : `cannot ${verb} ${label}: ${reason(error.code)}`;
  const remedy = error.code === 'EACCES' ? { remedy: 'run it as somebody who may' } : {};
  const details = { location: { source: label }, cause: error, ...remedy };
  return new ImageError('input', `host/${error.code.toLowerCase()}`, message, details);
}

function reason(code: string): string {
  const known: Record<string, string> = {
    ENOENT: 'no such file or directory',
    EACCES: 'permission denied',
    EPERM: 'operation not permitted',
    EISDIR: 'it is a directory',
    ENOTDIR: 'it, or a part of its path, is not a directory',
    EEXIST: 'there is something of that name already',
    ENAMETOOLONG: 'the name is too long',
    EROFS: 'the file system is read-only',
    ELOOP: 'it is a link, or one in its path leads in a circle',
    EIO: 'input/output error of the disk it is on',
    ENOSPC: 'no space left on the disk',
  };
  return known[code] ?? code;
}

/** Opens a regular file of the host for reading, through symlinks. `path` is in the form of `names.ts`. */
export function openFileSource(path: string, options: FileSourceOptions = {}): FileSource {
  const label = options.label ?? basename(path);
  const { fd, size } = openRegularFile(path, label);
  return new FileSource(fd, size, label, options.cacheBytes);
}

/** A descriptor of a regular file for reading, the caller's to close, and the size of the file. ImageError `input`. */
export function openRegularFile(path: string, label: string): { readonly fd: number; readonly size: number } {
  let fd: number;
  try {
    // Without O_NONBLOCK the open of a fifo waits for a writer.
    fd = openSync(hostPath(path), constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw hostError(error, path, 'open');
  }
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) {
      throw new ImageError('input', 'host/not-a-file', `${path} is not a regular file`, {
        location: { source: label },
        remedy: 'copy what it holds into a file first',
      });
    }
    return { fd, size: stat.size };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}
