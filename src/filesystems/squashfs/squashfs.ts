/** SquashFS, told by its magic number; a dm-verity hash tree or padding may follow it. */
import type { FileSystemFormat } from '../file-system.ts';

/** `hsqs`; `sqsh` is the same number of a big-endian machine, which version 4.0 no longer writes. */
const MAGICS = ['hsqs', 'sqsh'];

export const squashfs: FileSystemFormat = {
  id: 'squashfs',
  name: 'SquashFS 4.0',

  detect(source) {
    return source.size >= 4 && MAGICS.includes(Buffer.from(source.read(0, 4)).toString('latin1'));
  },

  async open(source, options) {
    const { openSquashfs } = await import('./open-squashfs.ts');
    return openSquashfs(source, options);
  },
};
