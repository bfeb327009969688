/** `check-image find IMAGE:PATH`. */
import { Option } from 'commander';
import type { CommandEntry } from './command.ts';
import { addImageOptions, type ImageOptions, readerEnds } from './image-options.ts';

export interface FindOptions extends ImageOptions {
  readonly name?: string;
  readonly type?: 'f' | 'd' | 'l' | 'c' | 'b' | 'p' | 's';
  readonly maxDepth?: number;
  readonly oneFileSystem: boolean;
  readonly null: boolean;
}

export const findCommand: CommandEntry = {
  name: 'find',
  summary: 'list what lies below a directory of an image',
  declare: (program, act) => {
    const command = program
      .command('find')
      .description('list what lies below a directory of an image, links not followed')
      .argument('<image[:path]...>', 'an image and a path in it, / unless given')
      .option('--name <pattern>', "names that match: '*.service', with * ? [a-z]")
      .addOption(new Option('--type <letter>', 'only one type').choices(['f', 'd', 'l', 'c', 'b', 'p', 's']))
      .option('--max-depth <levels>', 'levels to go down', readLevels)
      .option('-x, --one-file-system', 'do not enter what is mounted below', false)
      .option('-0, --null', 'end each path with NUL, and write its bytes as they are', false)
      .addHelpText('after', "\nExample:\n  $ check-image find node.wic.zst:/etc --name '*.service' --type l\n");
    addImageOptions(command, readerEnds).action((targets: readonly string[], options: FindOptions) =>
      act(async (terminal) => (await import('./find-files.ts')).findFiles(targets, options, terminal)),
    );
  },
};

function readLevels(text: string): number {
  return /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
}
