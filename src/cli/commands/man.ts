/** `check-image man`. */
import type { CommandEntry } from './command.ts';

export const manCommand: CommandEntry = {
  name: 'man',
  summary: 'the manual page',
  declare: (program, act) => {
    program
      .command('man')
      .description('the manual page, for man(1)')
      .addHelpText('after', '\nExample:\n  $ check-image man | man -l -\n')
      .action(() => act(async (terminal) => (await import('./man-work.ts')).printManual(terminal)));
  },
};
