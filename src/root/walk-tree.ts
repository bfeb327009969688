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

/** An entry with the place it has in the view, by whatever path it was asked for. */
interface Step extends WalkEntry {
  readonly canonical: string;
}

/** Walks from `start`, whose own links are followed; nothing if it does not exist; throws if that cannot be told. */
export function* walkTree(view: RootView, start: string, options: WalkOptions = {}): Generator<WalkEntry> {
  const found = view.find(start);
  if (!found) return;
  const { fileSystem, node } = found;
  const { maxDepth = Number.POSITIVE_INFINITY, oneFileSystem = false } = options;
  const type = nodeTypeOf(fileSystem, node);
  const stack: Step[] = [{ path: start, type, depth: 0, fileSystem, node, canonical: found.path }];
  for (let step = stack.pop(); step; step = stack.pop()) {
    const isLeaf = step.type !== 'directory' || step.depth >= maxDepth;
    if (isLeaf || (oneFileSystem && step.fileSystem !== fileSystem)) {
      yield step;
      continue;
    }
    const children = readChildren(view, step);
    yield children instanceof ImageError ? { ...step, error: children } : step;
    if (children instanceof ImageError) continue;
    for (let i = children.length - 1; i >= 0; i--) stack.push(children[i] as Step);
  }
}

export interface WalkedDirectory {
  /** Path in the view: the start as given, then names. */
  readonly path: string;
  readonly children: readonly WalkEntry[];
  /** Why what is in it cannot be told. */
  readonly error?: ImageError;
}

/** The directories from `start` down, parents before children, each with what is in it; otherwise as `walkTree`. */
export function* walkDirectories(view: RootView, start: string): Generator<WalkedDirectory> {
  const found = view.find(start);
  if (!found) return;
  const { fileSystem, node } = found;
  const stack: Step[] = [{ path: start, type: 'directory', depth: 0, fileSystem, node, canonical: found.path }];
  for (let step = stack.pop(); step; step = stack.pop()) {
    const { path } = step;
    const children = readChildren(view, step);
    if (children instanceof ImageError) {
      yield { path, children: [], error: children };
      continue;
    }
    yield { path, children };
    for (const child of children.toReversed()) if (child.type === 'directory' && !child.error) stack.push(child);
  }
}

function readChildren(view: RootView, directory: Step): readonly Step[] | ImageError {
  const { path, fileSystem, node, canonical } = directory;
  try {
    if (directory.depth >= view.limits.depth) throw limitExceeded('depth', view.limits, path, view.locate(path));
    const depth = directory.depth + 1;
    const { entries, mounted, arePlain } = view.listNode({ fileSystem, node, path: canonical });
    return entries.map((child): Step => {
      const below = joined(path, child.name);
      const there = mounted.size === 0 ? fileSystem : (mounted.get(child.name)?.fileSystem ?? fileSystem);
      const own = path === canonical ? below : joined(canonical, child.name);
      const step: Step = { path: below, type: child.type, depth, fileSystem: there, node: child.node, canonical: own };
      return !arePlain && notAName.test(child.name) ? { ...step, type: 'file', error: badName(view, path) } : step;
    });
  } catch (thrown) {
    return asImageError(thrown);
  }
}

const joined = (path: string, name: string): string => (path.endsWith('/') ? path + name : `${path}/${name}`);

/** No reader gives out such a name; a walk that copies files must not depend on it. */
const notAName = /[/\0]/;
const badName = (view: RootView, path: string): ImageError =>
  new ImageError('corrupt', 'root/bad-name', 'a directory holds a name with a slash or a NUL in it', {
    location: view.locate(path),
  });
