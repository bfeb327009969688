/**
 * What an image says, made safe to show: control characters (C0, DEL, C1), bidirectional overrides and other invisible
 * format characters, line separators, lone surrogates, code points that are no characters (U+FFFE). A byte that is no UTF-8
 * (see bytes/names.ts) shows as itself.
 */
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Noncharacter_Code_Point}]/gu;

const plain = /^[ -~]*$/;

/** For one line of text on a terminal or in a log: `\x1b`, `\u{202e}`. */
export function escapeText(text: string): string {
  if (plain.test(text)) return text;
  return text.replace(unsafe, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code >= 0xdc80 && code <= 0xdcff) return hexByte(code - 0xdc00);
    return code <= 0xff ? hexByte(code) : `\\u{${code.toString(16)}}`;
  });
}

const hexByte = (code: number): string => `\\x${code.toString(16).padStart(2, '0')}`;

/** JSON with everything `escapeText` hides written as `\uXXXX`: the text is the same after parsing. */
export function formatJson(value: unknown): string {
  return escapeJson(`${JSON.stringify(value, null, 2)}\n`);
}

/** The same on one line: for what only programs read. */
export function formatCompactJson(value: unknown): string {
  return escapeJson(`${JSON.stringify(value)}\n`);
}

function escapeJson(text: string): string {
  return text.replace(unsafe, (character) => {
    if (character === '\n') return character;
    return [...Array(character.length).keys()]
      .map((i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`)
      .join('');
  });
}
