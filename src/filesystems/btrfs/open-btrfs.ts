/** Opens a btrfs file system: superblock, chunks, root tree and decoders; everything else is read when it is asked for. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { damageFrom } from '../../diagnostic.ts';
import type { OpenOptions } from '../file-system.ts';
import { BtrfsFileSystem } from './btrfs-file-system.ts';
import { parseChunk, parseSystemChunks } from './chunk-map.ts';
import { loadDecoders } from './compression.ts';
import { DataReader } from './data.ts';
import { BtrfsImage } from './image.ts';
import { ITEM } from './key.ts';
import { Subvolumes, TREE } from './subvolumes.ts';
import { findSuperblock } from './superblock.ts';
import { Tree } from './tree.ts';

/** The objectid of all chunks. */
const CHUNKS = 256;

/** ImageError `corrupt`, `truncated` or `unsupported`. */
export async function openBtrfs(source: ByteSource, { limits }: OpenOptions): Promise<BtrfsFileSystem> {
  const { superblock, offset, damage } = findSuperblock(source);
  const image = new BtrfsImage(source, superblock, limits);
  if (damage) {
    const message = `${damage.message}: the mirror at byte ${offset} is used`;
    image.diagnostics.push({ ...damageFrom(damage), level: 'note', code: 'btrfs/mirror-used', message });
  }
  if (superblock.hasLog) {
    const message = 'the btrfs file system was not unmounted: what its log holds is not seen';
    image.diagnostics.push({ level: 'damage', code: 'btrfs/log', message, location: { source: source.label, offset } });
  }
  const context = { label: source.label, size: source.size, deviceId: superblock.deviceId };
  image.chunks.add(parseSystemChunks(superblock.systemChunks, context), source.label);
  const chunkItems = new Tree(image, superblock.chunkTree).itemsOf(CHUNKS, ITEM.chunk);
  image.chunks.add(
    Array.from(chunkItems, ({ key, data }) => parseChunk(key, data, context)),
    source.label,
  );
  const subvolumes = new Subvolumes(image, new Tree(image, superblock.rootTree));
  const checksums = subvolumes.openTree(TREE.checksums)?.tree;
  const decoderOf = await loadDecoders(superblock.sectorSize, superblock.usesZstd);
  return new BtrfsFileSystem(image, subvolumes, new DataReader(image, checksums, decoderOf));
}
