/** `check-image rules`. */
import type { CommandEntry } from './command.ts';

export const rulesCommand: CommandEntry = {
  name: 'rules',
  summary: 'the checks of a contract, what contracts can be made of, and lint rules',
  declare: (program, act) => {
    program
      .command('rules')
      .description('the checks of a contract, what contracts can be made of, and lint rules')
      .option('--contract <name|file>', 'the contract', 'k3s')
      .addHelpText('after', '\nExample:\n  $ check-image rules\n')
      .action((options: { readonly contract: string }) =>
        act(async (terminal) => (await import('./reference-work.ts')).listRules(options.contract, terminal)),
      );
  },
};
