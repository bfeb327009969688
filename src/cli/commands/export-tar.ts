/** The work of `export`. */
import type { ExitCode } from '../../checks/result.ts';
import { escapeText } from '../../report/escape.ts';
import { TerminalBuffer } from '../export/terminal-buffer.ts';
import { writeArchive } from '../export/write-archive.ts';
import { withTargets } from '../open-target.ts';
import { Outcome } from '../outcome.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import type { ExportOptions } from './export.ts';
import { readTargetOptions, withSmallCache } from './image-options.ts';

export async function exportTar(argument: string, options: ExportOptions, terminal: Terminal): Promise<ExitCode> {
  if (terminal.columns !== undefined)
    throw new UsageError(
      'a tar archive is nothing to read',
      'write it to a file or a pipe: check-image export IMAGE > rootfs.tar',
    );
  const outcome = new Outcome(terminal);
  const targetOptions = withSmallCache(readTargetOptions(options, true));
  const damage = await withTargets([argument], targetOptions, async ({ image, view, path }) => {
    try {
      if (!view.find(path)) {
        outcome.absent(`there is no ${argument}`);
        return;
      }
      const onProblem = outcome.unreadable.bind(outcome);
      const { oneFileSystem } = options;
      const sockets = await writeArchive(view, path, { oneFileSystem, onProblem }, new TerminalBuffer(terminal));
      // What its reader left out is not in the copy either.
      for (const { code, message } of image.diagnostics)
        if (code === 'tar/acl-without-ids') terminal.err(`check-image: ${escapeText(message)}\n`);
      if (sockets > 0)
        terminal.err(
          `check-image: left out: ${sockets} socket${sockets === 1 ? '' : 's'} (tar has no place for sockets)\n`,
        );
    } catch (thrown) {
      outcome.unreadable(argument, thrown);
    }
  });
  outcome.incomplete(damage);
  return outcome.exitCode;
}
