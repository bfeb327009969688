/** Prints the completion script of a shell. */
import type { ExitCode } from '../../checks/result.ts';
import { collectCommands } from '../completion/command-words.ts';
import { formatFishCompletion } from '../completion/fish-completion.ts';
import { formatBashCompletion, formatZshCompletion } from '../completion/posix-completion.ts';
import type { Terminal } from '../terminal.ts';
import type { Shell } from './completion.ts';

const formats = { bash: formatBashCompletion, zsh: formatZshCompletion, fish: formatFishCompletion } as const;

export async function printCompletion(shell: Shell, terminal: Terminal): Promise<ExitCode> {
  terminal.out(formats[shell](collectCommands()));
  return 0;
}
