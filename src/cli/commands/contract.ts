/** `check-image contract init|import|list|show|validate`. */
import type { InitOptions } from '../contract/init-contract.ts';
import type { CommandEntry } from './command.ts';
import type { ShowOptions } from './contract-work.ts';
import { addImageOptions } from './image-options.ts';

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

export const contractCommand: CommandEntry = {
  name: 'contract',
  summary: 'draft, import, list, show and validate contracts',
  declare: (program, act) => {
    const contract = program.command('contract').description('draft, import, list, show and validate contracts');
    addImageOptions(
      contract
        .command('init')
        .description('draft a contract from a good image: what somebody decided there, for you to go on from')
        .argument('<image>', 'an image that is as it should be')
        .option('--also <image>', 'another good image: what differs is left out (repeatable)', collect, [])
        .addHelpText(
          'after',
          '\nExample:\n  $ check-image contract init good.wic.zst --also older.wic.zst > node.yaml\n',
        ),
    ).action((image: string, options: InitOptions) =>
      act(async (terminal) => (await import('../contract/init-contract.ts')).initContract(image, options, terminal)),
    );
    contract
      .command('import')
      .description('make a contract of a file of container-structure-test or goss, and say what it cannot express')
      .argument('<file>', 'YAML')
      .addHelpText('after', '\nExample:\n  $ check-image contract import goss.yaml > node.yaml\n')
      .action((file: string) =>
        act(async (terminal) => (await import('../contract/import-contract.ts')).importContract(file, terminal)),
      );
    contract
      .command('list')
      .description('the built-in contracts')
      .action(() => act(async (terminal) => (await import('./contract-work.ts')).listContracts(terminal)));
    contract
      .command('show')
      .description('the parameters and checks of a contract')
      .argument('<name|file>', 'a built-in contract, or a YAML file')
      .option('--set <name=value>', 'as it is for such a node: platform=nixos, role=agent (repeatable)', collect, [])
      .option('--json', 'the whole contract as check-image understands it', false)
      .addHelpText(
        'after',
        '\nExamples:\n  $ check-image contract show k3s\n  $ check-image contract show k3s --set platform=isar --set role=agent\n',
      )
      .action((name: string, options: ShowOptions) =>
        act(async (terminal) => (await import('./contract-work.ts')).showContract(name, options, terminal)),
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
