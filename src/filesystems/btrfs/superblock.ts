/**
 * The btrfs superblock (btrfs.readthedocs.io, "On-disk format"; kernel, btrfs_tree.h): 4 KiB with their checksum in front, at
 * three places. As at a mount the first one counts; a mirror stands in for one that is damaged. Several devices are refused.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { decodeBytes } from '../../bytes/names.ts';
import { raw, Struct, u8, u16le, u32le, u64le } from '../../bytes/struct.ts';
import { asImageError, ImageError } from '../../errors.ts';
import { type ChecksumAlgorithm, checksumAlgorithm } from './checksums.ts';
import { hasMetadataUuid, hasZstd, unreadableFeatures } from './features.ts';
import { hasMagic, SUPERBLOCK_PLACES, SUPERBLOCK_SIZE } from './superblock-places.ts';

export const SUPERBLOCK = {
  csum: raw(0, 32),
  fsid: raw(32, 16),
  bytenr: u64le(48),
  flags_high: u32le(60),
  generation: u64le(72),
  root: u64le(80),
  chunk_root: u64le(88),
  log_root: u64le(96),
  num_devices: u64le(136),
  sectorsize: u32le(144),
  nodesize: u32le(148),
  sys_chunk_array_size: u32le(160),
  chunk_root_generation: u64le(164),
  incompat_flags: u64le(188),
  csum_type: u16le(196),
  root_level: u8(198),
  chunk_root_level: u8(199),
  dev_item_devid: u64le(201),
  dev_item_total_bytes: u64le(209),
  label: raw(299, 256),
  metadata_uuid: raw(571, 16),
  sys_chunk_array: raw(811, 2048),
} as const;

const CHECKSUM_FIELD = 32;
const MIN_SECTOR = 512;
const MAX_BLOCK = 65_536;
/** Of the upper half of the flags: a dump of the metadata alone (btrfs-image). */
const METADUMP = 0x6;

/** A tree: where its root block lies. */
export interface TreeRoot {
  readonly address: number;
  readonly level: number;
  readonly generation: number;
}

export interface Superblock {
  readonly checksum: ChecksumAlgorithm;
  readonly sectorSize: number;
  readonly nodeSize: number;
  readonly deviceId: number;
  readonly rootTree: TreeRoot;
  readonly chunkTree: TreeRoot;
  /** Whether changes lie in a log that a mount would replay. */
  readonly hasLog: boolean;
  /** Whether some extent may be compressed with zstd. */
  readonly usesZstd: boolean;
  readonly systemChunks: Uint8Array;
  /** What tree blocks bear. */
  readonly metadataUuid: Uint8Array;
  readonly uuid: string;
  readonly label: string;
}

export interface FoundSuperblock {
  readonly superblock: Superblock;
  readonly offset: number;
  /** Why the first one could not be used, if a mirror was. */
  readonly damage: ImageError | undefined;
}

/** Throws what is wrong with the first one if no mirror is sound; an unsupported feature is no reason to look for one. */
export function findSuperblock(source: ByteSource): FoundSuperblock {
  let damage: ImageError | undefined;
  for (const offset of SUPERBLOCK_PLACES) {
    if (!hasMagic(source, offset)) {
      damage ??= superblockError(source, offset, 'bad-superblock', 'is not there');
      continue;
    }
    try {
      return { superblock: readSuperblock(source, offset), offset, damage };
    } catch (thrown) {
      const error = asImageError(thrown);
      if (error.kind !== 'corrupt') throw error;
      damage ??= error;
    }
  }
  throw damage ?? superblockError(source, SUPERBLOCK_PLACES[0], 'bad-superblock', 'is not there');
}

