/** Prints the manual page. */
import type { ExitCode } from '../../checks/result.ts';
import { collectCommands } from '../completion/command-words.ts';
import { formatManual } from '../manual/format-manual.ts';
import type { Terminal } from '../terminal.ts';
import { version } from '../version.ts';

export async function printManual(terminal: Terminal): Promise<ExitCode> {
  terminal.out(formatManual(collectCommands(), version));
  return 0;
}
