/** `check-image stat IMAGE:PATH`. */
import type { CommandEntry } from './command.ts';
import { addImageOptions, type ImageOptions, readerEnds } from './image-options.ts';

export interface StatOptions extends ImageOptions {
  readonly dereference: boolean;
  readonly json: boolean;
}

export const statCommand: CommandEntry = {
  name: 'stat',
  summary: 'show everything known about files of an image',
  declare: (program, act) => {
    const command = program
      .command('stat')
      .description('show everything known about files of an image, with attributes and where they lie')
      .argument('<image:path...>', 'an image and a path in it')
      .option('-L, --dereference', 'follow a link in the last place', false)
      .option('--json', 'as JSON', false)
      .addHelpText('after', '\nExample:\n  $ check-image stat node.wic.zst:/usr/bin/ping\n');
    addImageOptions(command, readerEnds).action((targets: readonly string[], options: StatOptions) =>
      act(async (terminal) => (await import('./show-status.ts')).showStatus(targets, options, terminal)),
    );
  },
};