function readSuperblock(source: ByteSource, offset: number): Superblock {
  const bytes = Uint8Array.from(source.read(offset, SUPERBLOCK_SIZE));
  const s = new Struct(bytes);
  const type = s.get(SUPERBLOCK.csum_type);
  const checksum = checksumAlgorithm(type);
  if (!checksum) {
    const message = `this btrfs file system uses the checksum algorithm number ${type}, which is not known`;
    throw new ImageError('unsupported', 'btrfs/checksum-algorithm', message, {
      location: { source: source.label, offset },
    });
  }
  if (!checksum.matches(bytes.subarray(CHECKSUM_FIELD), s.bytes(SUPERBLOCK.csum).subarray(0, checksum.size))) {
    throw superblockError(source, offset, 'bad-checksum', `has a wrong checksum (${checksum.name})`);
  }
  if (s.get(SUPERBLOCK.bytenr) !== offset) throw superblockError(source, offset, 'bad-superblock', 'belongs elsewhere');
  refuseUnread(source, offset, s);
  const sectorSize = blockSize(source, offset, 'sector', s.get(SUPERBLOCK.sectorsize));
  const nodeSize = blockSize(source, offset, 'node', s.get(SUPERBLOCK.nodesize));
  const size = s.get(SUPERBLOCK.dev_item_total_bytes);
  if (size > source.size) {
    const message = `the btrfs file system has ${size} bytes, but ${source.label} ends at byte ${source.size}`;
    throw new ImageError('truncated', 'btrfs/truncated', message, {
      location: { source: source.label, offset: source.size },
      remedy: 'the image is cut off: copy or build it again',
    });
  }
  const uuid = s.bytes(SUPERBLOCK.fsid);
  const generation = s.get(SUPERBLOCK.generation);
  const arraySize = s.get(SUPERBLOCK.sys_chunk_array_size);
  if (arraySize > SUPERBLOCK.sys_chunk_array.length) {
    throw superblockError(source, offset, 'bad-superblock', `has ${arraySize} bytes of system chunks`);
  }
  return {
    checksum,
    sectorSize,
    nodeSize,
    deviceId: s.get(SUPERBLOCK.dev_item_devid),
    rootTree: { address: s.get(SUPERBLOCK.root), level: s.get(SUPERBLOCK.root_level), generation },
    chunkTree: {
      address: s.get(SUPERBLOCK.chunk_root),
      level: s.get(SUPERBLOCK.chunk_root_level),
      generation: s.get(SUPERBLOCK.chunk_root_generation),
    },
    hasLog: s.get(SUPERBLOCK.log_root) !== 0,
    usesZstd: hasZstd(s.get(SUPERBLOCK.incompat_flags)),
    systemChunks: s.bytes(SUPERBLOCK.sys_chunk_array).subarray(0, arraySize),
    metadataUuid: hasMetadataUuid(s.get(SUPERBLOCK.incompat_flags)) ? s.bytes(SUPERBLOCK.metadata_uuid) : uuid,
    uuid: formatUuid(uuid),
    label: textOf(s.bytes(SUPERBLOCK.label)),
  };
}

function refuseUnread(source: ByteSource, offset: number, s: Struct): void {
  const location = { source: source.label, offset };
  const devices = s.get(SUPERBLOCK.num_devices);
  if (devices !== 1) {
    const message = `this btrfs file system lies on ${devices} devices (multi-device), of which the image is one`;
    throw new ImageError('unsupported', 'btrfs/multi-device', message, { location, remedy: 'build it on one device' });
  }
  const unreadable = unreadableFeatures(s.get(SUPERBLOCK.incompat_flags));
  if (unreadable.length > 0) {
    const message = `btrfs with ${unreadable.join(', ')} is not read`;
    throw new ImageError('unsupported', 'btrfs/features', message, { location });
  }
  if (s.get(SUPERBLOCK.flags_high) & METADUMP) {
    const message = 'this is a dump of the metadata of a btrfs file system, without the content of its files';
    throw new ImageError('unsupported', 'btrfs/metadata-dump', message, { location });
  }
}

function blockSize(source: ByteSource, offset: number, what: string, size: number): number {
  if (size >= MIN_SECTOR && size <= MAX_BLOCK && (size & (size - 1)) === 0) return size;
  throw superblockError(source, offset, 'bad-superblock', `has a ${what} size of ${size} bytes`);
}

function superblockError(source: ByteSource, offset: number, code: string, what: string): ImageError {
  return new ImageError('corrupt', `btrfs/${code}`, `the btrfs superblock ${what}`, {
    location: { source: source.label, offset },
  });
}

function formatUuid(uuid: Uint8Array): string {
  const hex = Buffer.from(uuid).toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return decodeBytes(end < 0 ? bytes : bytes.subarray(0, end));
}
