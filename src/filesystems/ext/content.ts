/** The content of files, long symlinks, directories and attribute values: inline, by extents or by block pointers. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { updateCrc32c } from '../../bytes/checksums/crc32c.ts';
import { MemorySource } from '../../bytes/memory-source.ts';
import { ImageError } from '../../errors.ts';
import type { BlockReader } from './block-reader.ts';
import { ExtentMap } from './extents.ts';
import { IndirectMap } from './indirect.ts';
import { readInlineContent } from './inline-data.ts';
import { INODE, type Inode } from './inode.ts';
import type { InodeTable } from './inode-table.ts';
import { MappedSource } from './mapped-source.ts';

/** Throws `unsupported` for encrypted content, `corrupt` if the inode cannot hold its size. */
export function openContent(blocks: BlockReader, inode: Inode, label: string): ByteSource {
  refuseEncrypted(blocks, inode);
  if (inode.has('INLINE_DATA')) return new MemorySource(readInlineContent(blocks, inode), label);
  const map = inode.has('EXTENTS') ? new ExtentMap(blocks, inode) : new IndirectMap(blocks, inode);
  const { size } = inode;
  if (size > map.capacity * blocks.blockSize) {
    throw blocks.corrupt('bad-size', `inode ${inode.number} has a size of ${size} bytes`, inode.offset);
  }
  return new MappedSource(blocks.source, map, blocks.blockSize, size, label);
}

/** Contents and names below an encrypted inode can be read with its key only. */
export function refuseEncrypted(blocks: BlockReader, inode: Inode): void {
  if (!inode.has('ENCRYPT')) return;
  throw new ImageError('unsupported', 'ext4/encrypted', `inode ${inode.number} is encrypted (fscrypt)`, {
    location: { source: blocks.source.label, offset: inode.offset },
    remedy: 'check the tree before it is encrypted',
  });
}

/** The value of an attribute that is kept in the inode `number` (ea_inode). Throws `corrupt`. */
export function readAttributeInode(blocks: BlockReader, inodes: InodeTable, number: number, size: number): Uint8Array {
  const inode = inodes.getReserved(number);
  if (!inode.has('EA_INODE') || inode.type !== 'file' || inode.size !== size) {
    throw blocks.corrupt('bad-attributes', `inode ${number} does not hold an attribute of ${size} bytes`, inode.offset);
  }
  const value = Uint8Array.from(openContent(blocks, inode, blocks.source.label).read(0, size));
  const seed = blocks.superblock.checksumSeed;
  // The access time of such an inode is the checksum of its content.
  if (seed !== undefined && updateCrc32c(seed, value) !== inode.fields.get(INODE.i_atime) >>> 0) {
    throw blocks.corrupt('bad-attributes', `the attribute value in inode ${number} has a wrong checksum`, inode.offset);
  }
  return value;
}
