/** Extended attributes: entries of the file they belong to, each with an inode of its own that holds the value. */
import { decodeBytes } from '../../bytes/names.ts';
import { limitExceeded } from '../../limits.ts';
import { parseEntry } from './entry.ts';
import type { UbifsImage } from './image.ts';
import { INODE_SIZE, parseInode } from './inode.ts';
import { KEY_TYPE } from './key.ts';
import type { Overlay } from './overlay.ts';

/** All attributes of an inode, values as memory of their own. Throws `corrupt` or `limit`. */
export function readXattrs(image: UbifsImage, overlay: Overlay, number: number): ReadonlyMap<string, Uint8Array> {
  const found = new Map<string, Uint8Array>();
  let total = 0;
  for (const node of overlay.entries(number, KEY_TYPE.xattr)) {
    const { name, inode } = parseEntry(image, node);
    const holder = overlay.findInode(inode);
    if (!holder) throw image.corrupt('bad-attributes', `an attribute of inode ${number} has no value`, node.place);
    if (name.includes(0))
      throw image.corrupt('bad-attributes', `an attribute of inode ${number} has a NUL in its name`, node.place);
    total += holder.bytes.length - INODE_SIZE + name.length;
    if (total > image.limits.xattrBytes) {
      const what = `the extended attributes of inode ${number}`;
      throw limitExceeded('xattrBytes', image.limits, what, { source: image.source.label });
    }
    found.set(decodeBytes(name), Uint8Array.from(parseInode(image, inode, holder).data));
  }
  return found;
}
