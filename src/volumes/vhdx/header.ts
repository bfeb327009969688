/**
 * Headers and region tables of a VHDX disk ([MS-VHDX] 2.2): two copies of each at fixed places, with a CRC-32C. Of the headers the
 * valid one with the higher sequence number counts.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { crc32c } from '../../bytes/checksums/crc32c.ts';
import { raw, Struct, u16le, u32le, u64le } from '../../bytes/struct.ts';
import { ImageError } from '../../errors.ts';
import { formatGuid } from '../gpt/guid.ts';

export const vhdxHeader = {
  Signature: raw(0, 4),
  Checksum: u32le(4),
  SequenceNumber: u64le(8),
  LogGuid: raw(48, 16),
  Version: u16le(66),
} as const;

export const regionTable = { Signature: raw(0, 4), Checksum: u32le(4), EntryCount: u32le(8) } as const;

export const regionEntry = {
  Guid: raw(0, 16),
  FileOffset: u64le(16),
  Length: u32le(24),
  Required: u32le(28),
} as const;

const KiB = 1024;
const headerPlaces = [64 * KiB, 128 * KiB] as const;
const HEADER_BYTES = 4 * KiB;
const tablePlaces = [192 * KiB, 256 * KiB] as const;
const TABLE_BYTES = 64 * KiB;
const TABLE_HEAD = 16;
const ENTRY_BYTES = 32;
const MAX_ENTRIES = 2047;

const regionNames: Readonly<Record<string, 'bat' | 'metadata'>> = {
  '2dc27766-f623-4200-9d64-115e9bfd4a08': 'bat',
  '8b7ca206-4790-4b9a-b8fe-575f050f886e': 'metadata',
};

export interface Region {
  readonly offset: number;
  readonly length: number;
}

/** Checks the headers and gives the two known regions, both inside the file. */
export function readRegions(source: ByteSource): { readonly bat: Region; readonly metadata: Region } {
  checkHeader(source);
  const table = tablePlaces.map((offset) => readSealed(source, offset, TABLE_BYTES, 'regi')).find((each) => each);
  if (!table) throw corrupt(source, 'no valid region table', tablePlaces[0]);
  const count = table.get(regionTable.EntryCount);
  if (count > MAX_ENTRIES) throw corrupt(source, `a region table of ${count} entries`, tablePlaces[0]);
  const regions: { bat?: Region; metadata?: Region } = {};
  for (let index = 0; index < count; index++) {
    const entry = table.at(TABLE_HEAD + index * ENTRY_BYTES);
    const guid = formatGuid(entry.bytes(regionEntry.Guid));
    const name = regionNames[guid];
    const region = { offset: entry.get(regionEntry.FileOffset), length: entry.get(regionEntry.Length) };
    if (!name && (entry.get(regionEntry.Required) & 1) !== 0) {
      const message = `the VHDX disk needs the region ${guid}, which check-image does not know`;
      throw new ImageError('unsupported', 'vhdx/region', message, { location: { source: source.label } });
    }
    if (!name) continue;
    source.slice(region.offset, region.length);
    regions[name] = region;
  }
  const { bat, metadata } = regions;
  if (!bat || !metadata) throw corrupt(source, 'the region table names no block table or no metadata', tablePlaces[0]);
  return { bat, metadata };
}

function checkHeader(source: ByteSource): void {
  const headers = headerPlaces.flatMap((offset) => readSealed(source, offset, HEADER_BYTES, 'head') ?? []);
  headers.sort((a, b) => b.get(vhdxHeader.SequenceNumber) - a.get(vhdxHeader.SequenceNumber));
  const [current] = headers;
  if (!current) throw corrupt(source, 'no valid header', headerPlaces[0]);
  const version = current.get(vhdxHeader.Version);
  const location = { source: source.label };
  if (version !== 1)
    throw new ImageError('unsupported', 'vhdx/version', `VHDX version ${version} is not read`, { location });
  if (current.bytes(vhdxHeader.LogGuid).some((byte) => byte !== 0)) {
    throw new ImageError(
      'unsupported',
      'vhdx/dirty-log',
      'the log of the VHDX disk holds writes that are not in place',
      {
        location,
        remedy: 'shut the machine down cleanly, or let qemu-img replay the log: qemu-img check -r all IMAGE',
      },
    );
  }
}

/** The structure at `offset` if its signature and checksum hold. */
function readSealed(source: ByteSource, offset: number, length: number, signature: string): Struct | undefined {
  if (offset + length > source.size) return undefined;
  const bytes = Uint8Array.from(source.read(offset, length));
  if (Buffer.from(bytes.subarray(0, 4)).toString('latin1') !== signature) return undefined;
  const stored = new Struct(bytes).get(vhdxHeader.Checksum);
  bytes.fill(0, vhdxHeader.Checksum.offset, vhdxHeader.Checksum.offset + 4);
  return crc32c(bytes) === stored ? new Struct(bytes) : undefined;
}

function corrupt(source: ByteSource, what: string, offset: number): ImageError {
  return new ImageError('corrupt', 'vhdx/bad-header', what, { location: { source: source.label, offset } });
}
