/** Entries of directories, and of the attributes of a file (kernel, ubifs-media.h: ubifs_dent_node). */
import { Struct, u8, u16le, u64le } from '../../bytes/struct.ts';
import type { UbifsImage } from './image.ts';
import type { UbifsNode } from './node.ts';

export const ENTRY = { inum: u64le(40), type: u8(49), nlen: u16le(50) } as const;
const NAME_AT = 56;

export interface Entry {
  /** 0 if the entry says that the name is gone. */
  readonly inode: number;
  readonly type: number;
  readonly name: Uint8Array;
}

/** Throws `corrupt`. */
export function parseEntry(image: UbifsImage, { bytes, place }: UbifsNode): Entry {
  const bad = (): Error =>
    image.corrupt('bad-entry', `the entry at LEB ${place.leb}:${place.offset} is cut off`, place);
  if (bytes.length < NAME_AT) throw bad();
  const s = new Struct(bytes);
  const length = s.get(ENTRY.nlen);
  if (NAME_AT + length > bytes.length) throw bad();
  return { inode: s.get(ENTRY.inum), type: s.get(ENTRY.type), name: bytes.subarray(NAME_AT, NAME_AT + length) };
}
