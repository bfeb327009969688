/**
 * Which path of one Nix store is which of the other: the same path, else the only one of its name, else the only one of its package
 * and output. Where several have one name, none is paired.
 */
import { isStoreName, storePathHash } from '../../root/nixos/store-path.ts';
import { parseNixName } from '../packages/nix-name.ts';

/** Entries of a directory that is a store, by name; one side is missing where only the other has it. */
export interface StoreEntry<T> {
  readonly name: string;
  readonly a?: T;
  readonly b?: T;
  /** What side B calls it, if otherwise. */
  readonly otherName?: string;
}

const keys: readonly ((name: string) => string)[] = [
  nameOf,
  (name) => {
    const { name: project, output = '' } = parseNixName(nameOf(name));
    return `${project} ${output}`;
  },
];

/** The entries with those of side B that have found their other taken out; in the order given. */
export function pairStorePaths<T>(entries: readonly StoreEntry<T>[]): readonly StoreEntry<T>[] {
  const others = new Map<StoreEntry<T>, StoreEntry<T>>();
  const taken = new Set<StoreEntry<T>>();
  for (const keyOf of keys) {
    const isFree = (one: StoreEntry<T>): boolean => isStoreName(one.name) && !others.has(one) && !taken.has(one);
    const ours = onlyOnes(
      entries.filter((one) => isFree(one) && !one.b),
      keyOf,
    );
    const theirs = onlyOnes(
      entries.filter((one) => isFree(one) && !one.a),
      keyOf,
    );
    for (const [key, one] of ours) {
      const other = theirs.get(key);
      if (!other) continue;
      others.set(one, other);
      taken.add(other);
    }
  }
  return joinPairs(entries, others);
}

/** Each entry of side A with the one of side B that is its other, which is taken out; in the order given. */
export function joinPairs<T>(
  entries: readonly StoreEntry<T>[],
  others: ReadonlyMap<StoreEntry<T>, StoreEntry<T>>,
): readonly StoreEntry<T>[] {
  const taken = new Set(others.values());
  return entries.flatMap((one) => {
    if (taken.has(one)) return [];
    const other = others.get(one);
    return other?.b === undefined ? [one] : [{ ...one, b: other.b, otherName: other.name }];
  });
}

/** By key, what nothing else shares it with. */
function onlyOnes<T>(
  entries: readonly StoreEntry<T>[],
  keyOf: (name: string) => string,
): ReadonlyMap<string, StoreEntry<T>> {
  const found = new Map<string, StoreEntry<T> | undefined>();
  for (const one of entries) {
    const key = keyOf(one.name);
    found.set(key, found.has(key) ? undefined : one);
  }
  return new Map([...found].flatMap(([key, one]) => (one ? [[key, one] as const] : [])));
}

/** `k3s-1.32.1` of `HASH-k3s-1.32.1`. */
function nameOf(entry: string): string {
  return entry.slice(storePathHash + 1);
}
