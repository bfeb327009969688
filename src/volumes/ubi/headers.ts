/**
 * The two headers of a physical erase block (kernel, drivers/mtd/ubi/ubi-media.h), big-endian: how often it was erased, and which
 * logical erase block of which volume it holds. Their CRC-32 is the bare register, without the inversion at the end.
 */
import { crc32 } from '../../bytes/checksums/crc32.ts';
import { Struct, u8, u32be, u64be } from '../../bytes/struct.ts';

export const HEADER_SIZE = 64;
const CRC_OFFSET = 60;
const CRC = u32be(CRC_OFFSET);
const MAGIC = u32be(0);
const VERSION = u8(4);

export const EC_HEADER = { vid_hdr_offset: u32be(16), data_offset: u32be(20), image_seq: u32be(24) } as const;
const EC_MAGIC = 0x5542_4923;

export const VID_HEADER = {
  vol_type: u8(5),
  copy_flag: u8(6),
  vol_id: u32be(8),
  lnum: u32be(12),
  data_size: u32be(20),
  used_ebs: u32be(24),
  data_pad: u32be(28),
  data_crc: u32be(32),
  sqnum: u64be(40),
} as const;
const VID_MAGIC = 0x5542_4921;
const SUPPORTED_VERSION = 1;

export interface EcHeader {
  readonly version: number;
  readonly vidOffset: number;
  readonly dataOffset: number;
  readonly imageSequence: number;
}

export interface VidHeader {
  readonly isStatic: boolean;
  readonly isCopy: boolean;
  readonly volumeId: number;
  readonly leb: number;
  readonly dataSize: number;
  readonly usedLebs: number;
  readonly dataCrc: number;
  readonly sequence: number;
}

/** `empty`: as erased flash reads. `damaged`: anything else that is no header. */
export type HeaderState<T> = T | 'empty' | 'damaged';

export function parseEcHeader(bytes: Uint8Array): HeaderState<EcHeader> {
  const s = verified(bytes, EC_MAGIC);
  if (typeof s === 'string') return s;
  return {
    version: s.get(VERSION),
    vidOffset: s.get(EC_HEADER.vid_hdr_offset),
    dataOffset: s.get(EC_HEADER.data_offset),
    imageSequence: s.get(EC_HEADER.image_seq),
  };
}

export function parseVidHeader(bytes: Uint8Array): HeaderState<VidHeader> {
  const s = verified(bytes, VID_MAGIC);
  if (typeof s === 'string') return s;
  return {
    isStatic: s.get(VID_HEADER.vol_type) === 2,
    isCopy: s.get(VID_HEADER.copy_flag) !== 0,
    volumeId: s.get(VID_HEADER.vol_id),
    leb: s.get(VID_HEADER.lnum),
    dataSize: s.get(VID_HEADER.data_size),
    usedLebs: s.get(VID_HEADER.used_ebs),
    dataCrc: s.get(VID_HEADER.data_crc),
    sequence: s.get(VID_HEADER.sqnum),
  };
}

export function isSupported({ version }: EcHeader): boolean {
  return version === SUPPORTED_VERSION;
}

/** CRC-32 as UBI and UBIFS store it. */
export function registerCrc32(bytes: Uint8Array): number {
  return ~crc32(bytes) >>> 0;
}

function verified(bytes: Uint8Array, magic: number): Struct | 'empty' | 'damaged' {
  if (bytes.every((byte) => byte === 0xff)) return 'empty';
  const s = new Struct(bytes);
  if (s.get(MAGIC) !== magic || s.get(CRC) !== registerCrc32(bytes.subarray(0, CRC_OFFSET))) return 'damaged';
  return s;
}
