/**
 * Everything below a directory of the view, parents before children, names in the order of their bytes. Symlinks are shown,
 * not followed; mounts are entered. A directory that cannot be read is given out with its error, and its siblings follow.
 */
import { asImageError, ImageError } from '../errors.ts';
import { type FileSystem, type NodeId, type NodeType, nodeTypeOf } from '../filesystems/file-system.ts';
import { limitExceeded } from '../limits.ts';
import type { RootView } from './root-view.ts';

export interface WalkEntry {
  /** Path in the view: the start as given, then names. */
  readonly path: string;
  readonly type: NodeType;
  /** Levels below the start, which is 0. */
  readonly depth: number;
  readonly fileSystem: FileSystem;
  readonly node: NodeId;
  /** Of a directory whose entries cannot be read, or of an entry that cannot be. */
  readonly error?: ImageError;
}

export interface WalkOptions {
  /** Levels to go down; unlimited unless given. */
  readonly maxDepth?: number;
  /** Stay on the file system of the start. */
  readonly oneFileSystem?: boolean;
}

/** An entry on the way, with the place it has in the view whatever the path it was asked for by. */
interface Step {
  readonly entry: WalkEntry;
  readonly canonical: string;
}

/** Walks from `start`, whose own links are followed; nothing if it does not exist; throws if that cannot be told. */
export function* walkTree(view: RootView, start: string, options: WalkOptions = {}): Generator<WalkEntry> {
  const found = view.find(start);
  if (!found) return;
  const { fileSystem, node } = found;
  const { maxDepth = Number.POSITIVE_INFINITY, oneFileSystem = false } = options;
  const top: WalkEntry = { path: start, type: nodeTypeOf(fileSystem, node), depth: 0, fileSystem, node };
  const stack: Step[] = [{ entry: top, canonical: found.path }];
  for (let step = stack.pop(); step; step = stack.pop()) {
    const { entry } = step;
    const isLeaf = entry.type !== 'directory' || entry.depth >= maxDepth;
    if (isLeaf || (oneFileSystem && entry.fileSystem !== fileSystem)) {
      yield entry;
      continue;
    }
    const read = readEntries(view, step);
    yield read.entry;
    for (let i = read.children.length - 1; i >= 0; i--) stack.push(read.children[i] as Step);
  }
}

function readEntries(view: RootView, { entry, canonical }: Step): { entry: WalkEntry; children: readonly Step[] } {
  const { path, fileSystem, node } = entry;
  try {
    if (entry.depth >= view.limits.depth) throw limitExceeded('depth', view.limits, path, view.locate(path));
    const depth = entry.depth + 1;
    const { entries, mounted } = view.listNode({ fileSystem, node, path: canonical });
    const children = entries.map((child): Step => {
      const below = joined(path, child.name);
      const there = mounted.get(child.name)?.fileSystem ?? fileSystem;
      const at = { path: below, depth, fileSystem: there, node: child.node };
      if (notAName.test(child.name)) return { entry: { ...at, type: 'file', error: badName(view, path) }, canonical };
      return {
        entry: { ...at, type: child.type },
        canonical: path === canonical ? below : joined(canonical, child.name),
      };
    });
    return { entry, children };
  } catch (thrown) {
    return { entry: { ...entry, error: asImageError(thrown) }, children: [] };
  }
}

const joined = (path: string, name: string): string => (path.endsWith('/') ? path + name : `${path}/${name}`);

/** No reader gives out such a name; a walk that copies files must not depend on it. */
const notAName = /[/\0]/;
const badName = (view: RootView, path: string): ImageError =>
  new ImageError('corrupt', 'root/bad-name', 'a directory holds a name with a slash or a NUL in it', {
    location: view.locate(path),
  });
