/** Opens cpio archives and whole initramfs images. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import type { OpenOptions } from '../file-system.ts';
import { CpioFileSystem, CpioTree } from './cpio-file-system.ts';
import { readSegments } from './segments.ts';

/**
 * All archives in `source` as one file system; it may also begin with a compressed one, as an initrd of a boot entry does.
 * ImageError if one is damaged, cut off or passes a limit.
 */
export async function openCpio(source: ByteSource, options: OpenOptions): Promise<CpioFileSystem> {
  const tree = new CpioTree(source, options);
  const read = await readSegments(source, options.limits, tree);
  return new CpioFileSystem(source, tree, read);
}
