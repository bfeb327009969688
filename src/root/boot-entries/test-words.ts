/** What the `test` of GRUB and of U-Boot have in common: how two words compare, and how a list of words falls into parts. */

/** By operator. Numbers are compared as numbers, other words by their characters. */
export const comparisons: Readonly<Record<string, (a: string, b: string) => boolean>> = {
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

/** The parts between the words that `isBetween` tells; one part if there is none. */
export function splitWords<W>(words: readonly W[], isBetween: (word: W) => boolean): readonly (readonly W[])[] {
  const parts: W[][] = [[]];
  for (const word of words) {
    if (isBetween(word)) parts.push([]);
    else parts.at(-1)?.push(word);
  }
  return parts;
}
