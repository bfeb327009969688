/**
 * Shell patterns as fnmatch(3) without flags: `*`, `?` and `[...]` (ranges, no negation, no classes). Linear in practice:
 * only the last `*` is ever taken up again.
 */

/** Whether the whole `text` matches. */
export function matchesGlob(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    const item = globItem(pattern, p);
    if (pattern.charAt(p) === '*') {
      star = p++;
      resume = t;
    } else if (item?.accepts(text.charAt(t))) {
      p = item.end;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else return false;
  }
  while (pattern.charAt(p) === '*') p++;
  return p === pattern.length;
}

interface GlobItem {
  readonly end: number;
  accepts(character: string): boolean;
}

function globItem(pattern: string, at: number): GlobItem | undefined {
  const character = pattern.charAt(at);
  if (character === '') return undefined;
  if (character === '?') return { end: at + 1, accepts: () => true };
  const close = character === '[' ? pattern.indexOf(']', at + 2) : -1;
  if (close < 0) return { end: at + 1, accepts: (c) => c === character };
  const set = pattern.slice(at + 1, close);
  return { end: close + 1, accepts: (c) => isInSet(set, c) };
}

function isInSet(set: string, character: string): boolean {
  for (let i = 0; i < set.length; i++) {
    const [from, dash, to] = [set.charAt(i), set.charAt(i + 1), set.charAt(i + 2)];
    if (dash === '-' && to !== '') {
      if (character >= from && character <= to) return true;
      i += 2;
    } else if (character === from) return true;
  }
  return false;
}
