/**
 * Recomputes the hash tree of dm-verity (drivers/md/dm-verity-target.c and Documentation/admin-guide/device-mapper/verity.rst of Linux)
 * from the data, bottom up, and compares it with the tree that is stored: what the kernel would do if it read everything.
 */
import { createHash } from 'node:crypto';
import type { ByteSource } from '../../bytes/byte-source.ts';
import { isZero } from '../../bytes/zeroes.ts';
import { ImageError } from '../../errors.ts';
import type { VerityParameters } from './superblock.ts';

const PIECE = 1024 * 1024;

export interface VerityResult {
  /** Lower-case hex, of the data as they are. */
  readonly rootHash: string;
  /** Where the first hash block lies that is not what the data give; undefined if the whole tree matches. */
  readonly firstMismatch?: number;
}

interface Level {
  /** Byte offset of its first block in the source of the tree. */
  readonly offset: number;
  readonly blocks: number;
  /** The block being filled, the digests in it, and how many blocks have been completed. */
  readonly block: Uint8Array;
  filled: number;
  done: number;
}

/**
 * Reads all data once, and the tree once. `data` holds at least the blocks that `parameters` announce, `tree` the tree at
 * `parameters.treeOffset`; they may be one source. Throws `truncated` if either is too short.
 */
export function verifyVerity(data: ByteSource, tree: ByteSource, parameters: VerityParameters): VerityResult {
  return new TreeHasher(tree, parameters).run(data);
}

class TreeHasher {
  readonly #tree: ByteSource;
  readonly #parameters: VerityParameters;
  readonly #levels: readonly Level[];
  /** A digest takes a slot of a power of two, so that a block holds a power of two of them. */
  readonly #slotBytes: number;
  readonly #perBlock: number;
  #zeroDigest: Uint8Array | undefined;
  #firstMismatch: number | undefined;
  #root: Uint8Array = new Uint8Array(0);

  constructor(tree: ByteSource, parameters: VerityParameters) {
    this.#tree = tree;
    this.#parameters = parameters;
    const { digestBytes, hashBlockBytes, dataBlocks, treeOffset } = parameters;
    this.#slotBytes = parameters.saltLast ? digestBytes : 2 ** Math.ceil(Math.log2(digestBytes));
    this.#perBlock = 2 ** Math.floor(Math.log2(hashBlockBytes / this.#slotBytes));
    const counts: number[] = [];
    // The digest of a single block is the root itself.
    for (let blocks = dataBlocks; blocks > 1; ) {
      blocks = Math.ceil(blocks / this.#perBlock);
      counts.push(blocks);
    }
    // The top of the tree is stored first.
    let offset = treeOffset;
    const levels = counts.reverse().map((blocks): Level => {
      const level = { offset, blocks, block: new Uint8Array(hashBlockBytes), filled: 0, done: 0 };
      offset += blocks * hashBlockBytes;
      return level;
    });
    this.#levels = levels.reverse();
    if (offset > tree.size) {
      throw new ImageError(
        'truncated',
        'verity/truncated',
        `the hash tree needs ${offset} bytes, it has ${tree.size}`,
        {
          location: { source: tree.label, offset: treeOffset },
        },
      );
    }
  }

  run(data: ByteSource): VerityResult {
    const { dataBlocks, dataBlockBytes } = this.#parameters;
    const end = dataBlocks * dataBlockBytes;
    if (end > data.size) {
      throw new ImageError('truncated', 'verity/truncated', `${end} bytes are protected, there are ${data.size}`, {
        location: { source: data.label, offset: data.size },
      });
    }
    for (let at = 0; at < end; at += PIECE) {
      const piece = data.read(at, Math.min(PIECE, end - at));
      for (let from = 0; from < piece.length; from += dataBlockBytes) {
        this.#add(0, this.#digestData(piece.subarray(from, from + dataBlockBytes)));
      }
    }
    for (let depth = 0; depth < this.#levels.length; depth++) this.#flush(depth);
    const rootHash = Buffer.from(this.#root).toString('hex');
    return this.#firstMismatch === undefined ? { rootHash } : { rootHash, firstMismatch: this.#firstMismatch };
  }

  /** Puts a digest into the level `depth`, counted from the data; above the last one there is only the root. */
  #add(depth: number, digest: Uint8Array): void {
    const level = this.#levels[depth];
    if (!level) {
      this.#root = digest;
      return;
    }
    level.block.set(digest, level.filled * this.#slotBytes);
    level.filled += 1;
    if (level.filled === this.#perBlock) this.#flush(depth);
  }

  #flush(depth: number): void {
    const level = this.#levels[depth];
    if (!level || level.filled === 0) return;
    const at = level.offset + level.done * level.block.length;
    if (Buffer.compare(this.#tree.read(at, level.block.length), level.block) !== 0) {
      this.#firstMismatch = Math.min(at, this.#firstMismatch ?? at);
    }
    const digest = this.#digest(level.block);
    level.done += 1;
    level.filled = 0;
    level.block.fill(0);
    this.#add(depth + 1, digest);
  }

  #digestData(block: Uint8Array): Uint8Array {
    if (!isZero(block)) return this.#digest(block);
    this.#zeroDigest ??= this.#digest(block);
    return this.#zeroDigest;
  }

  #digest(block: Uint8Array): Uint8Array {
    const { algorithm, salt, saltLast } = this.#parameters;
    const hash = createHash(algorithm);
    if (saltLast) hash.update(block).update(salt);
    else hash.update(salt).update(block);
    return hash.digest();
  }
}
