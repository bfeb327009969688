/** The work of `extract`. */
import type { ExitCode } from '../../checks/result.ts';
import { copyTree } from '../extract/copy-tree.ts';
import { ensureFolder, HostDirectory } from '../extract/host-directory.ts';
import { withTargets } from '../open-target.ts';
import { Outcome } from '../outcome.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import type { ExtractOptions } from './extract.ts';
import { readTargetOptions } from './image-options.ts';

export async function extractTree(
  argument: string,
  folder: string,
  options: ExtractOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  if (options.owner && process.geteuid?.() !== 0)
    throw new UsageError('--owner gives files to others', 'run as root, or leave it out');
  const outcome = new Outcome(terminal);
  await withTargets([argument], readTargetOptions(options, true), async ({ view, path }) => {
    try {
      if (!view.find(path)) {
        outcome.absent(`there is no ${argument}`);
        return;
      }
      const onProblem = outcome.unreadable.bind(outcome);
      const leftOut = copyTree(view, path, openDestination(folder, options.force), { ...options, onProblem });
      for (const line of leftOut.lines()) terminal.err(`check-image: ${line}\n`);
    } catch (thrown) {
      if (thrown instanceof UsageError) throw thrown;
      outcome.unreadable(argument, thrown);
    }
  });
  return outcome.exitCode;
}

/** Throws UsageError if there is something in it that the user did not give up. */
function openDestination(folder: string, force: boolean): HostDirectory {
  ensureFolder(folder);
  const directory = HostDirectory.open(folder);
  if (force || directory.isEmpty()) return directory;
  directory.close();
  throw new UsageError(`${folder} is not empty`, 'name an empty or new folder, or add --force to replace files in it');
}
