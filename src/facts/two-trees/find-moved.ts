/** Files that are gone from one place and there in another: the same size, and the same content. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { readDigest } from '../../bytes/checksums/source-digest.ts';
import type { TreeNode } from './pair-walk.ts';
import type { TreeDifference } from './tree-difference.ts';

/** Files of one size that a file may have become: among more nobody looks. */
const MAX_CANDIDATES = 1000;

export interface LooseFile {
  readonly difference: TreeDifference;
  readonly size: number;
  readonly open: () => ByteSource;
  readonly node: TreeNode;
}

/** What came, with what it was before. Only files of one size are read. Throws ImageError. */
export function findMoved(
  removed: readonly LooseFile[],
  added: readonly LooseFile[],
): ReadonlyMap<LooseFile, LooseFile> {
  const bySize = new Map<number, LooseFile[]>();
  // An empty file says nothing of where it comes from.
  for (const one of added) if (one.size > 0) bySize.set(one.size, [...(bySize.get(one.size) ?? []), one]);
  const digests = new Map<LooseFile, string>();
  const digestOf = (one: LooseFile): string => {
    const known = digests.get(one) ?? readDigest(one.open(), 'sha256');
    digests.set(one, known);
    return known;
  };
  const moves = new Map<LooseFile, LooseFile>();
  const found = new Set<LooseFile>();
  // Files that kept their name first: of many with one content each goes to its own.
  for (const isSame of [hasSameName, () => true]) {
    for (const one of removed) {
      if (found.has(one)) continue;
      const candidates = bySize.get(one.size) ?? [];
      if (candidates.length > MAX_CANDIDATES) continue;
      const other = candidates.find((each) => isSame(one, each) && digestOf(each) === digestOf(one));
      if (!other) continue;
      candidates.splice(candidates.indexOf(other), 1);
      found.add(one);
      moves.set(other, one);
    }
  }
  return moves;
}

const hasSameName = (a: LooseFile, b: LooseFile): boolean => nameOf(a) === nameOf(b);

function nameOf({ difference: { path } }: LooseFile): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
