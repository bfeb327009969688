/** Opens an EROFS file system: superblock and decoders; everything else is read when it is asked for. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import type { OpenOptions } from '../file-system.ts';
import { loadDecoders } from './decoders.ts';
import { ErofsFileSystem } from './erofs-file-system.ts';
import { ErofsImage } from './image.ts';
import { readSuperblock } from './superblock.ts';

/** ImageError `corrupt`, `truncated` or `unsupported`. */
export async function openErofs(source: ByteSource, { limits }: OpenOptions): Promise<ErofsFileSystem> {
  const superblock = readSuperblock(source);
  const decoders = await loadDecoders(superblock.algorithms);
  return new ErofsFileSystem(new ErofsImage(source, superblock, limits, decoders));
}
