/**
 * Which file of one boot partition is which of the other: what installs kernels writes a version, a generation, a machine id or a
 * hash into names (Boot Loader Specification, types 1 and 2; NixOS: HASH-linux-6.12.5-bzImage.efi), so names are compared without
 * them. Only what is the one of its kind on either side is paired; cases differ in nothing, as on FAT.
 */
import type { NodeType } from '../../filesystems/file-system.ts';
import { joinPairs, type StoreEntry } from './pair-store-paths.ts';

interface BootNode {
  readonly type: NodeType;
  readonly fileSystem: { readonly format: string };
}

const bootFolder = /^\/(?:boot|efi)(?:\/|$)/;
/** 160 bits in Nix's base 32, 128 or more in hexadecimal, UUIDs. */
const hash =
  /(?<![0-9a-z])(?:[0-9a-df-np-sv-z]{32}(?=-)|(?:[0-9a-f]{32,128}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![0-9a-z]))/g;
const number = /[0-9]+(?:\.[0-9]+)*/g;

/** From the strictest: names that differ in their case, in numbers, in words that hold a number. */
const keys: readonly ((name: string) => string)[] = [
  (name) => name,
  (name) => name.replace(hash, '#').replace(number, '#'),
  (name) => {
    const words = name.replace(hash, '#').split(/[-_.]/);
    return words
      .map((word) => (/[0-9#]/.test(word) ? '#' : word))
      .filter((word, i, all) => word !== '#' || all[i - 1] !== '#')
      .join('-');
  },
];

/** Whether names in a folder of that path may tell versions: in all of a FAT file system, in /boot and below it. */
export function isBootFolder(path: string, a: BootNode | undefined, b: BootNode | undefined): boolean {
  if (!a || !b) return false;
  return bootFolder.test(path) || (a.fileSystem.format === 'vfat' && b.fileSystem.format === 'vfat');
}

/** The entries with those of side B that have found their other taken out; in the order given. */
export function pairBootFiles<T extends BootNode>(entries: readonly StoreEntry<T>[]): readonly StoreEntry<T>[] {
  if (entries.every(({ a }) => a) || entries.every(({ b }) => b)) return entries;
  const others = new Map<StoreEntry<T>, StoreEntry<T>>();
  const taken = new Set<StoreEntry<T>>();
  for (const keyOf of keys) {
    for (const [ours, theirs] of findPairs(entries, keyOf)) {
      if (others.has(ours) || taken.has(theirs)) continue;
      others.set(ours, theirs);
      taken.add(theirs);
    }
  }
  return joinPairs(entries, others);
}

/** Of each kind that has one member on either side, and another one, the two. */
function findPairs<T extends BootNode>(
  entries: readonly StoreEntry<T>[],
  keyOf: (name: string) => string,
): readonly (readonly [StoreEntry<T>, StoreEntry<T>])[] {
  const kinds = new Map<string, { readonly a: StoreEntry<T>[]; readonly b: StoreEntry<T>[] }>();
  for (const one of entries) {
    const type = (one.a ?? one.b)?.type;
    const key = `${type} ${keyOf(one.name.toLowerCase())}`;
    const kind = kinds.get(key) ?? { a: [], b: [] };
    kinds.set(key, kind);
    if (one.a) kind.a.push(one);
    if (one.b) kind.b.push(one);
  }
  return [...kinds.values()].flatMap(({ a, b }) => {
    const [ours, theirs] = [a[0], b[0]];
    return a.length === 1 && b.length === 1 && ours && theirs && ours !== theirs ? [[ours, theirs] as const] : [];
  });
}
