/** Extended attributes: items of the inode by the hash of their names, which are stored whole. */
import { decodeBytes } from '../../bytes/names.ts';
import { limitExceeded } from '../../limits.ts';
import { parseDirItems } from './dir-items.ts';
import type { BtrfsImage } from './image.ts';
import { ITEM } from './key.ts';
import type { Place } from './subvolumes.ts';

/** All attributes of an inode, values as memory of their own. Throws `corrupt` or `limit`. */
export function readXattrs(image: BtrfsImage, { subvolume, number }: Place): ReadonlyMap<string, Uint8Array> {
  const found = new Map<string, Uint8Array>();
  let total = 0;
  for (const item of subvolume.tree.itemsOf(number, ITEM.xattr)) {
    total += item.data.length;
    if (total > image.limits.xattrBytes) {
      const what = `the extended attributes of inode ${number}`;
      throw limitExceeded('xattrBytes', image.limits, what, { source: image.source.label });
    }
    for (const { name, data } of parseDirItems(image, item)) {
      if (name.includes(0))
        throw image.corrupt('bad-attributes', `an attribute of inode ${number} has a NUL in its name`);
      found.set(decodeBytes(name), Uint8Array.from(data));
    }
  }
  return found;
}
