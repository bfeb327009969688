/** Opens a SquashFS file system: superblock and decoder; everything else is read when it is asked for. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { ImageError } from '../../errors.ts';
import type { OpenOptions } from '../file-system.ts';
import { loadDecoder } from './compressors.ts';
import { SquashfsImage } from './image.ts';
import { SquashfsFileSystem } from './squashfs-file-system.ts';
import { readSuperblock, SUPERBLOCK } from './superblock.ts';

/** ImageError `corrupt`, `truncated` or `unsupported`. */
export async function openSquashfs(source: ByteSource, { limits }: OpenOptions): Promise<SquashfsFileSystem> {
  const superblock = readSuperblock(source);
  const decode = await loadDecoder(superblock.compression);
  if (decode) return new SquashfsFileSystem(new SquashfsImage(source, superblock, limits, decode));
  throw new ImageError(
    'unsupported',
    'squashfs/compressor',
    `the SquashFS compressor number ${superblock.compression} is not known`,
    { location: { source: source.label, offset: SUPERBLOCK.compression.offset } },
  );
}
