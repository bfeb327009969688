/**
 * Everything below a directory of the view, parents before children, names in the order of their bytes. Symlinks are shown,
 * not followed; mounts are entered. A directory that cannot be read is given out with its error, and its siblings follow.
 */
import { asImageError, type ImageError } from '../errors.ts';
import type { NodeType } from '../filesystems/file-system.ts';
import { limitExceeded } from '../limits.ts';
import type { RootView } from './root-view.ts';

export interface WalkEntry {
  /** Path in the view: the start as given, then names. */
  readonly path: string;
  readonly type: NodeType;
  /** Levels below the start, which is 0. */
  readonly depth: number;
  /** Of a directory whose entries cannot be read. */
  readonly error?: ImageError;
}

export interface WalkOptions {
  /** Levels to go down; unlimited unless given. */
  readonly maxDepth?: number;
  /** Stay on the file system of the start. */
  readonly oneFileSystem?: boolean;
}

/** Walks from `start`, whose own links are followed; nothing if it does not exist; throws if that cannot be told. */
export function* walkTree(view: RootView, start: string, options: WalkOptions = {}): Generator<WalkEntry> {
  const found = view.find(start);
  if (!found) return;
  const { fileSystem } = found;
  const stack: WalkEntry[] = [{ path: start, type: fileSystem.stat(found.node).type, depth: 0 }];
  for (;;) {
    const entry = stack.pop();
    if (!entry) return;
    const isLeaf = entry.type !== 'directory' || entry.depth >= (options.maxDepth ?? Number.POSITIVE_INFINITY);
    if (isLeaf || (options.oneFileSystem && isElsewhere(view, entry.path, fileSystem))) {
      yield entry;
      continue;
    }
    const read = readEntries(view, entry);
    yield read.entry;
    for (const child of read.children.reverse()) stack.push(child);
  }
}

function readEntries(view: RootView, entry: WalkEntry): { entry: WalkEntry; children: WalkEntry[] } {
  try {
    if (entry.depth >= view.limits.depth)
      throw limitExceeded('depth', view.limits, entry.path, view.locate(entry.path));
    const prefix = entry.path.endsWith('/') ? entry.path : `${entry.path}/`;
    const depth = entry.depth + 1;
    const children = (view.list(entry.path) ?? []).map(({ name, type }) => ({ path: prefix + name, type, depth }));
    return { entry, children };
  } catch (thrown) {
    return { entry: { ...entry, error: asImageError(thrown) }, children: [] };
  }
}

function isElsewhere(view: RootView, path: string, fileSystem: unknown): boolean {
  const found = view.resolve(path);
  return found.state === 'found' && found.fileSystem !== fileSystem;
}
