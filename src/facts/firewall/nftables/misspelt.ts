/**
 * Words that nobody can mean but as another word. The grammar of nft grows, so a word that is not known here may be known to the nft of
 * the image; one that differs from a known word in its case or in one letter is a mistake.
 */

/** What people write who know another filter. */
const foreign: Readonly<Record<string, string>> = {
  allow: 'accept',
  permit: 'accept',
  deny: 'drop',
  block: 'drop',
};

/**
 * The word of `known` that stands for a misspelt one; undefined if it is one of them, or like none. Words shorter than `shortest` are
 * one letter from too many others, unless nothing else can stand in their place.
 */
export function findMeant(word: string, known: ReadonlySet<string>, shortest = 4): string | undefined {
  if (known.has(word) || !/^[A-Za-z_-]+$/.test(word)) return undefined;
  const small = word.toLowerCase();
  if (known.has(small)) return small;
  const other = Object.hasOwn(foreign, small) ? foreign[small] : undefined;
  if (other !== undefined && known.has(other)) return other;
  for (const one of known) if (one.length >= shortest && isOneOff(small, one)) return one;
  return undefined;
}

/** Whether one letter more, less or changed, or two of them in turn, make one word the other. They are not equal. */
function isOneOff(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  const same = (skippedA: number, skippedB: number): boolean => a.slice(at + skippedA) === b.slice(at + skippedB);
  return same(1, 1) || same(0, 1) || same(1, 0) || (a[at] === b[at + 1] && a[at + 1] === b[at] && same(2, 2));
}
