/**
 * Rows of an SQLite table: variable-length integers and the record format (SQLite file format, section 2.1). Integers beyond
 * 2^53 and floating point columns are read as null: no column asked for here holds them.
 */
import { decodeBytes } from '../../../bytes/names.ts';

export type Value = null | number | string;

/** A value and where the next one starts; undefined if the bytes end before it does. */
export function readVarint(bytes: Uint8Array, at: number): { value: number; next: number } | undefined {
  let value = 0;
  for (let i = 0; i < 9; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) return undefined;
    if (i === 8) return { value: value * 256 + byte, next: at + 9 };
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return { value, next: at + i + 1 };
  }
  return undefined;
}

/** Bytes of a big-endian integer by serial type 1..6. */
const integerSizes = [0, 1, 2, 3, 4, 6, 8] as const;

/** The first `columns` values of a record; undefined if the record is damaged. Missing columns at its end are null. */
export function parseRecord(payload: Uint8Array, columns: number): readonly Value[] | undefined {
  const header = readVarint(payload, 0);
  if (!header || header.value > payload.length) return undefined;
  const values: Value[] = [];
  let at = header.next;
  let data = header.value;
  while (at < header.value && values.length < columns) {
    const type = readVarint(payload, at);
    if (!type) return undefined;
    at = type.next;
    const size = sizeOf(type.value);
    if (data + size > payload.length) return undefined;
    values.push(parseValue(payload.subarray(data, data + size), type.value));
    data += size;
  }
  while (values.length < columns) values.push(null);
  return values;
}

function sizeOf(type: number): number {
  if (type >= 12) return (type - (type % 2 === 0 ? 12 : 13)) / 2;
  return type === 7 ? 8 : (integerSizes[type] ?? 0);
}

function parseValue(bytes: Uint8Array, type: number): Value {
  if (type === 8 || type === 9) return type - 8;
  if (type >= 13 && type % 2 === 1) return decodeBytes(bytes);
  if (type < 1 || type > 6) return null;
  let value = (bytes[0] ?? 0) >= 0x80 ? -1 : 0;
  for (const byte of bytes) value = value * 256 + byte;
  return Number.isSafeInteger(value) ? value : null;
}
