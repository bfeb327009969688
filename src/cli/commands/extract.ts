/** `check-image extract IMAGE[:PATH] DEST`. */
import type { CommandEntry } from './command.ts';
import { addImageOptions, type ImageOptions } from './image-options.ts';

export interface ExtractOptions extends ImageOptions {
  readonly force: boolean;
  readonly owner: boolean;
  readonly specialModes: boolean;
  readonly oneFileSystem: boolean;
}

export const extractCommand: CommandEntry = {
  name: 'extract',
  summary: 'copy a directory or file of an image into a folder',
  declare: (program, act) => {
    const command = program
      .command('extract')
      .description(
        'copy a directory or file of an image into a folder: modes, times, links and holes are kept; device nodes, fifos, ' +
          'sockets and extended attributes are counted, not written (export keeps all but sockets)',
      )
      .argument('<image[:path]>', 'an image and a path in it, / unless given; links in the path are followed')
      .argument('<folder>', 'where the content of the directory, or the file, goes; made if there is none')
      .option('-f, --force', 'write into a folder that is not empty, and replace files in it', false)
      .option('--owner', 'keep owners (as root)', false)
      .option('--special-modes', 'keep setuid and setgid bits', false)
      .option('-x, --one-file-system', 'leave out what is mounted below', false)
      .addHelpText('after', '\nExample:\n  $ check-image extract node.wic.zst:/etc etc-of-node\n');
    addImageOptions(
      command,
      '0 written but what is named, 1 no such path, 2 usage error, 3 not all could be read or written',
    ).action((target: string, folder: string, options: ExtractOptions) =>
      act(async (terminal) => (await import('./extract-tree.ts')).extractTree(target, folder, options, terminal)),
    );
  },
};
