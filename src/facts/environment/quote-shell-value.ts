/** A value as systemd prints it for a shell (shell_maybe_quote, src/basic/escape.c): bare if nothing in it is special. */

const special = /[\p{Cc}\p{Surrogate}\p{Noncharacter_Code_Point} "\\`$*?['()<>|&;!]/u;

const letters: Readonly<Record<string, string>> = {
  '\u0007': 'a',
  '\b': 'b',
  '\f': 'f',
  '\n': 'n',
  '\r': 'r',
  '\t': 't',
  '\v': 'v',
};

/** The text, in double quotes with backslashes where needed. */
export function quoteShellValue(text: string): string {
  if (!special.test(text)) return text;
  let quoted = '"';
  for (const character of text) {
    const code = character.charCodeAt(0);
    if (letters[character]) quoted += `\\${letters[character]}`;
    else if (code < 0x20 || code === 0x7f) quoted += `\\${code.toString(8).padStart(3, '0')}`;
    else if ('"\\`$'.includes(character)) quoted += `\\${character}`;
    else quoted += character;
  }
  return `${quoted}"`;
}
