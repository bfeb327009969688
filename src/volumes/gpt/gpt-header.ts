/**
 * The GPT header (UEFI specification 2.10, section 5.3.2), primary or backup, with both checksums verified: a header is
 * given out only together with an entry array that matches it. A damaged one is described in one phrase.
 */

import type { ByteSource } from '../../bytes/byte-source.ts';
import { crc32 } from '../../bytes/checksums/crc32.ts';
import { raw, Struct, u32le, u64le } from '../../bytes/struct.ts';
import { asImageError, ImageError } from '../../errors.ts';
import { formatGuid } from './guid.ts';

export const gptHeader = {
  Signature: raw(0, 8),
  HeaderSize: u32le(12),
  HeaderCRC32: u32le(16),
  MyLBA: u64le(24),
  AlternateLBA: u64le(32),
  FirstUsableLBA: u64le(40),
  LastUsableLBA: u64le(48),
  DiskGUID: raw(56, 16),
  PartitionEntryLBA: u64le(72),
  NumberOfPartitionEntries: u32le(80),
  SizeOfPartitionEntry: u32le(84),
  PartitionEntryArrayCRC32: u32le(88),
} as const;

const SIGNATURE = 'EFI PART';
const HEADER_BYTES = 92;
/** The array is 16 KiB on nearly every disk; this many bytes hold 8192 entries. */
const MAX_ARRAY_BYTES = 1024 * 1024;
const MIN_ENTRY_BYTES = 128;
const MAX_ENTRY_BYTES = 4096;

export interface GptHeader {
  readonly sectorSize: number;
  /** Byte offset of the header itself. */
  readonly offset: number;
  readonly alternateLba: number;
  readonly firstUsableLba: number;
  readonly lastUsableLba: number;
  readonly diskGuid: string;
  readonly entryBytes: number;
  readonly arrayOffset: number;
  /** A copy of the entry array. */
  readonly entries: Uint8Array;
}

export type GptHeaderReading =
  | { readonly state: 'valid'; readonly header: GptHeader }
  /** No signature: there is no header at this place. */
  | { readonly state: 'absent' }
  /** `alternateLba` is a hint only: nothing vouches for it. */
  | { readonly state: 'damaged'; readonly reason: string; readonly alternateLba?: number };

/** Whether the GPT signature stands at `offset`. Never throws. */
export function hasSignature(source: ByteSource, offset: number): boolean {
  if (offset < 0 || offset + HEADER_BYTES > source.size) return false;
  return Buffer.from(source.read(offset, SIGNATURE.length)).toString('latin1') === SIGNATURE;
}

/** Reads and verifies the header in sector `lba`, and the entry array that belongs to it. */
export function readHeader(source: ByteSource, lba: number, sectorSize: number): GptHeaderReading {
  const offset = lba * sectorSize;
  if (!hasSignature(source, offset)) return { state: 'absent' };
  if (offset + sectorSize > source.size) return { state: 'damaged', reason: 'its sector is cut off' };
  const sector = Uint8Array.from(source.read(offset, sectorSize));
  try {
    return { state: 'valid', header: parseHeader(source, sector, lba, sectorSize) };
  } catch (thrown) {
    const reason = asImageError(thrown).message;
    const alternateLba = Number(new DataView(sector.buffer).getBigUint64(gptHeader.AlternateLBA.offset, true));
    return Number.isSafeInteger(alternateLba * sectorSize)
      ? { state: 'damaged', reason, alternateLba }
      : { state: 'damaged', reason };
  }
}

function parseHeader(source: ByteSource, sector: Uint8Array, lba: number, sectorSize: number): GptHeader {
  const offset = lba * sectorSize;
  const refuse = (what: string): ImageError =>
    new ImageError('corrupt', 'gpt/bad-header', what, { location: { source: source.label, offset } });
  const header = new Struct(sector);
  const headerSize = header.get(gptHeader.HeaderSize);
  if (headerSize < HEADER_BYTES || headerSize > sectorSize) throw refuse(`its size field says ${headerSize}`);
  const covered = sector.slice(0, headerSize);
  covered.fill(0, gptHeader.HeaderCRC32.offset, gptHeader.HeaderCRC32.offset + 4);
  if (crc32(covered) !== header.get(gptHeader.HeaderCRC32)) throw refuse('its checksum does not match');
  const myLba = header.get(gptHeader.MyLBA);
  if (myLba !== lba) throw refuse(`it says that it lies in sector ${myLba}, but lies in ${lba}`);
  const count = header.get(gptHeader.NumberOfPartitionEntries);
  const entryBytes = header.get(gptHeader.SizeOfPartitionEntry);
  const isPowerOfTwo = (entryBytes & (entryBytes - 1)) === 0;
  if (entryBytes < MIN_ENTRY_BYTES || entryBytes > MAX_ENTRY_BYTES || !isPowerOfTwo) {
    throw refuse(`it says that an entry takes ${entryBytes} bytes`);
  }
  if (count === 0 || count * entryBytes > MAX_ARRAY_BYTES) throw refuse(`it says that there are ${count} entries`);
  const arrayOffset = header.get(gptHeader.PartitionEntryLBA) * sectorSize;
  if (arrayOffset + count * entryBytes > source.size) throw refuse('its entry array lies past the end of the image');
  const entries = Uint8Array.from(source.read(arrayOffset, count * entryBytes));
  if (crc32(entries) !== header.get(gptHeader.PartitionEntryArrayCRC32)) {
    throw refuse('the checksum of its entry array does not match');
  }
  const alternateLba = header.get(gptHeader.AlternateLBA);
  if (!Number.isSafeInteger(alternateLba * sectorSize)) throw refuse(`it places its twin in sector ${alternateLba}`);
  return {
    sectorSize,
    offset,
    alternateLba,
    firstUsableLba: header.get(gptHeader.FirstUsableLBA),
    lastUsableLba: header.get(gptHeader.LastUsableLBA),
    diskGuid: formatGuid(header.bytes(gptHeader.DiskGUID)),
    entryBytes,
    arrayOffset,
    entries,
  };
}
