/** Opens a UBIFS file system: superblock, master node, journal and decoders; everything else is read when it is asked for. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { decodeDeflate } from '../../bytes/codecs/blocks/deflate.ts';
import { decodeLzo } from '../../bytes/codecs/blocks/lzo.ts';
import { prepareZstdBlocks } from '../../bytes/codecs/blocks/zstd.ts';
import { ImageError } from '../../errors.ts';
import type { OpenOptions } from '../file-system.ts';
import { UbifsImage } from './image.ts';
import { IndexTree } from './index-tree.ts';
import { readJournal } from './journal.ts';
import { readMaster } from './master.ts';
import { Overlay } from './overlay.ts';
import { readSuperblock } from './superblock.ts';
import { UbifsFileSystem } from './ubifs-file-system.ts';

/** ImageError `corrupt`, `truncated` or `unsupported`. */
export async function openUbifs(source: ByteSource, { limits }: OpenOptions): Promise<UbifsFileSystem> {
  const superblock = readSuperblock(source);
  if (superblock.mainFirst * superblock.lebSize > source.size) {
    const message = `the UBIFS file system begins behind the end of ${source.label}`;
    throw new ImageError('truncated', 'ubifs/truncated', message, { location: { source: source.label } });
  }
  const image = new UbifsImage(source, limits, superblock.lebSize);
  const master = readMaster(image, superblock);
  const overlay = new Overlay(image, new IndexTree(image, master.root), readJournal(image, superblock, master));
  const decoders = [undefined, decodeLzo, decodeDeflate, await prepareZstdBlocks()];
  return new UbifsFileSystem({ image, overlay, decoderOf: (compression) => decoders[compression] }, superblock);
}
