/** C escapes as cunescape() of systemd reads them (src/basic/escape.c). */
import { decodeBytes, encodeBytes } from '../../bytes/names.ts';

const letters: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  s: ' ',
  '\\': '\\',
  '"': '"',
  "'": "'",
};

const escapes = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|([\s\S])|$)/g;

/** The text with its escapes replaced; undefined if one of them does not exist. Bytes that together are UTF-8 become text. */
export function unescapeC(text: string): string | undefined {
  if (!text.includes('\\')) return text;
  let valid = true;
  const replaced = text.replace(escapes, (_all, byte, short, long, octal, letter) => {
    if (letter !== undefined) {
      const value = Object.hasOwn(letters, letter) ? letters[letter] : undefined;
      if (value === undefined) valid = false;
      return value ?? '';
    }
    const code = octal === undefined ? Number.parseInt(byte ?? short ?? long ?? '0', 16) : Number.parseInt(octal, 8);
    if (code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
      valid = false;
      return '';
    }
    const isByte = byte !== undefined || octal !== undefined;
    return isByte && code >= 0x80 ? String.fromCharCode(0xdc00 + code) : String.fromCodePoint(code);
  });
  if (!valid) return undefined;
  return /[\udc80-\udcff]/.test(replaced) ? decodeBytes(encodeBytes(replaced)) : replaced;
}
