/** `check-image readlink IMAGE:PATH`. */
import type { CommandEntry } from './command.ts';
import { addImageOptions, type ImageOptions, readerEnds } from './image-options.ts';

export interface ReadLinkOptions extends ImageOptions {
  readonly canonicalize: boolean;
}

export const readlinkCommand: CommandEntry = {
  name: 'readlink',
  summary: 'show where a symlink of an image points',
  declare: (program, act) => {
    const command = program
      .command('readlink')
      .description('show the target of a symlink of an image as stored, or where a path ends inside the image')
      .argument('<image:path...>', 'an image and a path in it')
      .option('-f, --canonicalize', 'the path after following every link inside the image', false)
      .addHelpText('after', '\nExample:\n  $ check-image readlink -f node.wic.zst:/etc/mtab\n');
    addImageOptions(command, readerEnds).action((targets: readonly string[], options: ReadLinkOptions) =>
      act(async (terminal) => (await import('./print-links.ts')).printLinks(targets, options, terminal)),
    );
  },
};
