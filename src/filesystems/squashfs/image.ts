/** What all parts of the SquashFS reader share: the bytes, the superblock, the decoder, the budgets and what was noticed. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import type { BlockDecoder } from '../../bytes/codecs/blocks/block.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import { asImageError, ImageError } from '../../errors.ts';
import type { Limits } from '../../limits.ts';
import type { Superblock } from './superblock.ts';

export class SquashfsImage {
  readonly source: ByteSource;
  readonly superblock: Superblock;
  readonly limits: Limits;
  readonly diagnostics: Diagnostic[] = [];
  readonly #decode: BlockDecoder;

  constructor(source: ByteSource, superblock: Superblock, limits: Limits, decode: BlockDecoder) {
    this.source = source;
    this.superblock = superblock;
    this.limits = limits;
    this.#decode = decode;
  }

  /** The expanded content of the compressed block of `size` bytes at `offset`, memory of its own. Throws `corrupt`. */
  expand(offset: number, size: number, maxOutput: number, what: string): Uint8Array {
    const stored = this.read(offset, size, what);
    try {
      return this.#decode(stored, maxOutput);
    } catch (thrown) {
      const { kind, code, message, remedy } = asImageError(thrown);
      const location = { source: this.source.label, offset };
      throw new ImageError(kind, code, `${what} at byte ${offset}: ${message}`, {
        location,
        cause: thrown,
        ...(remedy !== undefined && { remedy }),
      });
    }
  }

  /** Bytes as they are stored. Throws `corrupt` if they lie outside of the file system. */
  read(offset: number, length: number, what: string): Uint8Array {
    if (offset + length > this.superblock.bytesUsed) {
      throw this.corrupt(
        'bad-place',
        `${what} of ${length} bytes at ${offset} lies outside of the file system`,
        offset,
      );
    }
    return this.source.read(offset, length);
  }

  corrupt(code: string, message: string, offset?: number): ImageError {
    const location = offset === undefined ? { source: this.source.label } : { source: this.source.label, offset };
    return new ImageError('corrupt', `squashfs/${code}`, message, { location });
  }
}
