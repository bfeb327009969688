/**
 * ByteSource: random access to bytes, synchronous. Reading an image is pointer chasing, so awaiting overlaps nothing.
 */
import { ImageError } from '../errors.ts';

/** A stretch of an open file. Descriptors belong to the process: threads may read it too. */
export interface FileExtent {
  readonly fd: number;
  readonly offset: number;
}

export interface ByteSource {
  /** Bytes from 0 that can be read. */
  readonly size: number;
  /** What the bytes are, for locations: `disk.wic`, `disk.wic!p2`, `disk.wic!p1:/EFI/Linux/linux.efi`. */
  readonly label: string;
  /**
   * Exactly `length` bytes from `offset`, or an ImageError (`truncated` past the end). The result may be a view into a
   * cache: it must not be modified and is valid only until the next read of any source, unless copied.
   */
  read(offset: number, length: number): Uint8Array;
  /**
   * `read` for a few bytes with nothing of interest near them, such as one header behind a large content: a source that
   * would fill a cache reads just these. Only sources that gain from it have it.
   */
  peek?(offset: number, length: number): Uint8Array;
  /**
   * `read` into memory of the caller's, as many bytes as it holds. Reading much of a file this way leaves nothing to collect. Only
   * sources that would have to make room for the bytes have it.
   */
  readInto?(offset: number, target: Uint8Array): void;
  /**
   * The first byte from `offset` on that may be anything but zero, `size` if there is none: for passing over holes of any
   * length at no cost. Only sources that know their holes have it.
   */
  nextData?(offset: number): number;
  /**
   * Another file that the content of this one names, in the folder of the image; closed with this source. ImageError `input` if there
   * is none, or if the name leads elsewhere. Only images on the host have it, and only where the user asked for it.
   */
  openBeside?(name: string): ByteSource;
  /**
   * Goes on as if `holds` were true, and asks when the end of the source is there: if it is not, what was read counts for nothing, and
   * is read again from a source without this. For what nearly every image fulfils. Only sources that wait for their end have it.
   */
  readonly assume?: ((holds: () => boolean) => void) | undefined;
  /** Where the bytes lie in a file, as they are: for threads that read them too. Only sources of one stretch of a whole file have it. */
  readonly extent?: FileExtent | undefined;
  /** The part [offset, offset + length) as a source of its own. Closing the part closes nothing. */
  slice(offset: number, length: number, label?: string): ByteSource;
  close(): void;
}

/** Throws unless [offset, offset + length) lies inside the source. The one bounds check of all sources. */
export function checkRange(
  source: { readonly size: number; readonly label: string },
  offset: number,
  length: number,
): void {
  if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(length) || offset < 0 || length < 0) {
    throw new ImageError('corrupt', 'bytes/bad-range', `a read of ${length} bytes at ${offset} makes no sense`, {
      location: { source: source.label },
    });
  }
  if (offset + length > source.size) {
    throw new ImageError(
      'truncated',
      'bytes/truncated',
      `${source.label} ends at byte ${source.size}, but ${length} bytes are needed at ${offset}`,
      { location: { source: source.label, offset }, remedy: 'the image is cut off: copy or build it again' },
    );
  }
}

/** `peek` where the source has it, else `read`. */
export function peekAt(source: ByteSource, offset: number, length: number): Uint8Array {
  return source.peek ? source.peek(offset, length) : source.read(offset, length);
}

/** `readInto` where the source has it, else a copy of what `read` gives. */
export function readInto(source: ByteSource, offset: number, target: Uint8Array): void {
  if (source.readInto) source.readInto(offset, target);
  else target.set(source.read(offset, target.length));
}

/** A window into another source. */
export class SliceSource implements ByteSource {
  readonly size: number;
  readonly label: string;
  /** A slice of everything is the file itself. */
  readonly openBeside?: (name: string) => ByteSource;
  readonly #parent: ByteSource;
  readonly #offset: number;

  constructor(parent: ByteSource, offset: number, length: number, label = parent.label) {
    checkRange(parent, offset, length);
    this.#parent = parent;
    this.#offset = offset;
    this.size = length;
    this.label = label;
    if (parent.openBeside && length === parent.size) this.openBeside = parent.openBeside.bind(parent);
  }

  get extent(): FileExtent | undefined {
    const { extent } = this.#parent;
    return extent && { fd: extent.fd, offset: extent.offset + this.#offset };
  }

  read(offset: number, length: number): Uint8Array {
    checkRange(this, offset, length);
    return this.#parent.read(this.#offset + offset, length);
  }

  peek(offset: number, length: number): Uint8Array {
    checkRange(this, offset, length);
    return peekAt(this.#parent, this.#offset + offset, length);
  }

  readInto(offset: number, target: Uint8Array): void {
    checkRange(this, offset, target.length);
    readInto(this.#parent, this.#offset + offset, target);
  }

  slice(offset: number, length: number, label = this.label): ByteSource {
    checkRange(this, offset, length);
    return new SliceSource(this.#parent, this.#offset + offset, length, label);
  }

  close(): void {}
}
