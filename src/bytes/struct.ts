/**
 * On-disk structures as declared tables: one row per field, in the specification's spelling. The same table serves decoding,
 * error offsets and corruption tests.
 */
import { ImageError } from '../errors.ts';

export type FieldType =
  | 'u8'
  | 'u16le'
  | 'u32le'
  | 'u64le'
  | 'i32le'
  | 'i64le'
  | 'address64le'
  | 'u16be'
  | 'u32be'
  | 'u64be'
  | 'address64be';

export interface NumberField {
  readonly offset: number;
  readonly type: FieldType;
}
export interface BytesField {
  readonly offset: number;
  readonly length: number;
}

const field =
  (type: FieldType) =>
  (offset: number): NumberField => ({ offset, type });
export const u8 = field('u8');
export const u16le = field('u16le');
export const u32le = field('u32le');
export const i32le = field('i32le');
/** Held against Number.MAX_SAFE_INTEGER when read. */
export const u64le = field('u64le');
export const i64le = field('i64le');
/** The low 53 bits as a signed number: any address has one, and distances between addresses of one file are exact. */
export const address64le = field('address64le');
export const address64be = field('address64be');
export const u16be = field('u16be');
export const u32be = field('u32be');
export const u64be = field('u64be');
export const raw = (offset: number, length: number): BytesField => ({ offset, length });

/** Bytes a field takes. */
export function fieldSize(f: NumberField | BytesField): number {
  return 'length' in f ? f.length : f.type === 'u8' ? 1 : f.type.includes('16') ? 2 : f.type.includes('32') ? 4 : 8;
}

/**
 * A structure found at `base` of `bytes`, read field by field on demand. `where` names it in errors (e.g. `disk.wic!p2@0x438`).
 */
export class Struct {
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  readonly base: number;

  constructor(bytes: Uint8Array, base = 0, view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)) {
    this.#bytes = bytes;
    this.#view = view;
    this.base = base;
  }

  /** The structure at `base` of the same bytes: for tables with many rows. */
  at(base: number): Struct {
    return new Struct(this.#bytes, base, this.#view);
  }

  get(f: NumberField): number {
    const view = this.#view;
    switch (f.type) {
      case 'u8':
        return view.getUint8(this.#place(f, 1));
      case 'u16le':
        return view.getUint16(this.#place(f, 2), true);
      case 'u32le':
        return view.getUint32(this.#place(f, 4), true);
      case 'i32le':
        return view.getInt32(this.#place(f, 4), true);
      case 'u64le': {
        const at = this.#place(f, 8);
        return safeInteger(view.getUint32(at, true), view.getUint32(at + 4, true));
      }
      case 'i64le':
        return safeNumber(view.getBigInt64(this.#place(f, 8), true));
      case 'address64le':
        return Number(BigInt.asIntN(53, view.getBigUint64(this.#place(f, 8), true)));
      case 'address64be':
        return Number(BigInt.asIntN(53, view.getBigUint64(this.#place(f, 8), false)));
      case 'u16be':
        return view.getUint16(this.#place(f, 2), false);
      case 'u32be':
        return view.getUint32(this.#place(f, 4), false);
      case 'u64be': {
        const at = this.#place(f, 8);
        return safeInteger(view.getUint32(at + 4, false), view.getUint32(at, false));
      }
    }
  }

  bytes(f: BytesField): Uint8Array {
    const at = this.#place(f, f.length);
    return this.#bytes.subarray(at, at + f.length);
  }

  /** Where in the bytes a field of `size` bytes lies; throws if the structure ends before it. */
  #place(f: NumberField | BytesField, size: number): number {
    const at = this.base + f.offset;
    if (at + size > this.#bytes.length) {
      throw new ImageError('truncated', 'bytes/short-structure', `a structure ends before its field at +${f.offset}`);
    }
    return at;
  }
}

/** A 64-bit number from its halves; refuses what a JavaScript number cannot hold exactly. The one helper for this. */
export function safeInteger(low: number, high: number): number {
  if (high > 0x1fffff) {
    throw new ImageError(
      'corrupt',
      'bytes/huge-number',
      `a 64-bit field holds ${(BigInt(high) << 32n) | BigInt(low)}, which no image can mean`,
    );
  }
  return high * 0x1_0000_0000 + low;
}

export function safeNumber(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER) || value < BigInt(Number.MIN_SAFE_INTEGER)) {
    throw new ImageError('corrupt', 'bytes/huge-number', `a 64-bit field holds ${value}, which no image can mean`);
  }
  return Number(value);
}

/** Writes `value` into a field: for tests that damage one named field. */
export function patchField(bytes: Uint8Array, base: number, f: NumberField, value: number | bigint): void {
  const little = !f.type.endsWith('be');
  let rest = BigInt(value);
  const size = fieldSize(f);
  for (let i = 0; i < size; i++) {
    bytes[base + f.offset + (little ? i : size - 1 - i)] = Number(rest & 0xffn);
    rest >>= 8n;
  }
}
