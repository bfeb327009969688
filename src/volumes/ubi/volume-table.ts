/** The volume table (kernel, ubi-media.h: ubi_vtbl_record): a record with its own CRC for each possible volume. */
import { decodeBytes } from '../../bytes/names.ts';
import { raw, Struct, u8, u16be, u32be } from '../../bytes/struct.ts';
import { registerCrc32 } from './headers.ts';

export const VTBL_RECORD = {
  reserved_pebs: u32be(0),
  alignment: u32be(4),
  data_pad: u32be(8),
  vol_type: u8(12),
  upd_marker: u8(13),
  name_len: u16be(14),
  name: raw(16, 128),
  crc: u32be(168),
} as const;
export const RECORD_SIZE = 172;
const MAX_VOLUMES = 128;

export interface VolumeRecord {
  readonly id: number;
  readonly name: string;
  readonly isStatic: boolean;
  readonly reservedLebs: number;
  /** Bytes at the end of each logical erase block that are not used. */
  readonly padding: number;
  /** Whether an update of it was begun and not finished. */
  readonly isUnfinished: boolean;
}

/** The volumes of one copy of the table, undefined if any of its records is damaged. */
export function parseVolumeTable(bytes: Uint8Array): readonly VolumeRecord[] | undefined {
  const records: VolumeRecord[] = [];
  const count = Math.min(MAX_VOLUMES, Math.floor(bytes.length / RECORD_SIZE));
  for (let id = 0; id < count; id++) {
    const s = new Struct(bytes, id * RECORD_SIZE);
    const stored = bytes.subarray(id * RECORD_SIZE, id * RECORD_SIZE + VTBL_RECORD.crc.offset);
    if (registerCrc32(stored) !== s.get(VTBL_RECORD.crc)) return undefined;
    const reservedLebs = s.get(VTBL_RECORD.reserved_pebs);
    if (reservedLebs === 0) continue;
    const length = Math.min(s.get(VTBL_RECORD.name_len), VTBL_RECORD.name.length);
    records.push({
      id,
      name: decodeBytes(s.bytes(VTBL_RECORD.name).subarray(0, length)),
      isStatic: s.get(VTBL_RECORD.vol_type) === 2,
      reservedLebs,
      padding: s.get(VTBL_RECORD.data_pad),
      isUnfinished: s.get(VTBL_RECORD.upd_marker) !== 0,
    });
  }
  return records;
}
