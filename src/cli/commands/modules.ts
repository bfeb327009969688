/** `check-image modules IMAGE [MODULE...]`. */
import type { CommandEntry } from './command.ts';
import { addImageOptions, type ImageOptions } from './image-options.ts';

export interface ModulesOptions extends ImageOptions {
  readonly showconfig: boolean;
  readonly legend: boolean;
  readonly why: boolean;
  readonly json: boolean;
}

export const modulesCommand: CommandEntry = {
  name: 'modules',
  summary: 'print the kernel modules the image asks for, and whether its kernels have them',
  declare: (program, act) => {
    const command = program
      .command('modules')
      .description(
        'print the kernel modules that are asked for at boot, whether each kernel has them, and what blocks them',
      )
      .argument('<image>', 'a disk image, file system image, archive or folder')
      .argument('[module...]', 'modules to look up instead of those that are asked for')
      .option('-c, --showconfig', 'the configuration of modprobe, as modprobe --showconfig prints it', false)
      .option('--no-legend', 'no header')
      .option('--why', 'the lines that ask for a module, block it or give it options', false)
      .option('--json', 'as JSON', false)
      .addHelpText(
        'after',
        '\nExamples:\n  $ check-image modules node.wic.zst\n  $ check-image modules node.wic.zst --why br_netfilter\n',
      );
    addImageOptions(
      command,
      '0 all was read, 1 no kernel has a module, 2 usage error, 3 something could not be read',
    ).action((image: string, modules: readonly string[], options: ModulesOptions) =>
      act(async (terminal) => (await import('./modules-work.ts')).printModules(image, modules, options, terminal)),
    );
  },
};
