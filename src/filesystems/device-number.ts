/** Device numbers as Linux encodes them in 32 bits: 12 bits of major between the lower 8 and upper 12 bits of minor. */
export function parseDevice(value: number): { readonly major: number; readonly minor: number } {
  return { major: (value >>> 8) & 0xfff, minor: (value & 0xff) | ((value >>> 12) & 0xf_ff00) };
}
