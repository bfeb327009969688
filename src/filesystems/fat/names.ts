/**
 * Names on FAT: 8.3 in the OEM code page 437 (Linux's default), with Windows NT's case bits, long ones in UTF-16
 * (Microsoft FAT specification 1.03, sections 6 and 7), and the comparison that ignores case.
 */

/** Code page 437 from 0x80. */
const oem =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

const LOWER_BASE = 0x08;
const LOWER_EXTENSION = 0x10;

/** The 11 bytes of a short name as text, `VMLINUZ.EFI`; `caseBits` is the entry's NTRes byte. */
export function decodeShortName(bytes: Uint8Array, caseBits: number): string {
  const base = decodeOem(bytes.subarray(0, 8), true);
  const extension = decodeOem(bytes.subarray(8, 11), false);
  const shownBase = caseBits & LOWER_BASE ? base.toLowerCase() : base;
  if (extension === '') return shownBase;
  return `${shownBase}.${caseBits & LOWER_EXTENSION ? extension.toLowerCase() : extension}`;
}

/** A volume label: 11 bytes without the dot. */
export function decodeLabel(bytes: Uint8Array): string {
  const label = decodeOem(bytes, true);
  return label === 'NO NAME' ? '' : label;
}

function decodeOem(bytes: Uint8Array, isStart: boolean): string {
  let text = '';
  for (const [index, byte] of bytes.entries()) {
    // 0xE5 in the first place would mean "deleted", so it is stored as 5.
    const code = isStart && index === 0 && byte === 0x05 ? 0xe5 : byte;
    text += code < 0x80 ? String.fromCharCode(code) : oem.charAt(code - 0x80);
  }
  return text.replace(/ +$/, '');
}

/** The checksum that ties the parts of a long name to its short entry. */
export function shortNameChecksum(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) sum = (((sum & 1) << 7) + (sum >> 1) + byte) & 0xff;
  return sum;
}

/** A key that is equal for names which Linux's vfat takes for the same: case and dots at the end do not count. */
export function foldName(name: string): string {
  let end = name.length;
  while (end > 0 && name.charCodeAt(end - 1) === 0x2e) end--;
  let folded = '';
  for (const character of name.slice(0, end)) {
    const upper = character.toUpperCase();
    // Simple folding: a character that grows, such as ß, stays itself.
    folded += upper.length === character.length ? upper : character;
  }
  return folded;
}
