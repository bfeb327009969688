/** The order in which a view gives the names of a directory. */
import { compareNames } from '../bytes/names.ts';
import type { DirectoryEntry } from '../filesystems/file-system.ts';

/** A slash or a NUL, which no name has, or anything beyond ASCII. */
const notPlain = /[/\0\x80-\uffff]/;

export interface SortedEntries {
  /** By the bytes of their names; of two with one name the first, as the kernel's lookup finds it. */
  readonly entries: readonly DirectoryEntry[];
  /** Whether every name is plain ASCII that can be a name: nearly always so, and then nobody needs to look again. */
  readonly arePlain: boolean;
}

/** Sorts a copy, unless they are in order: tools that make images add names so. */
export function sortEntries(given: readonly DirectoryEntry[]): SortedEntries {
  let arePlain = true;
  let areInOrder = true;
  let last = '';
  for (const { name } of given) {
    if (notPlain.test(name)) arePlain = false;
    if (name <= last) areInOrder = false;
    last = name;
  }
  if (arePlain && areInOrder) return { entries: given, arePlain };
  const entries = given.toSorted(arePlain ? byPlainName : (a, b) => compareNames(a.name, b.name));
  for (let i = 1; i < entries.length; i++) {
    if (entries[i]?.name === entries[i - 1]?.name) return { entries: withoutRepeated(entries), arePlain };
  }
  return { entries, arePlain };
}

const byPlainName = (a: DirectoryEntry, b: DirectoryEntry): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

const withoutRepeated = (entries: readonly DirectoryEntry[]): DirectoryEntry[] =>
  entries.filter(({ name }, i) => name !== entries[i - 1]?.name);
