/** The superblock in front of a dm-verity hash tree (cryptsetup wiki, "DMVerity", "on-disk format"), little-endian. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { raw, Struct, u16le, u32le, u64le } from '../../bytes/struct.ts';
import { ImageError } from '../../errors.ts';

export const veritySuperblock = {
  signature: raw(0, 8),
  version: u32le(8),
  hash_type: u32le(12),
  uuid: raw(16, 16),
  algorithm: raw(32, 32),
  data_block_size: u32le(64),
  hash_block_size: u32le(68),
  data_blocks: u64le(72),
  salt_size: u16le(80),
  salt: raw(88, 256),
} as const;

const SUPERBLOCK_BYTES = 512;
const MAX_BLOCK = 64 * 1024;
const MAX_SALT = 256;
/** Digest bytes by algorithm. */
const digestBytes: Readonly<Record<string, number>> = { sha1: 20, sha256: 32, sha384: 48, sha512: 64 };

export interface VerityParameters {
  readonly algorithm: string;
  readonly digestBytes: number;
  readonly dataBlockBytes: number;
  readonly hashBlockBytes: number;
  readonly dataBlocks: number;
  readonly salt: Uint8Array;
  /** Chrome OS put the salt behind the block (hash type 0). */
  readonly saltLast: boolean;
  /** Byte offset of the top of the tree in the source of the superblock. */
  readonly treeOffset: number;
}

/** Whether a superblock stands at `offset`. Never throws for what the bytes are. */
export function hasVeritySuperblock(source: ByteSource, offset: number): boolean {
  if (offset < 0 || offset + SUPERBLOCK_BYTES > source.size) return false;
  return Buffer.from(source.read(offset, 8)).toString('latin1') === 'verity\0\0';
}

/** Reads the superblock at `offset`; ImageError if it makes no sense or names what is not known. */
export function readVeritySuperblock(source: ByteSource, offset: number): VerityParameters {
  const location = { source: source.label, offset };
  const corrupt = (what: string): ImageError => new ImageError('corrupt', 'verity/bad-superblock', what, { location });
  if (!hasVeritySuperblock(source, offset)) throw corrupt('there is no dm-verity superblock');
  const block = new Struct(Uint8Array.from(source.read(offset, SUPERBLOCK_BYTES)));
  const version = block.get(veritySuperblock.version);
  const type = block.get(veritySuperblock.hash_type);
  const algorithm = Buffer.from(block.bytes(veritySuperblock.algorithm)).toString('latin1').replace(/\0.*$/s, '');
  const size = digestBytes[algorithm];
  if (version !== 1 || type > 1 || size === undefined) {
    const message = `dm-verity version ${version}, hash type ${type}, algorithm "${algorithm}" is not read`;
    throw new ImageError('unsupported', 'verity/format', message, { location });
  }
  const dataBlockBytes = block.get(veritySuperblock.data_block_size);
  const hashBlockBytes = block.get(veritySuperblock.hash_block_size);
  for (const bytes of [dataBlockBytes, hashBlockBytes]) {
    if (bytes < SUPERBLOCK_BYTES || bytes > MAX_BLOCK || !Number.isInteger(Math.log2(bytes))) {
      throw corrupt(`a block has ${bytes} bytes`);
    }
  }
  const saltBytes = block.get(veritySuperblock.salt_size);
  if (saltBytes > MAX_SALT) throw corrupt(`the salt has ${saltBytes} bytes`);
  const dataBlocks = block.get(veritySuperblock.data_blocks);
  if (dataBlocks === 0 || !Number.isSafeInteger(dataBlocks * dataBlockBytes)) {
    throw corrupt(`it protects ${dataBlocks} blocks`);
  }
  return {
    ...{ algorithm, dataBlockBytes, hashBlockBytes, dataBlocks, digestBytes: size, saltLast: type === 0 },
    salt: block.bytes(veritySuperblock.salt).slice(0, saltBytes),
    treeOffset: Math.ceil((offset + SUPERBLOCK_BYTES) / hashBlockBytes) * hashBlockBytes,
  };
}
