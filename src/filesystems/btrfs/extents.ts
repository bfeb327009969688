/** Where the content of a file lies (kernel, btrfs_tree.h: btrfs_file_extent_item): extents in ascending order, gaps are holes. */
import { Struct, u8, u16le, u64le } from '../../bytes/struct.ts';
import type { BtrfsImage } from './image.ts';
import type { Inode } from './inode.ts';
import { ITEM } from './key.ts';
import type { Item, Tree } from './tree.ts';

export const FILE_EXTENT = {
  ram_bytes: u64le(8),
  compression: u8(16),
  encryption: u8(17),
  other_encoding: u16le(18),
  type: u8(20),
  disk_bytenr: u64le(21),
  disk_num_bytes: u64le(29),
  offset: u64le(37),
  num_bytes: u64le(45),
} as const;
const INLINE_AT = 21;
const EXTENT_SIZE = 53;
const TYPE = { inline: 0, regular: 1, preallocated: 2 } as const;

/** What any compressed extent holds at most, as the kernel writes it. */
export const MAX_EXPANDED = 128 * 1024;

/** Stored bytes of which a file uses a part. */
export interface StoredExtent {
  /** Logical address and length on the device. */
  readonly address: number;
  readonly length: number;
  /** Number of the compression algorithm, 0 for none, and what it expands to. */
  readonly compression: number;
  readonly expanded: number;
}

export interface FileExtent {
  /** Byte offset in the file, and bytes of the file. */
  readonly at: number;
  readonly length: number;
  /** Byte offset in what is stored, expanded. */
  readonly from: number;
  /** The inline bytes themselves, compressed or not. */
  readonly stored:
    | StoredExtent
    | { readonly inline: Uint8Array; readonly compression: number; readonly expanded: number };
}

/** All extents of a file that are no holes; they ascend and do not overlap. Throws `corrupt` or `unsupported`. */
export function readExtents(image: BtrfsImage, tree: Tree, inode: Inode): FileExtent[] {
  const extents: FileExtent[] = [];
  let end = 0;
  for (const item of tree.itemsOf(inode.number, ITEM.extentData)) {
    const extent = parseExtent(image, inode, item);
    if (item.key.offset < end) throw badExtent(image, inode, item, 'overlaps the one before it');
    if (!extent) continue;
    end = extent.at + extent.length;
    extents.push(extent);
  }
  return extents;
}

/** Undefined for a hole, and for space that is allocated but not written. */
function parseExtent(image: BtrfsImage, inode: Inode, item: Item): FileExtent | undefined {
  const { key, data } = item;
  if (data.length < INLINE_AT) throw badExtent(image, inode, item, 'is cut off');
  const s = new Struct(data);
  if (s.get(FILE_EXTENT.encryption) !== 0 || s.get(FILE_EXTENT.other_encoding) !== 0) {
    throw image.unsupported(
      'encrypted',
      `inode ${inode.number} is encrypted: its content cannot be read without the key`,
    );
  }
  const type = s.get(FILE_EXTENT.type);
  const compression = s.get(FILE_EXTENT.compression);
  const expanded = s.get(FILE_EXTENT.ram_bytes);
  if (compression !== 0 && expanded > MAX_EXPANDED) throw badExtent(image, inode, item, `expands to ${expanded} bytes`);
  if (type === TYPE.inline) {
    const inline = data.subarray(INLINE_AT);
    const length = compression === 0 ? Math.min(inline.length, expanded) : expanded;
    return { at: key.offset, length, from: 0, stored: { inline, compression, expanded } };
  }
  if (type !== TYPE.regular && type !== TYPE.preallocated) throw badExtent(image, inode, item, `is of type ${type}`);
  if (data.length < EXTENT_SIZE) throw badExtent(image, inode, item, 'is cut off');
  const address = s.get(FILE_EXTENT.disk_bytenr);
  if (type === TYPE.preallocated || address === 0) return undefined;
  const length = s.get(FILE_EXTENT.num_bytes);
  const from = s.get(FILE_EXTENT.offset);
  const stored = s.get(FILE_EXTENT.disk_num_bytes);
  if (length === 0 || from + length > (compression === 0 ? stored : expanded)) {
    throw badExtent(image, inode, item, 'uses more than is stored');
  }
  if (compression !== 0 && stored > MAX_EXPANDED) throw badExtent(image, inode, item, `takes ${stored} bytes`);
  return { at: key.offset, length, from, stored: { address, length: stored, compression, expanded } };
}

function badExtent(image: BtrfsImage, inode: Inode, { key }: Item, what: string): Error {
  return image.corrupt('bad-extent', `the extent at byte ${key.offset} of inode ${inode.number} ${what}`);
}
