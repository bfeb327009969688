/**
 * POSIX access control lists as archivers write them (acl(5), "ACL TEXT FORMS"; star and bsdtar add the id as a fourth field), and as
 * getxattr gives them (linux/posix_acl_xattr.h, version 2). Whose number a name without one is, only the machine knew that wrote it: GNU
 * tar writes such lists unless it is told --numeric-owner, and they are not read.
 */
import { Struct, u16le, u32le } from '../../bytes/struct.ts';

/** The pax record of each attribute. */
export const aclRecords: Readonly<Record<string, string>> = {
  'system.posix_acl_access': 'SCHILY.acl.access',
  'system.posix_acl_default': 'SCHILY.acl.default',
};

const VERSION = 2;
const HEADER = 4;
const ENTRY = 8;
const NO_ID = 0xffff_ffff;
/** Tags by the word for them; the second is that of a named user or group. */
const tags: Readonly<Record<string, readonly number[]>> = {
  user: [0x01, 0x02],
  group: [0x04, 0x08],
  mask: [0x10],
  other: [0x20],
};
const words = new Map(
  Object.entries(tags).flatMap(([word, [own = 0, named]]): [number, string][] =>
    named === undefined
      ? [[own, word]]
      : [
          [own, word],
          [named, word],
        ],
  ),
);
const entryPattern = /^(user|group|mask|other):([^:]*):([r-][w-][x-])(?::(\d{1,10}))?$/;

/** One line an entry, ids as numbers; undefined if the value is no list. */
export function formatAcl(value: Uint8Array): string | undefined {
  const bytes = new Struct(value);
  if (value.length < HEADER || (value.length - HEADER) % ENTRY !== 0) return undefined;
  if (bytes.get(u32le(0)) !== VERSION) return undefined;
  const lines: string[] = [];
  for (let at = HEADER; at < value.length; at += ENTRY) {
    const word = words.get(bytes.get(u16le(at)));
    if (word === undefined) return undefined;
    const permissions = bytes.get(u16le(at + 2));
    const id = bytes.get(u32le(at + 4));
    const shown = [4, 2, 1].map((bit, i) => (permissions & bit ? 'rwx'.charAt(i) : '-')).join('');
    lines.push(`${word}:${id === NO_ID ? '' : id}:${shown}\n`);
  }
  return lines.join('');
}

/** The value of the attribute; `mode` if the text says no more than a mode does, `unread` if it is no list, or one of names without numbers. */
export function parseAcl(text: string): Uint8Array | 'mode' | 'unread' {
  const entries: { tag: number; permissions: number; id: number }[] = [];
  for (const line of text.split(/[\n,]/)) {
    const entry = line.replace(/#.*$/, '').trim();
    if (entry === '') continue;
    const [, word = '', name = '', shown = '', number = name] = entryPattern.exec(entry) ?? [];
    const tag = tags[word]?.[name === '' ? 0 : 1];
    if (tag === undefined || (name !== '' && !isId(number))) return 'unread';
    const permissions = [...shown].reduce((sum, letter) => sum * 2 + (letter === '-' ? 0 : 1), 0);
    entries.push({ tag, permissions, id: name === '' ? NO_ID : Number(number) });
  }
  if (entries.length <= 3) return 'mode';
  entries.sort((a, b) => a.tag - b.tag || a.id - b.id);
  const value = new DataView(new ArrayBuffer(HEADER + entries.length * ENTRY));
  value.setUint32(0, VERSION, true);
  for (const [i, { tag, permissions, id }] of entries.entries()) {
    const at = HEADER + i * ENTRY;
    value.setUint16(at, tag, true);
    value.setUint16(at + 2, permissions, true);
    value.setUint32(at + 4, id, true);
  }
  return new Uint8Array(value.buffer);
}

const isId = (text: string): boolean => /^\d{1,10}$/.test(text) && Number(text) < NO_ID;
