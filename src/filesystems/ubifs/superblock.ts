/**
 * The UBIFS superblock node (kernel, ubifs-media.h: ubifs_sb_node), the only one in LEB 0. Authenticated file systems, whose index
 * is built otherwise, are refused by name.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { raw, Struct, u8, u32le } from '../../bytes/struct.ts';
import { ImageError } from '../../errors.ts';
import { NODE, parseNode } from './node.ts';

export const SUPERBLOCK = {
  key_hash: u8(26),
  key_fmt: u8(27),
  flags: u32le(28),
  min_io_size: u32le(32),
  leb_size: u32le(36),
  leb_cnt: u32le(40),
  log_lebs: u32le(56),
  lpt_lebs: u32le(60),
  orph_lebs: u32le(64),
  fanout: u32le(76),
  fmt_version: u32le(80),
  uuid: raw(108, 16),
  ro_compat_version: u32le(124),
} as const;
export const SUPERBLOCK_SIZE = 4096;

const MIN_LEB = 15 * 1024;
const MAX_LEB = 32 * 1024 * 1024;
const FORMAT_VERSION = 5;
const AUTHENTICATED = 0x20;
/** LEBs before the log: the superblock and two copies of the master node. */
export const FIRST_LOG_LEB = 3;

export interface Superblock {
  readonly lebSize: number;
  readonly lebCount: number;
  readonly minIoSize: number;
  readonly logLebs: number;
  /** First LEB of the main area, where all files lie. */
  readonly mainFirst: number;
  /** Number of the hash of names. */
  readonly keyHash: number;
  readonly uuid: string;
}

/** ImageError `corrupt`, `truncated` or `unsupported`. */
export function readSuperblock(source: ByteSource): Superblock {
  const bytes = Uint8Array.from(source.read(0, SUPERBLOCK_SIZE));
  const node = parseNode(bytes, { leb: 0, offset: 0, length: SUPERBLOCK_SIZE });
  if (!node || node.type !== NODE.superblock || node.bytes.length !== SUPERBLOCK_SIZE) {
    throw bad(source, 'is damaged: its checksum is wrong');
  }
  const s = new Struct(bytes);
  const version = s.get(SUPERBLOCK.fmt_version);
  if (version > FORMAT_VERSION && s.get(SUPERBLOCK.ro_compat_version) > 0) {
    throw unsupported(source, 'version', `UBIFS of format version ${version} is not read`);
  }
  if (s.get(SUPERBLOCK.flags) & AUTHENTICATED) {
    throw unsupported(source, 'authenticated', 'an authenticated UBIFS file system is not read');
  }
  if (s.get(SUPERBLOCK.key_fmt) !== 0)
    throw unsupported(source, 'key-format', 'UBIFS with another key format is not read');
  const lebSize = s.get(SUPERBLOCK.leb_size);
  const lebCount = s.get(SUPERBLOCK.leb_cnt);
  const minIoSize = s.get(SUPERBLOCK.min_io_size);
  const mainFirst =
    FIRST_LOG_LEB + s.get(SUPERBLOCK.log_lebs) + s.get(SUPERBLOCK.lpt_lebs) + s.get(SUPERBLOCK.orph_lebs);
  if (lebSize < MIN_LEB || lebSize > MAX_LEB || lebSize % 8 !== 0) throw bad(source, `has LEBs of ${lebSize} bytes`);
  if (minIoSize < 8 || minIoSize > lebSize) throw bad(source, `has I/O units of ${minIoSize} bytes`);
  if (mainFirst >= lebCount) throw bad(source, `has ${lebCount} LEBs, too few for what it says is in them`);
  return {
    lebSize,
    lebCount,
    minIoSize,
    logLebs: s.get(SUPERBLOCK.log_lebs),
    mainFirst,
    keyHash: s.get(SUPERBLOCK.key_hash),
    uuid: formatUuid(s.bytes(SUPERBLOCK.uuid)),
  };
}

function formatUuid(uuid: Uint8Array): string {
  const hex = Buffer.from(uuid).toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function bad(source: ByteSource, what: string): ImageError {
  return new ImageError('corrupt', 'ubifs/bad-superblock', `the UBIFS superblock ${what}`, {
    location: { source: source.label, offset: 0 },
  });
}

function unsupported(source: ByteSource, code: string, message: string): ImageError {
  return new ImageError('unsupported', `ubifs/${code}`, message, { location: { source: source.label, offset: 0 } });
}
