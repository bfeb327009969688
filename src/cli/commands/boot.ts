/** `check-image boot IMAGE`: the boot chain, link by link. */
import type { CommandEntry } from './command.ts';
import { addImageOptions, type ImageOptions } from './image-options.ts';

interface BootOptions extends ImageOptions {
  readonly json: boolean;
}

export const bootCommand: CommandEntry = {
  name: 'boot',
  summary: 'show link by link whether an image boots',
  declare: (program, act) => {
    const command = program
      .command('boot')
      .description('show link by link whether an image boots: firmware, loader, kernel, initrd, root, mounts, init')
      .argument('<image...>', 'disk images, file system images, archives or folders')
      .option('--json', 'as JSON', false)
      .addHelpText('after', '\nExample:\n  $ check-image boot node.wic.zst\n');
    addImageOptions(command, '0 it boots as far as files tell, 1 it does not, 2 usage error, 3 no verdict').action(
      (images: readonly string[], { json, ...options }: BootOptions) =>
        act(async (terminal) => {
          const { judgeImages } = await import('./judge-images.ts');
          return judgeImages(images, { ...chainOptions, ...options, format: json ? 'json' : 'chain' }, terminal);
        }),
    );
  },
};

/** The gate with the contract of the chain. */
const chainOptions = {
  contract: 'boot',
  set: [],
  output: [],
  failOn: 'must',
  strict: false,
  only: [],
  skip: [],
  verbose: true,
  waivers: [],
  lint: false,
} as const;
