/** The variable-length integers of xz (xz-file-format.txt 1.2): seven bits a byte, least significant first. */

/** A place in bytes that are parsed front to back. */
export interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
  /** The error for bytes that make no sense. */
  readonly fail: (message: string) => Error;
}

/** Longest encoding of what a JavaScript number holds exactly. */
const MAX_BYTES = 8;

export function readVarint(cursor: Cursor): number {
  let value = 0;
  for (let i = 0; i < MAX_BYTES; i++) {
    const byte = cursor.bytes[cursor.at];
    if (byte === undefined) throw cursor.fail('an xz number is cut off');
    cursor.at++;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) {
      if ((byte === 0 && i > 0) || !Number.isSafeInteger(value)) break;
      return value;
    }
  }
  throw cursor.fail('an xz number is not in its shortest form, or too large');
}

export function encodeVarint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  bytes.push(rest);
  return Uint8Array.from(bytes);
}
