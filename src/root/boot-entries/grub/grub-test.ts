/** GRUB's `test` and `[`: the expressions a grub.cfg uses to choose. Without parentheses; `-a` binds closer than `-o`. */

const comparisons: Readonly<Record<string, (a: string, b: string) => boolean>> = {
  '=': (a, b) => a === b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '>': (a, b) => a > b,
  '-eq': (a, b) => Number(a) === Number(b),
  '-ne': (a, b) => Number(a) !== Number(b),
  '-lt': (a, b) => Number(a) < Number(b),
  '-le': (a, b) => Number(a) <= Number(b),
  '-gt': (a, b) => Number(a) > Number(b),
  '-ge': (a, b) => Number(a) >= Number(b),
};
const fileTests = new Set(['-d', '-e', '-f', '-s']);

/** Whether the expression in `words` is true; `exists` answers for paths. */
export function isTrueTest(words: readonly string[], exists: (path: string) => boolean): boolean {
  return split(words, '-o').some((all) => split(all, '-a').every((one) => isTrueOne(one, exists)));
}

function isTrueOne(words: readonly string[], exists: (path: string) => boolean): boolean {
  const [first, second, third] = words;
  if (first === undefined) return false;
  if (first === '!') return !isTrueOne(words.slice(1), exists);
  const compare = second === undefined ? undefined : comparisons[second];
  if (compare) return compare(first, third ?? '');
  if (first === '-z') return (second ?? '') === '';
  if (first === '-n') return (second ?? '') !== '';
  if (fileTests.has(first)) return second !== undefined && exists(second);
  return first !== '';
}

function split(words: readonly string[], at: string): string[][] {
  const parts: string[][] = [[]];
  for (const word of words) {
    if (word === at) parts.push([]);
    else parts.at(-1)?.push(word);
  }
  return parts;
}
