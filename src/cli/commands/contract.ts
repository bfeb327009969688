/** `check-image contract list|show|validate`. */
import type { CommandEntry } from './command.ts';

export const contractCommand: CommandEntry = {
  name: 'contract',
  summary: 'list, show and validate contracts',
  declare: (program, act) => {
    const contract = program.command('contract').description('list, show and validate contracts');
    contract
      .command('list')
      .description('the built-in contracts')
      .action(() => act(async (terminal) => (await import('./contract-work.ts')).listContracts(terminal)));
    contract
      .command('show')
      .description('the parameters and checks of a contract')
      .argument('<name|file>', 'a built-in contract, or a YAML file')
      .option('--json', 'the whole contract as check-image understands it', false)
      .addHelpText('after', '\nExample:\n  $ check-image contract show k3s\n')
      .action((name: string, options: { readonly json: boolean }) =>
        act(async (terminal) => (await import('./contract-work.ts')).showContract(name, options.json, terminal)),
      );
    contract
      .command('validate')
      .description('say what is wrong with contract files, and where')
      .argument('<file...>', 'YAML files')
      .addHelpText('after', '\nExample:\n  $ check-image contract validate contracts/node.yaml\n')
      .action((files: readonly string[]) =>
        act(async (terminal) => (await import('./contract-work.ts')).validateContracts(files, terminal)),
      );
  },
};
