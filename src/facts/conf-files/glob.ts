/**
 * fnmatch(3) and glob(3) patterns: `*`, `?`, `[a-z]`, `[!a]`, backslash. Character classes (`[:alpha:]`) are not supported:
 * no file that systemd reads uses them. Linear in practice, at worst pattern times text; no regular expressions.
 */

export interface GlobOptions {
  /** `*` and `?` stop at `/`, and a leading dot must be written (glob(3)); otherwise they match anything (fnmatch without flags). */
  readonly path?: boolean;
  /** A backslash is an ordinary character (FNM_NOESCAPE). */
  readonly literalBackslash?: boolean;
}

/** Whether text has a character that makes it a pattern (systemd's string_is_glob). */
export function isGlob(text: string): boolean {
  return text.includes('*') || text.includes('?') || text.includes('[');
}

/** Whether the whole text matches the pattern. */
export function matchesGlob(pattern: string, text: string, options: GlobOptions = {}): boolean {
  const literalBackslash = options.literalBackslash ?? false;
  if (!options.path) return matchesPart(pattern, text, literalBackslash);
  const patterns = pattern.split('/');
  const parts = text.split('/');
  return (
    patterns.length === parts.length &&
    patterns.every((part, index) => {
      const name = parts[index] as string;
      if (name.startsWith('.') && !part.startsWith('.')) return false;
      return matchesPart(part, name, literalBackslash);
    })
  );
}

/** One greedy pass: on a mismatch the last `*` takes one more character. */
function matchesPart(pattern: string, text: string, literalBackslash: boolean): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let starText = 0;
  while (t < text.length) {
    if (pattern[p] === '*') {
      star = p;
      starText = t;
      p += 1;
      continue;
    }
    const next = matchOne(pattern, p, text[t] as string, literalBackslash);
    if (next >= 0) {
      p = next;
      t += 1;
    } else if (star >= 0) {
      starText += 1;
      t = starText;
      p = star + 1;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p += 1;
  return p === pattern.length;
}

/** Index in the pattern after the element at `p` that matches `character`; -1 if it does not. */
function matchOne(pattern: string, p: number, character: string, literalBackslash: boolean): number {
  const element = pattern[p];
  if (element === undefined) return -1;
  if (element === '?') return p + 1;
  if (element === '[') {
    const set = matchSet(pattern, p, character);
    if (set) return set.matches ? set.end : -1;
  }
  if (element === '\\' && !literalBackslash && p + 1 < pattern.length) return pattern[p + 1] === character ? p + 2 : -1;
  return element === character ? p + 1 : -1;
}

/** A bracket expression; undefined if it is not closed, which makes `[` an ordinary character. */
function matchSet(pattern: string, start: number, character: string): { matches: boolean; end: number } | undefined {
  let at = start + 1;
  const negated = pattern[at] === '!' || pattern[at] === '^';
  if (negated) at += 1;
  const first = at;
  let matches = false;
  for (;;) {
    const low = pattern[at];
    if (low === undefined) return undefined;
    if (low === ']' && at > first) return { matches: matches !== negated, end: at + 1 };
    const high = pattern[at + 2];
    if (pattern[at + 1] === '-' && high !== undefined && high !== ']') {
      if (low <= character && character <= high) matches = true;
      at += 3;
    } else {
      if (low === character) matches = true;
      at += 1;
    }
  }
}
