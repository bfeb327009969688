/** A tree of an image into a folder of the host: each node that cannot be read or written is told, and its siblings follow. */
import { asImageError, type ImageError } from '../../errors.ts';
import type { RootView } from '../../root/root-view.ts';
import { walkNodes } from '../../root/walk-nodes.ts';
import type { WalkOptions } from '../../root/walk-tree.ts';
import { baseName } from '../host-files.ts';
import type { HostDirectory } from './host-directory.ts';
import type { LeftOut } from './left-out.ts';
import { TreeWriter, type WriteOptions } from './tree-writer.ts';

/** Answers of the host after which nothing more can be written. */
const fatal: ReadonlySet<string> = new Set(['host/enospc', 'host/edquot', 'host/erofs', 'host/eio', 'host/emfile']);

export interface CopyOptions extends WriteOptions, WalkOptions {
  readonly onProblem: (path: string, error: ImageError) => void;
  /** Awaited between pieces of work: what else there is to do may be done then. */
  readonly pause?: () => Promise<void>;
}

/**
 * Copies what is below `start`, or `start` itself under its own name if it is no directory; closes `destination`. Returns
 * what was left out on purpose. Throws ImageError if the host takes nothing more.
 */
export async function copyTree(
  view: RootView,
  start: string,
  destination: HostDirectory,
  options: CopyOptions,
): Promise<LeftOut> {
  const writer = new TreeWriter(destination, options);
  const ownName = baseName(start);
  const report = async (path: string, act: () => void | Promise<void>): Promise<boolean> => {
    try {
      await act();
      return true;
    } catch (thrown) {
      const error = asImageError(thrown);
      if (fatal.has(error.code)) throw error;
      options.onProblem(`/${path}`, error);
      return false;
    }
  };
  /** A folder that could not be made: what is below it has no place. */
  let missing: string | undefined;
  try {
    for (const node of walkNodes(view, start, options)) {
      await options.pause?.();
      const { path, depth, found, error } = node;
      if (missing !== undefined && path.startsWith(`${missing}/`)) continue;
      await report(path, () => writer.leaveTo(Math.max(1, depth)));
      if (error) options.onProblem(`/${path}`, error);
      const isWritten = await report(path, () => writer.write(node, path === '' ? ownName : baseName(path)));
      if (isWritten && found) await report(path, () => writer.count(found));
      missing = !isWritten && found?.stat.type === 'directory' ? path : undefined;
    }
    await report('', () => writer.leaveTo(0));
    return writer.leftOut;
  } finally {
    writer.abandon();
  }
}
