/** `check-image cat IMAGE:PATH`. */
import type { CommandEntry } from './command.ts';
import { addImageOptions, type ImageOptions, readerEnds } from './image-options.ts';

export const catCommand: CommandEntry = {
  name: 'cat',
  summary: 'write the content of files of an image to stdout',
  declare: (program, act) => {
    const command = program
      .command('cat')
      .description('write the content of files, or of volumes, of an image to stdout, byte for byte')
      .argument('<image:path...>', 'an image and a path in it; !NAME goes into a partition, a section, a member')
      .addHelpText(
        'after',
        "\nExamples:\n  $ check-image cat node.wic.zst:/etc/os-release\n  $ check-image cat 'node.wic!p1:/loader/loader.conf'\n" +
          "  $ check-image cat 'linux.efi!.cmdline'\n",
      );
    addImageOptions(command, readerEnds).action((targets: readonly string[], options: ImageOptions) =>
      act(async (terminal) => (await import('./print-files.ts')).printFiles(targets, options, terminal)),
    );
  },
};
