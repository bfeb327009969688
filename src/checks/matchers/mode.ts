/** File modes: the low 12 bits, written in octal or as nine letters. */
import { parseMode as parseOctalMode } from '../../facts/systemd/values/integer.ts';

export { formatMode } from '../../facts/systemd/values/integer.ts';

/** 0..0o7777, or undefined if the text is no mode. `755`, `0755`, `00755`, `rwxr-xr-x`. */
export function parseMode(text: string): number | undefined {
  if (!/^(?:[r-][w-][xsS-]){2}[r-][w-][xtT-]$/.test(text)) return parseOctalMode(text);
  let mode = 0;
  for (let i = 0; i < 9; i++) {
    const letter = text[i] as string;
    if (letter !== '-' && letter !== 'S' && letter !== 'T') mode |= 1 << (8 - i);
    if ('sStT'.includes(letter)) mode |= 0o1000 << (2 - Math.floor(i / 3));
  }
  return mode;
}
