/**
 * CRC-32C (Castagnoli; ext4, btrfs, iSCSI): polynomial 0x1EDC6F41, reflected. Slicing by eight: eight table lookups advance
 * the register over eight bytes. Zeros at the end, of which half-empty blocks are full, are stepped over in powers of two.
 */
const tables = makeTables();
const isLittleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;
/** From this length on words are read instead of bytes. */
const WORDWISE = 32;

function makeTables(): Int32Array {
  const table = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
    table[byte] = value;
  }
  for (let i = 256; i < table.length; i++) {
    const before = table[i - 256] as number;
    table[i] = (before >>> 8) ^ (table[before & 0xff] as number);
  }
  return table;
}

/**
 * Advances the bare register over `bytes`, without the inversions: what ext4 calls crc32c(seed, ...), where the seed is
 * ~0 or the checksum of what comes before.
 */
export function updateCrc32c(register: number, bytes: Uint8Array): number {
  const t = tables;
  let crc = register | 0;
  let i = 0;
  let zeros = 0;
  if (bytes.length >= WORDWISE && isLittleEndian) {
    const head = -bytes.byteOffset & 3;
    for (; i < head; i++) crc = (crc >>> 8) ^ (t[(crc ^ (bytes[i] as number)) & 0xff] as number);
    const words = new Int32Array(bytes.buffer, bytes.byteOffset + head, (bytes.length - head) >>> 2);
    let used = words.length;
    if (head + used * 4 === bytes.length) while (used > 0 && words[used - 1] === 0) used--;
    zeros = (words.length - used) * 4;
    const pairs = used - (used % 2);
    for (let word = 0; word < pairs; word += 2) {
      const low = crc ^ (words[word] as number);
      const high = words[word + 1] as number;
      crc =
        (t[0x700 + (low & 0xff)] as number) ^
        (t[0x600 + ((low >>> 8) & 0xff)] as number) ^
        (t[0x500 + ((low >>> 16) & 0xff)] as number) ^
        (t[0x400 + (low >>> 24)] as number) ^
        (t[0x300 + (high & 0xff)] as number) ^
        (t[0x200 + ((high >>> 8) & 0xff)] as number) ^
        (t[0x100 + ((high >>> 16) & 0xff)] as number) ^
        (t[high >>> 24] as number);
    }
    i = head + pairs * 4;
  }
  const end = bytes.length - zeros;
  for (; i < end; i++) crc = (crc >>> 8) ^ (t[(crc ^ (bytes[i] as number)) & 0xff] as number);
  return updateCrc32cZeros(crc, zeros);
}

/** Advances the bare register over `length` zero bytes, in logarithmic time. */
export function updateCrc32cZeros(register: number, length: number): number {
  let crc = register;
  let rest = length;
  for (let power = 0; rest > 0; power++) {
    if (rest % 2 === 1) crc = applyOperator(zeroOperator(power), crc);
    rest = Math.floor(rest / 2);
  }
  return crc >>> 0;
}

/** By power: what 2^power zero bytes do to the register, tabulated for each of its four bytes. */
const zeroOperators: Int32Array[] = [];

function zeroOperator(power: number): Int32Array {
  const known = zeroOperators[power];
  if (known) return known;
  const half = power === 0 ? undefined : zeroOperator(power - 1);
  const operator = new Int32Array(4 * 256);
  for (let i = 0; i < operator.length; i++) {
    const value = (i & 0xff) << ((i >>> 8) * 8);
    operator[i] = half
      ? applyOperator(half, applyOperator(half, value))
      : (value >>> 8) ^ (tables[value & 0xff] as number);
  }
  zeroOperators[power] = operator;
  return operator;
}

function applyOperator(operator: Int32Array, register: number): number {
  return (
    (operator[register & 0xff] as number) ^
    (operator[0x100 + ((register >>> 8) & 0xff)] as number) ^
    (operator[0x200 + ((register >>> 16) & 0xff)] as number) ^
    (operator[0x300 + (register >>> 24)] as number)
  );
}

/** The standard checksum, inverted before and after; `crc` is what an earlier call returned for the bytes before. */
export function crc32c(bytes: Uint8Array, crc = 0): number {
  return ~updateCrc32c(~crc, bytes) >>> 0;
}
