/** The work of `extract`. */
import { rmdirSync } from 'node:fs';
import { hostPath } from '../../bytes/file-source.ts';
import type { ExitCode } from '../../checks/result.ts';
import { asImageError } from '../../errors.ts';
import { type NodeType, nodeTypeOf } from '../../filesystems/file-system.ts';
import { copyTree } from '../extract/copy-tree.ts';
import { ensureFolder, HostDirectory } from '../extract/host-directory.ts';
import { removeContent } from '../extract/remove-content.ts';
import { interruptible } from '../interruption.ts';
import { withTargets } from '../open-target.ts';
import { Outcome } from '../outcome.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import type { ExtractOptions } from './extract.ts';
import { readTargetOptions, withSmallCache } from './image-options.ts';

/** What of an image extraction makes nothing of. */
const unwritten: Partial<Readonly<Record<NodeType, string>>> = {
  character: 'device node',
  block: 'device node',
  fifo: 'fifo',
  socket: 'socket',
};

export async function extractTree(
  argument: string,
  folder: string,
  options: ExtractOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  if (options.owner && process.geteuid?.() !== 0)
    throw new UsageError('--owner gives files to others', 'run as root, or leave it out');
  const outcome = new Outcome(terminal);
  const targetOptions = withSmallCache(readTargetOptions(options, true));
  const damage = await withTargets([argument], targetOptions, async ({ view, path }) => {
    try {
      const found = view.find(path);
      if (!found) {
        outcome.absent(`there is no ${argument}`);
        return;
      }
      const type = nodeTypeOf(found.fileSystem, found.node);
      const name = unwritten[type];
      if (name !== undefined) {
        outcome.absent(
          `${argument} is a ${name}: extract makes none${type === 'socket' ? '' : ', export writes it as tar'}`,
        );
        return;
      }
      const leftOut = await extractInto(folder, options.force, (destination, pause) =>
        copyTree(view, path, destination, { ...options, pause, onProblem: outcome.unreadable.bind(outcome) }),
      );
      for (const line of leftOut.lines()) terminal.err(`check-image: ${line}\n`);
    } catch (thrown) {
      if (thrown instanceof UsageError) throw thrown;
      outcome.unreadable(argument, thrown);
    }
  });
  outcome.incomplete(damage);
  return outcome.exitCode;
}

/**
 * What is interrupted is taken back: everything in a folder that was empty or new. With --force, what is there may be the user's:
 * it stays. Throws UsageError if there is something in the folder that the user did not give up.
 */
async function extractInto<T>(
  folder: string,
  force: boolean,
  extract: (destination: HostDirectory, pause: () => Promise<void>) => Promise<T>,
): Promise<T> {
  const { isNew, directory } = openDestination(folder);
  if (!force && !directory.isEmpty()) {
    directory.close();
    throw new UsageError(
      `${folder} is not empty`,
      'name an empty or new folder, or add --force to replace files in it',
    );
  }
  return interruptible(
    (pause) => extract(directory, pause),
    () => {
      if (force) return;
      removeContent(folder);
      if (isNew) rmdirSync(hostPath(folder));
    },
  );
}

/** Throws UsageError if the folder is none, and cannot be made. */
function openDestination(folder: string): { readonly isNew: boolean; readonly directory: HostDirectory } {
  try {
    return { isNew: ensureFolder(folder), directory: HostDirectory.open(folder) };
  } catch (thrown) {
    const { code, message } = asImageError(thrown);
    throw new UsageError(message, code === 'host/enoent' ? 'make the folder it is to lie in first' : undefined);
  }
}
