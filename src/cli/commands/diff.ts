/** `check-image diff A B`. */
import { Option } from 'commander';
import type { ChangeClass } from '../../diff/change.ts';
import type { CommandEntry } from './command.ts';
import { addImageOptions, type ImageOptions } from './image-options.ts';

export interface DiffCommandOptions extends ImageOptions {
  readonly contract: string;
  readonly set: readonly string[];
  readonly against?: 'contract';
  readonly failOn: Exclude<ChangeClass, 'noise'>;
  readonly only: readonly string[];
  readonly files: boolean;
  readonly all: boolean;
  readonly waivers: readonly string[];
  /** Undefined unless given. */
  readonly format?: string;
  readonly output: readonly string[];
  readonly width?: number;
}

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];
const collectList = (value: string, before: readonly string[]): readonly string[] => [
  ...before,
  ...value.split(',').filter((part) => part !== ''),
];

export const diffCommand: CommandEntry = {
  name: 'diff',
  summary: 'what really differs between two images',
  declare: (program, act) => {
    const command = program
      .command('diff')
      .description('compare two images by what they say: units, packages, kernel parameters, ports, verdicts ...')
      .argument(
        '<image...>',
        'two images, or files of inspect --facts; one with --against; an image may lie in another (disk.ova!p2, installer.wic:/rootfs.ext4.zst)',
      )
      .addOption(new Option('--against <what>', 'compare one image with what the contract wants').choices(['contract']))
      .option(
        '--contract <name|file>',
        'the contract whose verdicts are compared: a built-in one, or a YAML file',
        'k3s',
      )
      .option('--set <name=value>', 'a parameter of the contract (repeatable)', collect, [])
      .option('--only <concerns>', 'compare only these: units,packages (repeatable)', collectList, [])
      .option('--files', 'also compare the files, of two images of one platform', false)
      .option('--all', 'also show what differs in form only, and what changes with every build', false)
      .addOption(
        new Option('--fail-on <class>', 'changes that fail the run')
          .choices(['equivalent', 'intended', 'drift', 'breaking'])
          .default('breaking'),
      )
      .option('--waivers <file>', 'differences that are expected, with a reason (repeatable)', collect, [])
      .option('--format <format>', 'what to print: text (unless given), json, markdown, html')
      .option(
        '--output <format=file>',
        'also write a report: html=diff.html (repeatable); json=- prints it in place of the text',
        collect,
        [],
      )
      .addHelpText(
        'after',
        [
          '',
          'Changes are equivalent (another form of the same), intended (listed, with a reason), drift, or breaking (one side',
          'violates the contract by them).',
          '',
          'Exit codes: 0 nothing at or above --fail-on, 1 something, 2 usage error, 3 a side could not be read, 70 a bug.',
          '',
          'Examples:',
          '  $ check-image diff yesterday.wic.zst today.wic.zst',
          '  $ check-image diff --files --output html=diff.html yesterday.wic today.wic',
          '  $ check-image diff --only units,packages nixos.img isar.wic',
          "  $ check-image diff 'update.swu!rootfs.ext4.zst' 'today.wic!p2'",
          '  $ check-image inspect --facts release.wic > release.json; check-image diff release.json today.wic',
          '',
        ].join('\n'),
      );
    addImageOptions(command).action((images: readonly string[], options: DiffCommandOptions) =>
      act(async (terminal) => (await import('./diff-images.ts')).diffImages(images, options, terminal)),
    );
  },
};
