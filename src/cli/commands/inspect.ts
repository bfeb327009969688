/** `check-image inspect IMAGE`. */
import { Option } from 'commander';
import type { CommandEntry } from './command.ts';
import { addImageOptions, type ImageOptions } from './image-options.ts';

export interface InspectOptions extends ImageOptions {
  readonly json: boolean;
  readonly format: 'text' | 'json';
  readonly facts: boolean;
  readonly verify: boolean;
  readonly contract: string;
  readonly set: readonly string[];
  readonly fact: readonly string[];
}

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

export const inspectCommand: CommandEntry = {
  name: 'inspect',
  summary: 'show what an image is made of and what it says',
  declare: (program, act) => {
    const command = program
      .command('inspect')
      .description('show what an image is made of: layers, partitions, root, boot entry, system')
      .argument('<image...>', 'disk images, file system images, archives or folders')
      .addOption(
        new Option('--format <format>', 'a page to read, or JSON with every fact')
          .choices(['text', 'json'])
          .default('text'),
      )
      .option('--json', 'as --format json', false)
      .option(
        '--fact <id>',
        'only this fact, as JSON: platform, unit=ssh.service, file=/etc/fstab (repeatable)',
        collect,
        [],
      )
      .option('--verify', 'read all of it: hold it against its block map (.bmap) and its dm-verity hash trees', false)
      .option('--facts', 'what a diff compares, to be kept in place of the image', false)
      .option('--contract <name|file>', 'the contract whose verdicts --facts keeps', 'k3s')
      .option('--set <name=value>', 'a parameter of that contract (repeatable)', collect, [])
      .addHelpText(
        'after',
        [
          '',
          'Examples:',
          '  $ check-image inspect node.wic.zst',
          '  $ check-image inspect --fact platform node.wic.zst',
          '  $ check-image inspect --facts node.wic.zst > yesterday.json',
          '',
        ].join('\n'),
      );
    addImageOptions(command, '0 all was read, 2 usage error, 3 something could not be read').action(
      (images: readonly string[], options: InspectOptions) =>
        act(async (terminal) => (await import('./inspect-images.ts')).inspectImages(images, options, terminal)),
    );
  },
};
