/**
 * The EROFS superblock (kernel docs, filesystems/erofs; erofs_fs.h): 128 bytes at 1024, its CRC-32C over the rest of the first
 * block. Images on several devices and those with 48-bit addresses are refused by name.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { updateCrc32c } from '../../bytes/checksums/crc32c.ts';
import { decodeBytes } from '../../bytes/names.ts';
import { type NumberField, raw, Struct, u8, u16le, u32le, u64le } from '../../bytes/struct.ts';
import { ImageError } from '../../errors.ts';
import { COMPAT, INCOMPAT, unreadableFeatures } from './features.ts';
import { SUPERBLOCK_OFFSET } from './superblock-place.ts';

export const SUPERBLOCK = {
  magic: u32le(0),
  checksum: u32le(4),
  feature_compat: u32le(8),
  blkszbits: u8(12),
  sb_extslots: u8(13),
  root_nid: u16le(14),
  inos: u64le(16),
  epoch: u64le(24),
  fixed_nsec: u32le(32),
  blocks: u32le(36),
  meta_blkaddr: u32le(40),
  xattr_blkaddr: u32le(44),
  uuid: raw(48, 16),
  volume_name: raw(64, 16),
  feature_incompat: u32le(80),
  available_compr_algs: u16le(84),
  extra_devices: u16le(86),
  devt_slotoff: u16le(88),
  dirblkbits: u8(90),
  xattr_prefix_count: u8(91),
  xattr_prefix_start: u32le(92),
  packed_nid: u64le(96),
} as const;

const SUPERBLOCK_SIZE = 128;
const MIN_BLOCK_BITS = 9;
const MAX_BLOCK_BITS = 16;
/** The one algorithm of images that do not list any. */
const LZ4_ONLY = 1;

export interface Superblock {
  readonly blockBits: number;
  readonly blockSize: number;
  readonly compat: number;
  readonly incompat: number;
  readonly rootNid: number;
  /** Inode of the fragments; 0 if there is none. */
  readonly packedNid: number;
  /** Byte offsets of the inodes and of shared attributes. */
  readonly inodes: number;
  readonly sharedXattrs: number;
  /** Time of the inodes that have none of their own. */
  readonly time: { readonly seconds: number; readonly nanoseconds: number };
  /** A bit for each algorithm in use. */
  readonly algorithms: number;
  readonly xattrPrefixes: { readonly start: number; readonly count: number };
  /** Bytes. */
  readonly size: number;
  readonly uuid: string;
  readonly volumeName: string;
}

/** ImageError `truncated`, `corrupt` or `unsupported`. */
export function readSuperblock(source: ByteSource): Superblock {
  const s = new Struct(Uint8Array.from(source.read(SUPERBLOCK_OFFSET, SUPERBLOCK_SIZE)));
  const blockBits = s.get(SUPERBLOCK.blkszbits);
  if (blockBits < MIN_BLOCK_BITS || blockBits > MAX_BLOCK_BITS) {
    throw corrupt(source, SUPERBLOCK.blkszbits, `has a block size of 2^${blockBits} bytes`);
  }
  const blockSize = 1 << blockBits;
  const compat = s.get(SUPERBLOCK.feature_compat);
  const incompat = s.get(SUPERBLOCK.feature_incompat);
  if (compat & COMPAT.sb_chksum) verifyChecksum(source, s, blockSize);
  refuseFeatures(source, s, incompat);
  const size = s.get(SUPERBLOCK.blocks) * blockSize;
  if (size > source.size) {
    throw new ImageError(
      'truncated',
      'erofs/truncated',
      `the EROFS file system has ${size} bytes, but ${source.label} ends at byte ${source.size}`,
      {
        location: { source: source.label, offset: source.size },
        remedy: 'the image is cut off: copy or build it again',
      },
    );
  }
  return {
    size,
    blockBits,
    blockSize,
    compat,
    incompat,
    rootNid: s.get(SUPERBLOCK.root_nid),
    packedNid: incompat & INCOMPAT.fragments ? s.get(SUPERBLOCK.packed_nid) : 0,
    inodes: s.get(SUPERBLOCK.meta_blkaddr) * blockSize,
    sharedXattrs: s.get(SUPERBLOCK.xattr_blkaddr) * blockSize,
    time: { seconds: s.get(SUPERBLOCK.epoch), nanoseconds: s.get(SUPERBLOCK.fixed_nsec) },
    algorithms: incompat & INCOMPAT.compr_cfgs ? s.get(SUPERBLOCK.available_compr_algs) : LZ4_ONLY,
    xattrPrefixes: {
      start: s.get(SUPERBLOCK.xattr_prefix_start) * 4,
      count: incompat & INCOMPAT.xattr_prefixes ? s.get(SUPERBLOCK.xattr_prefix_count) : 0,
    },
    uuid: formatUuid(s.bytes(SUPERBLOCK.uuid)),
    volumeName: textOf(s.bytes(SUPERBLOCK.volume_name)),
  };
}

/** The checksum is the bare register of CRC-32C after the superblock with its checksum as zero, up to the end of the block. */
function verifyChecksum(source: ByteSource, s: Struct, blockSize: number): void {
  const length = blockSize > SUPERBLOCK_OFFSET ? blockSize - SUPERBLOCK_OFFSET : blockSize;
  const bytes = Uint8Array.from(source.read(SUPERBLOCK_OFFSET, length));
  bytes.fill(0, SUPERBLOCK.checksum.offset, SUPERBLOCK.checksum.offset + 4);
  if (updateCrc32c(0xffff_ffff, bytes) >>> 0 === s.get(SUPERBLOCK.checksum)) return;
  throw new ImageError('corrupt', 'erofs/bad-checksum', 'the EROFS superblock has a wrong checksum', {
    location: { source: source.label, offset: SUPERBLOCK_OFFSET },
  });
}

function refuseFeatures(source: ByteSource, s: Struct, incompat: number): void {
  const location = { source: source.label, offset: SUPERBLOCK_OFFSET + SUPERBLOCK.feature_incompat.offset };
  const unreadable = unreadableFeatures(incompat);
  if (unreadable.length > 0) {
    const message = `EROFS with ${unreadable.join(', ')} is not read`;
    throw new ImageError('unsupported', 'erofs/features', message, { location });
  }
  const devices = incompat & INCOMPAT.device_table ? s.get(SUPERBLOCK.extra_devices) : 0;
  if (devices > 0) {
    const message = `this EROFS file system keeps file contents on ${devices} other devices (multi-device)`;
    throw new ImageError('unsupported', 'erofs/multi-device', message, {
      location,
      remedy: 'build the image without --blobdev',
    });
  }
  if (s.get(SUPERBLOCK.dirblkbits) !== 0) {
    throw new ImageError('unsupported', 'erofs/features', 'EROFS with large directory blocks is not read', {
      location,
    });
  }
}

function formatUuid(uuid: Uint8Array): string {
  if (uuid.every((byte) => byte === 0)) return '';
  const hex = Buffer.from(uuid).toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return decodeBytes(end < 0 ? bytes : bytes.subarray(0, end));
}

function corrupt(source: ByteSource, field: NumberField, what: string): ImageError {
  return new ImageError('corrupt', 'erofs/bad-superblock', `the EROFS superblock ${what}`, {
    location: { source: source.label, offset: SUPERBLOCK_OFFSET + field.offset },
  });
}
