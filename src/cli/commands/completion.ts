/** `check-image completion SHELL`. */
import { Argument } from 'commander';
import type { CommandEntry } from './command.ts';

export type Shell = 'bash' | 'zsh' | 'fish';

export const completionCommand: CommandEntry = {
  name: 'completion',
  summary: 'a script that makes a shell complete commands and options',
  declare: (program, act) => {
    program
      .command('completion')
      .description('a script that makes a shell complete commands and options')
      .addArgument(new Argument('<shell>', 'which shell').choices(['bash', 'zsh', 'fish']))
      .addHelpText(
        'after',
        [
          '',
          'Examples:',
          '  $ . <(check-image completion bash)',
          '  $ check-image completion zsh > ~/.zfunc/_check-image',
          '  $ check-image completion fish > ~/.config/fish/completions/check-image.fish',
          '',
        ].join('\n'),
      )
      .action((shell: Shell) =>
        act(async (terminal) => (await import('./completion-work.ts')).printCompletion(shell, terminal)),
      );
  },
};
