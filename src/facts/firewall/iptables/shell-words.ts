/** A line as words: blanks separate, single and double quotes and backslashes keep them together. */

/** The words, and whether a quote was left open. */
export function splitShellWords(line: string): { readonly words: readonly string[]; readonly isClosed: boolean } {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < line.length; at++) {
    const character = line[at] as string;
    if (quote !== '') {
      if (character === quote) quote = '';
      else if (character === '\\' && quote === '"' && at + 1 < line.length) word = (word ?? '') + line[++at];
      else word = (word ?? '') + character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (character === '\\' && at + 1 < line.length) word = (word ?? '') + line[++at];
    else if (character === ' ' || character === '\t' || character === '\r') {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + character;
  }
  if (word !== undefined) words.push(word);
  return { words, isClosed: quote === '' };
}
