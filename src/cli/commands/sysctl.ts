/** `check-image sysctl IMAGE [KEY...]`. */
import type { CommandEntry } from './command.ts';
import { addImageOptions, type ImageOptions } from './image-options.ts';

export interface SysctlOptions extends ImageOptions {
  readonly all: boolean;
  readonly values: boolean;
  readonly why: boolean;
  readonly json: boolean;
}

export const sysctlCommand: CommandEntry = {
  name: 'sysctl',
  summary: 'print the kernel parameters the booted machine would have set',
  declare: (program, act) => {
    const command = program
      .command('sysctl')
      .description('print the kernel parameters that the image sets at boot; what it does not set is the kernel’s')
      .argument('<image>', 'a disk image, file system image, archive or folder')
      .argument('[key...]', 'net.ipv4.ip_forward or net/ipv4/ip_forward; all unless given')
      .option('-a, --all', 'all that are set', false)
      .option('-n, --values', 'values without keys', false)
      .option('--why', 'the file and line behind each value, and what it overrides', false)
      .option('--json', 'as JSON', false)
      .addHelpText('after', '\nExample:\n  $ check-image sysctl node.wic.zst --why net.ipv4.ip_forward\n');
    addImageOptions(command, '0 all was read, 1 a key is not set, 2 usage error, 3 something could not be read').action(
      (image: string, keys: readonly string[], options: SysctlOptions) =>
        act(async (terminal) => (await import('./sysctl-work.ts')).printParameters(image, keys, options, terminal)),
    );
  },
};
