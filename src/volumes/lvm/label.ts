/** The label in one of the first four sectors and the header behind it (lib/format_text/layout.h, lib/label/label.h of LVM2). */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { crc32 } from '../../bytes/checksums/crc32.ts';
import { raw, Struct, u32le, u64le } from '../../bytes/struct.ts';
import { ImageError } from '../../errors.ts';

export const labelHeader = {
  id: raw(0, 8),
  sector_xl: u64le(8),
  crc_xl: u32le(16),
  offset_xl: u32le(20),
  type: raw(24, 8),
} as const;

export const physicalVolumeHeader = { pv_uuid: raw(0, 32), device_size_xl: u64le(32) } as const;
const areasOffset = 40;
export const area = { offset: u64le(0), size: u64le(8) } as const;
const AREA_BYTES = 16;

export const SECTOR = 512;
const LABEL_SECTORS = 4;
const CRC_START = 20;
/** What LVM begins its checksums with. */
const INITIAL_CRC = 0xf597_a6cf;

export interface PhysicalVolumeLabel {
  /** 32 characters, without the dashes it is shown with. */
  readonly uuid: string;
  readonly metadataAreas: readonly { readonly offset: number; readonly size: number }[];
}

/** CRC-32 as LVM takes it: from its own start, and not inverted. */
export function lvmChecksum(bytes: Uint8Array, crc = INITIAL_CRC): number {
  return ~crc32(bytes, ~crc >>> 0) >>> 0;
}

/** Byte offset of the label, undefined if there is none. Never throws. */
export function findLabel(source: ByteSource): number | undefined {
  for (let offset = 0; offset < LABEL_SECTORS * SECTOR && offset + SECTOR <= source.size; offset += SECTOR) {
    const head = Buffer.from(source.read(offset, 32)).toString('latin1');
    if (head.startsWith('LABELONE') && head.endsWith('LVM2 001')) return offset;
  }
  return undefined;
}

/** Reads the label at `offset`; ImageError `corrupt` if its checksum or its lists make no sense. */
export function readLabel(source: ByteSource, offset: number): PhysicalVolumeLabel {
  const corrupt = (what: string): ImageError =>
    new ImageError('corrupt', 'lvm/bad-label', what, { location: { source: source.label, offset } });
  const sector = Uint8Array.from(source.read(offset, SECTOR));
  const label = new Struct(sector);
  if (lvmChecksum(sector.subarray(CRC_START)) !== label.get(labelHeader.crc_xl)) {
    throw corrupt('the checksum of the LVM label does not match');
  }
  const base = label.get(labelHeader.offset_xl);
  const header = label.at(base);
  const uuid = Buffer.from(header.bytes(physicalVolumeHeader.pv_uuid)).toString('latin1');
  // Two lists, each up to an empty entry: data areas, metadata areas.
  const lists: { offset: number; size: number }[][] = [[], []];
  let at = base + areasOffset;
  for (const list of lists) {
    for (; ; at += AREA_BYTES) {
      const entry = label.at(at);
      const found = { offset: entry.get(area.offset), size: entry.get(area.size) };
      if (found.offset === 0) break;
      list.push(found);
    }
    at += AREA_BYTES;
  }
  return { uuid, metadataAreas: lists[1] ?? [] };
}
