/** Directory entries and extended attributes, which are stored alike (kernel, btrfs_tree.h: btrfs_dir_item). */
import { updateCrc32c } from '../../bytes/checksums/crc32c.ts';
import { Struct, u8, u16le } from '../../bytes/struct.ts';
import type { BtrfsImage } from './image.ts';
import { type Key, readKey } from './key.ts';
import type { Item } from './tree.ts';

export const DIR_ITEM = { data_len: u16le(25), name_len: u16le(27), type: u8(29) } as const;
const DIR_ITEM_SIZE = 30;
const HASH_SEED = ~1;

export interface DirItem {
  /** The item of the inode, or of the root of a subvolume. */
  readonly location: Key;
  readonly type: number;
  readonly name: Uint8Array;
  readonly data: Uint8Array;
}

/** All entries of one item: names with the same hash share one. Throws `corrupt`. */
export function parseDirItems(image: BtrfsImage, { key, data }: Item): DirItem[] {
  const entries: DirItem[] = [];
  for (let at = 0; at < data.length; ) {
    const bad = (): Error =>
      image.corrupt('bad-entry', `the entry at byte ${at} of item ${key.type} of inode ${key.objectid} is cut off`);
    if (at + DIR_ITEM_SIZE > data.length) throw bad();
    const s = new Struct(data, at);
    const nameAt = at + DIR_ITEM_SIZE;
    const dataAt = nameAt + s.get(DIR_ITEM.name_len);
    const end = dataAt + s.get(DIR_ITEM.data_len);
    if (end > data.length) throw bad();
    entries.push({
      location: readKey(s),
      type: s.get(DIR_ITEM.type),
      name: data.subarray(nameAt, dataAt),
      data: data.subarray(dataAt, end),
    });
    at = end;
  }
  return entries;
}

/** The offset in the key of a name's entry. */
export function hashName(name: Uint8Array): number {
  return updateCrc32c(HASH_SEED, name) >>> 0;
}
