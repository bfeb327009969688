/** CRC-32/BZIP2: the polynomial of CRC-32, most significant bit first. */
const table = Int32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24;
  for (let bit = 0; bit < 8; bit++) value = value < 0 ? (value << 1) ^ 0x04c11db7 : value << 1;
  return value;
});

/** Advances the bare register, which starts at -1 and is inverted at the end. */
export function updateCrc(register: number, bytes: Uint8Array): number {
  let crc = register;
  for (const byte of bytes) crc = (crc << 8) ^ (table[(crc >>> 24) ^ byte] as number);
  return crc;
}
