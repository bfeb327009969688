/** Path patterns of waivers: `*` and `?` within one name, `**` across folders; anything else is itself. Linear in the path. */
import { compilePattern, type Pattern } from '../matchers/pattern.ts';

const pieces: Readonly<Record<string, string>> = {
  '**/': '(([^/]|/)*/)?',
  '**': '([^/]|/)*',
  '*': '[^/]*',
  '?': '[^/]',
};

/** Whether the whole text matches. A text that is too long to decide on does not. */
export function matchesPath(pattern: string, text: string): boolean {
  return compile(pattern).test(text) === true;
}

function compile(pattern: string): Pattern {
  const source = pattern.replace(/\*\*\/|\*\*|[*?]|[\\^$.|+()[\]{}]/g, (piece) => pieces[piece] ?? `\\${piece}`);
  return compilePattern(`^${source}$`);
}
