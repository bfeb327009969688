/**
 * CRC-32C (Castagnoli; ext4, btrfs, iSCSI): polynomial 0x1EDC6F41, reflected. Slicing by eight: eight table lookups advance
 * the register over eight bytes.
 */
const tables = makeTables();

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
  const length = bytes.length;
  const whole = length - (length % 8);
  let crc = register | 0;
  let i = 0;
  for (; i < whole; i += 8) {
    crc ^=
      (bytes[i] as number) |
      ((bytes[i + 1] as number) << 8) |
      ((bytes[i + 2] as number) << 16) |
      ((bytes[i + 3] as number) << 24);
    crc =
      (t[0x700 + (crc & 0xff)] as number) ^
      (t[0x600 + ((crc >>> 8) & 0xff)] as number) ^
      (t[0x500 + ((crc >>> 16) & 0xff)] as number) ^
      (t[0x400 + (crc >>> 24)] as number) ^
      (t[0x300 + (bytes[i + 4] as number)] as number) ^
      (t[0x200 + (bytes[i + 5] as number)] as number) ^
      (t[0x100 + (bytes[i + 6] as number)] as number) ^
      (t[bytes[i + 7] as number] as number);
  }
  for (; i < length; i++) crc = (crc >>> 8) ^ (t[(crc ^ (bytes[i] as number)) & 0xff] as number);
  return crc >>> 0;
}

/** The standard checksum, inverted before and after; `crc` is what an earlier call returned for the bytes before. */
export function crc32c(bytes: Uint8Array, crc = 0): number {
  return ~updateCrc32c(~crc, bytes) >>> 0;
}
