/** Path patterns of waivers: `*` and `?` within one name, `**` across folders; anything else is itself. Linear in the path. */
import { compilePattern, type Pattern } from '../matchers/pattern.ts';

const pieces: Readonly<Record<string, string>> = {
  '**/': '(([^/]|/)*/)?',
  '**': '([^/]|/)*',
  '*': '[^/]*',
  '?': '[^/]',
};

/** Patterns come from waivers and rules, a few dozen a run, and are held against thousands of paths. */
const compiled = new Map<string, Pattern>();

/** Whether the whole text matches. A text that is too long to decide on does not. */
export function matchesPath(pattern: string, text: string): boolean {
  const known = compiled.get(pattern) ?? compile(pattern);
  compiled.set(pattern, known);
  return known.test(text) === true;
}

function compile(pattern: string): Pattern {
  const source = pattern.replace(/\*\*\/|\*\*|[*?]|[\\^$.|+()[\]{}]/g, (piece) => pieces[piece] ?? `\\${piece}`);
  return compilePattern(`^${source}$`);
}
