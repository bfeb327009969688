/**
 * Content inside the inode (kernel docs, filesystems/ext4: "Inline Data"): the first 60 bytes in i_block, the rest as the value
 * of the attribute `system.data`. In a directory the first four bytes are the number of the parent.
 */
import type { BlockReader } from './block-reader.ts';
import type { Inode } from './inode.ts';
import { readInlineAttribute } from './xattrs.ts';

const PARENT = 4;

/** The areas that hold the content, in order; copies. */
function inlineAreas(blocks: BlockReader, inode: Inode): readonly [Uint8Array, Uint8Array] {
  return [Uint8Array.from(inode.block), readInlineAttribute(blocks, inode) ?? new Uint8Array(0)];
}

/** Content of a file or symlink. Throws `corrupt` if the inode is too small for its size. */
export function readInlineContent(blocks: BlockReader, inode: Inode): Uint8Array {
  const [head, rest] = inlineAreas(blocks, inode);
  const { size } = inode;
  if (size > head.length + rest.length) {
    throw blocks.corrupt('bad-inline-data', `inode ${inode.number} holds less than its ${size} bytes`, inode.offset);
  }
  const content = new Uint8Array(size);
  content.set(head.subarray(0, size));
  content.set(rest.subarray(0, Math.max(0, size - head.length)), Math.min(size, head.length));
  return content;
}

/** The areas with the entries of a directory: each is filled by entries to its end. */
export function readInlineEntries(blocks: BlockReader, inode: Inode): readonly Uint8Array[] {
  const [head, rest] = inlineAreas(blocks, inode);
  const { size } = inode;
  if (size < head.length || size > head.length + rest.length) {
    throw blocks.corrupt('bad-inline-data', `directory ${inode.number} does not fill its ${size} bytes`, inode.offset);
  }
  return [head.subarray(PARENT), rest.subarray(0, size - head.length)];
}
