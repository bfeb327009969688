/** `check-image ls IMAGE:PATH`. */
import type { CommandEntry } from './command.ts';
import { addImageOptions, type ImageOptions, readerEnds } from './image-options.ts';

export interface ListOptions extends ImageOptions {
  readonly long: boolean;
  readonly all: boolean;
  readonly directory: boolean;
  readonly recursive: boolean;
  readonly numeric: boolean;
  readonly standing: boolean;
}

export const lsCommand: CommandEntry = {
  name: 'ls',
  summary: 'list a directory of an image',
  declare: (program, act) => {
    const command = program
      .command('ls')
      .description('list a directory of an image, as ls does')
      .argument('<image[:path]...>', 'an image and a path in it, / unless given')
      .option('-l, --long', 'modes, owners (by the image’s own names), sizes, times in UTC', false)
      .option('-a, --all', 'names that begin with a dot, too', false)
      .option('-d, --directory', 'a directory itself, not what is in it', false)
      .option('-R, --recursive', 'what is below, too', false)
      .option('-n, --numeric', 'like -l, with numbers for owners', false)
      .option('--standing', 'like -l, with whether it is present, derived by activation or declared for boot', false)
      .addHelpText(
        'after',
        "\nExamples:\n  $ check-image ls -l node.wic.zst:/etc/systemd/system\n  $ check-image ls 'node.wic!p1:/EFI/Linux/linux.efi!.initrd:/'\n",
      );
    addImageOptions(command, readerEnds).action((targets: readonly string[], options: ListOptions) =>
      act(async (terminal) => (await import('./list-files.ts')).listFiles(targets, options, terminal)),
    );
  },
};
