/** CRC-16/ANSI (polynomial 0x8005, reflected): group descriptors of ext4 without metadata_csum. */
const table = Uint16Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xa001 : value >>> 1;
  return value;
});

/** Advances the register over `bytes`; ext4 starts at 0xffff, CRC-16/ARC at 0. No inversion at the end. */
export function updateCrc16(register: number, bytes: Uint8Array): number {
  let crc = register;
  for (const byte of bytes) crc = (crc >>> 8) ^ (table[(crc ^ byte) & 0xff] as number);
  return crc;
}
