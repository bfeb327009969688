/** `check-image explain ID`. */
import type { CommandEntry } from './command.ts';

export const explainCommand: CommandEntry = {
  name: 'explain',
  summary: 'what a check demands, why, and how to fix it',
  declare: (program, act) => {
    program
      .command('explain')
      .description('what a check demands, why, and how to fix it')
      .argument('<id>', 'a check of the contract, a lint rule, or a kind of claim: K3S-SVC-07, links/dangling, sysctl')
      .option('--contract <name|file>', 'the contract that holds it', 'k3s')
      .addHelpText('after', '\nExample:\n  $ check-image explain K3S-SVC-07\n')
      .action((id: string, options: { readonly contract: string }) =>
        act(async (terminal) => (await import('./reference-work.ts')).explain(id, options.contract, terminal)),
      );
  },
};
