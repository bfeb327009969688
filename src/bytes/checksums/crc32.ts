/**
 * CRC-32/ISO-HDLC (gzip, xz, GPT, zip): polynomial 0x04C11DB7, reflected, inverted before and after. Node's own implementation
 * for content, a table for headers (loading node:zlib takes longer than they do), and a shortcut over runs of zero bytes, of
 * which a disk image is full.
 */

const POLYNOMIAL = 0xedb88320;
/** Bytes in all up to which the table is used: some partition tables. */
const BY_TABLE = 128 * 1024;

let table: Int32Array | undefined;
let byTable = 0;

/** The checksum of the bytes so far followed by `bytes`; `crc` is what an earlier call returned. */
export function crc32(bytes: Uint8Array, crc = 0): number {
  if (byTable + bytes.length > BY_TABLE) return process.getBuiltinModule('node:zlib').crc32(bytes, crc);
  table ??= Int32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
    return value;
  });
  byTable += bytes.length;
  let register = ~crc;
  for (const byte of bytes) register = (register >>> 8) ^ (table[(register ^ byte) & 0xff] as number);
  return ~register >>> 0;
}

/** The same as `crc32` of `length` zero bytes, in logarithmic time. */
export function crc32Zeros(length: number, crc = 0): number {
  let register = ~crc;
  let rest = length;
  for (let power = 0; rest > 0; power++) {
    if (rest % 2 === 1) register = multiply(zeroOperator(power), register);
    rest = Math.floor(rest / 2);
  }
  return ~register >>> 0;
}

/** By power: the linear map that 2^power zero bytes apply to the register, as the images of its 32 bits. */
const operators: Int32Array[] = [];

function zeroOperator(power: number): Int32Array {
  const known = operators[power];
  if (known) return known;
  const half = power === 0 ? undefined : zeroOperator(power - 1);
  const operator = Int32Array.from({ length: 32 }, (_, bit) =>
    half ? multiply(half, multiply(half, 1 << bit)) : oneZeroByte(1 << bit),
  );
  operators[power] = operator;
  return operator;
}

function oneZeroByte(register: number): number {
  let value = register;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
  return value;
}

function multiply(operator: Int32Array, register: number): number {
  let product = 0;
  for (let bit = 0; bit < 32; bit++) if ((register >>> bit) & 1) product ^= operator[bit] as number;
  return product;
}
