/**
 * Everything below a path of the view with its status, for copying it out: `walkTree`, each entry looked up once. What cannot
 * be read is given out with its error, and its siblings follow.
 */
import { asImageError, type ImageError } from '../errors.ts';
import type { FileSystem, NodeId, Stat } from '../filesystems/file-system.ts';
import type { RootView } from './root-view.ts';
import { type WalkOptions, walkTree } from './walk-tree.ts';

export interface WalkedNode {
  /** Names below the start, joined by `/`; empty for the start itself. */
  readonly path: string;
  /** Levels below the start, which is 0. */
  readonly depth: number;
  /** What lies there; undefined if that cannot be told. */
  readonly found?: { readonly fileSystem: FileSystem; readonly node: NodeId; readonly stat: Stat };
  /** Why it, or what is in it, cannot be told. */
  readonly error?: ImageError;
}

/** Walks from `start`, whose own links are followed; nothing if it does not exist; throws if that cannot be told. */
export function* walkNodes(view: RootView, start: string, options: WalkOptions = {}): Generator<WalkedNode> {
  const skipped = start.replace(/\/+$/, '').length + 1;
  for (const { path, depth, type, fileSystem, node, error } of walkTree(view, start, options)) {
    const walked = { path: path.slice(skipped), depth };
    if (error && type !== 'directory') {
      yield { ...walked, error };
      continue;
    }
    try {
      yield { ...walked, found: { fileSystem, node, stat: fileSystem.stat(node) }, ...(error ? { error } : {}) };
    } catch (thrown) {
      yield { ...walked, error: asImageError(thrown) };
    }
  }
}

/** The first name that each file with several names was copied to. */
export class CopiedFiles {
  readonly #paths = new Map<FileSystem, Map<NodeId, string>>();

  /** Where another name of the same file was copied to. */
  find({ fileSystem, node }: { readonly fileSystem: FileSystem; readonly node: NodeId }): string | undefined {
    return this.#paths.get(fileSystem)?.get(node);
  }

  /** To be called once the file is copied; files with one name are not kept. */
  add(file: { readonly fileSystem: FileSystem; readonly node: NodeId; readonly stat: Stat }, path: string): void {
    const { fileSystem, node, stat } = file;
    if (stat.links < 2 || stat.type === 'directory') return;
    const paths = this.#paths.get(fileSystem) ?? new Map<NodeId, string>();
    this.#paths.set(fileSystem, paths.set(node, path));
  }
}
