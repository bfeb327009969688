/**
 * POSIX access control lists: ext stores them in a short form of its own (version 1); getxattr, tar and other file systems show
 * the form of version 2. Every reader hands out the latter, so that they can be compared.
 */
import { Struct, u16le, u32le } from '../../bytes/struct.ts';

export const ACL_NAMES: ReadonlySet<string> = new Set(['system.posix_acl_access', 'system.posix_acl_default']);

const STORED_VERSION = 1;
const SHOWN_VERSION = 2;
const HEADER = 4;
const SHOWN_ENTRY = 8;
/** Entries for a named user or group carry an id, the others none. */
const NAMED_TAGS = [0x02, 0x08];
const PLAIN_TAGS = [0x01, 0x04, 0x10, 0x20];
const NO_ID = 0xffff_ffff;

/** The list in the form of getxattr; undefined if `stored` is not a list. */
export function parseAcl(stored: Uint8Array): Uint8Array | undefined {
  if (stored.length < HEADER) return undefined;
  const s = new Struct(stored);
  if (s.get(u32le(0)) !== STORED_VERSION) return undefined;
  const entries: { tag: number; permissions: number; id: number }[] = [];
  for (let at = HEADER; at < stored.length; ) {
    if (at + 4 > stored.length) return undefined;
    const tag = s.get(u16le(at));
    const permissions = s.get(u16le(at + 2));
    const isNamed = NAMED_TAGS.includes(tag);
    if (!isNamed && !PLAIN_TAGS.includes(tag)) return undefined;
    if (isNamed && at + 8 > stored.length) return undefined;
    entries.push({ tag, permissions, id: isNamed ? s.get(u32le(at + 4)) : NO_ID });
    at += isNamed ? 8 : 4;
  }
  const shown = new DataView(new ArrayBuffer(HEADER + entries.length * SHOWN_ENTRY));
  shown.setUint32(0, SHOWN_VERSION, true);
  entries.forEach(({ tag, permissions, id }, i) => {
    const at = HEADER + i * SHOWN_ENTRY;
    shown.setUint16(at, tag, true);
    shown.setUint16(at + 2, permissions, true);
    shown.setUint32(at + 4, id, true);
  });
  return new Uint8Array(shown.buffer);
}
