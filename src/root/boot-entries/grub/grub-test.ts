/** GRUB's `test` and `[`: the expressions a grub.cfg uses to choose. Without parentheses; `-a` binds closer than `-o`. */
import { comparisons, splitWords } from '../test-words.ts';

const fileTests = new Set(['-d', '-e', '-f', '-s']);

/** Whether the expression in `words` is true; `exists` answers for paths. */
export function isTrueTest(words: readonly string[], exists: (path: string) => boolean): boolean {
  return splitWords(words, (word) => word === '-o').some((all) =>
    splitWords(all, (word) => word === '-a').every((one) => isTrueOne(one, exists)),
  );
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
