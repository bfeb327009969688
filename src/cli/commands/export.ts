/** `check-image export IMAGE[:PATH]`. */
import type { CommandEntry } from './command.ts';
import { addImageOptions, type ImageOptions, readerEnds } from './image-options.ts';

export interface ExportOptions extends ImageOptions {
  readonly oneFileSystem: boolean;
}

export const exportCommand: CommandEntry = {
  name: 'export',
  summary: 'write a directory of an image to stdout as a tar archive',
  declare: (program, act) => {
    const command = program
      .command('export')
      .description(
        'write a directory of an image to stdout as a tar archive (pax): with modes, owners, times, links, device nodes, ' +
          'extended attributes; sparse files in full, sockets not at all; the same image always gives the same bytes',
      )
      .argument('<image[:path]>', 'an image and a path in it, / unless given; links in the path are followed')
      .option('-x, --one-file-system', 'leave out what is mounted below', false)
      .addHelpText(
        'after',
        "\nExample:\n  $ check-image export node.wic.zst | sudo tar -x -p --numeric-owner --xattrs --xattrs-include='*' -C root\n",
      );
    addImageOptions(command, readerEnds).action((target: string, options: ExportOptions) =>
      act(async (terminal) => (await import('./export-tar.ts')).exportTar(target, options, terminal)),
    );
  },
};
