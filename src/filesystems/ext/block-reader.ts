/** The blocks of one ext file system, and the errors that say where in it something is wrong. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import { ImageError } from '../../errors.ts';
import type { Limits } from '../../limits.ts';
import type { Superblock } from './superblock.ts';

export class BlockReader {
  readonly source: ByteSource;
  readonly superblock: Superblock;
  readonly limits: Limits;
  readonly diagnostics: Diagnostic[];
  readonly blockSize: number;

  constructor(source: ByteSource, superblock: Superblock, limits: Limits, diagnostics: Diagnostic[]) {
    this.source = source;
    this.superblock = superblock;
    this.limits = limits;
    this.diagnostics = diagnostics;
    this.blockSize = superblock.blockSize;
  }

  /** One block; a view that is valid until the next read. `what` names the structure that points to it. */
  read(block: number, what: string): Uint8Array {
    this.checkRun(block, 1, what);
    return this.source.read(block * this.blockSize, this.blockSize);
  }

  /** Throws unless all `count` blocks from `block` are blocks of this file system (0 never is: it holds the boot sector). */
  checkRun(block: number, count: number, what: string): void {
    const { firstDataBlock, blocksCount } = this.superblock;
    if (block <= firstDataBlock || block + count > blocksCount) {
      throw this.corrupt('bad-block', `${what} points to block ${block}, which the file system does not have`);
    }
  }

  /** `offset` is in bytes of the source. */
  corrupt(what: string, message: string, offset?: number): ImageError {
    const location = offset === undefined ? { source: this.source.label } : { source: this.source.label, offset };
    return new ImageError('corrupt', `ext4/${what}`, message, { location });
  }

  note(code: string, message: string): void {
    this.diagnostics.push({ level: 'note', code: `ext4/${code}`, message, location: { source: this.source.label } });
  }
}
