/**
 * The 512-byte boot record with four partition entries: master boot record, extended boot record, protective MBR
 * (UEFI specification 2.10, section 5.2). Addresses are sectors of 512 bytes; CHS fields are ignored, as Linux does.
 */
import { raw, Struct, u8, u16le, u32le } from '../../bytes/struct.ts';

export const bootRecord = {
  DiskSignature: u32le(440),
  PartitionRecords: raw(446, 64),
  Signature: u16le(510),
} as const;

export const partitionRecord = {
  BootIndicator: u8(0),
  OSType: u8(4),
  StartingLBA: u32le(8),
  SizeInLBA: u32le(12),
} as const;

export const RECORD_BYTES = 512;
const ENTRY_BYTES = 16;
const ENTRIES = 4;

/** Partition type of the entry that protects a GPT. */
export const PROTECTIVE_TYPE = 0xee;

export interface PartitionRecord {
  readonly bootIndicator: number;
  readonly type: number;
  /** Sectors; what they count from depends on the record. */
  readonly start: number;
  /** Sectors. */
  readonly size: number;
}

export interface BootRecord {
  readonly diskSignature: number;
  /** All four, unused ones included. */
  readonly entries: readonly PartitionRecord[];
}

/** Decodes a boot record of at least 512 bytes; undefined without the 0x55 0xAA signature. */
export function parseBootRecord(bytes: Uint8Array): BootRecord | undefined {
  const record = new Struct(bytes);
  if (record.get(bootRecord.Signature) !== 0xaa55) return undefined;
  const entries: PartitionRecord[] = [];
  for (let index = 0; index < ENTRIES; index++) {
    const entry = new Struct(bytes, bootRecord.PartitionRecords.offset + index * ENTRY_BYTES);
    entries.push({
      bootIndicator: entry.get(partitionRecord.BootIndicator),
      type: entry.get(partitionRecord.OSType),
      start: entry.get(partitionRecord.StartingLBA),
      size: entry.get(partitionRecord.SizeInLBA),
    });
  }
  return { diskSignature: record.get(bootRecord.DiskSignature), entries };
}

/** Whether the entry stands for something: Linux ignores entries without a size. */
export function isUsed(entry: PartitionRecord): boolean {
  return entry.type !== 0 && entry.size > 0;
}

/** The entry that says "this disk has a GPT", if there is one; other entries beside it make a hybrid MBR. */
export function findProtective(record: BootRecord): PartitionRecord | undefined {
  return record.entries.find((entry) => entry.type === PROTECTIVE_TYPE);
}
