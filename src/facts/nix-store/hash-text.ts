/** Hashes as Nix writes them: base 16, or its own base 32 (least significant digit last, no e, o, t, u), with or without `sha256:`. */
const digits = '0123456789abcdfghijklmnpqrsvwxyz';
const BYTES = 32;
const BASE16 = 64;
const BASE32 = 52;

/** The 32 bytes of a SHA-256 in hex; undefined if the text is none. */
export function parseNixHash(text: string): string | undefined {
  const value = text.startsWith('sha256:') ? text.slice('sha256:'.length) : text;
  if (value.length === BASE16 && /^[0-9a-f]+$/.test(value)) return value;
  return value.length === BASE32 ? parseBase32(value) : undefined;
}

function parseBase32(text: string): string | undefined {
  const bytes = new Uint8Array(BYTES);
  for (let n = 0; n < BASE32; n++) {
    const digit = digits.indexOf(text.charAt(BASE32 - 1 - n));
    if (digit < 0) return undefined;
    const bit = n * 5;
    const at = bit >> 3;
    const shifted = digit << (bit & 7);
    bytes[at] = (bytes[at] ?? 0) | (shifted & 0xff);
    if (shifted > 0xff) {
      if (at + 1 >= BYTES) return undefined;
      bytes[at + 1] = shifted >> 8;
    }
  }
  return Buffer.from(bytes).toString('hex');
}
