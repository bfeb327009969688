/**
 * Seeded damage for readers of file systems: whatever the bytes say, walking and reading everything ends in values or in
 * ImageErrors.
 */
import { ImageError } from '../../src/errors.ts';
import type { FileSystem } from '../../src/filesystems/file-system.ts';

/** A generator of whole numbers below a bound, the same on every run (xorshift). */
export function createRandom(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % bound;
  };
}

/** `none`, or kind and code of the ImageError that `action` ends in. Anything else passes through. */
export async function outcomeOf(action: () => unknown): Promise<string> {
  try {
    await action();
    return 'none';
  } catch (error) {
    if (error instanceof ImageError) return `${error.kind} ${error.code}`;
    throw error;
  }
}

/** Asks for everything that at most `most` nodes have, and gathers how it ended. */
export async function readEverything(fileSystem: FileSystem, most = 500): Promise<Set<string>> {
  const outcomes = new Set<string>();
  const seen = new Set([fileSystem.root]);
  const stack = [fileSystem.root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    const current = node;
    const asks = [
      () => fileSystem.xattrs(current),
      () => {
        const { type, size } = fileSystem.stat(current);
        if (type === 'symlink') fileSystem.readLink(current);
        if (type === 'file') {
          const content = fileSystem.open(current);
          content.read(0, Math.min(size, 10_000));
          content.read(Math.max(0, size - 100), Math.min(size, 100));
        }
        if (type !== 'directory') return;
        fileSystem.lookup(current, 'hard');
        for (const entry of fileSystem.list(current)) {
          if (seen.size >= most || seen.has(entry.node)) continue;
          seen.add(entry.node);
          stack.push(entry.node);
        }
      },
    ];
    for (const ask of asks) outcomes.add(await outcomeOf(ask));
  }
  return outcomes;
}
