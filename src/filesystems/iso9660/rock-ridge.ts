/**
 * Rock Ridge (IEEE P1282, RRIP 1.12): POSIX names, modes, owners, links, times and devices in system use entries, deep
 * directories in another place, and zisofs. Sparse files (SF) are not read; AL attributes are not Rock Ridge's.
 */
import { decodeBytes } from '../../bytes/names.ts';
import { u8, u32le } from '../../bytes/struct.ts';
import { parseDevice } from '../device-number.ts';
import type { NodeType, Timestamp } from '../file-system.ts';
import { typeOfMode } from '../type-of-mode.ts';
import type { IsoImage } from './image.ts';
import { readSystemUse, type SystemUseEntry } from './susp.ts';
import { parseLongTime, parseShortTime } from './time.ts';

export const PX = { mode: u32le(4), nlink: u32le(12), uid: u32le(20), gid: u32le(28) } as const;
const PX_SIZE = 36;
export const PN = { high: u32le(4), low: u32le(12) } as const;
const PN_SIZE = 20;
/** NM, SL and TF begin with flags. */
const FLAGS = u8(4);
const FLAGS_END = 5;
export const CL = { location: u32le(4) } as const;
const CL_SIZE = 12;
export const ZF = { algorithm: u8(4), header_size: u8(6), block_bits: u8(7), size: u32le(8) } as const;
const ZF_SIZE = 16;

/** Of NM and of SL's components. */
const NAME = { continues: 1, current: 2, parent: 4, root: 8 } as const;
/** Times of TF in the order they are stored. */
const TIMES = ['crtime', 'mtime', 'atime', 'ctime'] as const;
const LONG_FORM = 0x80;
const SHORT_TIME = 7;
const LONG_TIME = 17;

export interface RockRidge {
  /** Undefined if the record has no name of its own, such as `.`. */
  readonly name: string | undefined;
  readonly posix:
    | {
        readonly type: NodeType;
        readonly mode: number;
        readonly links: number;
        readonly uid: number;
        readonly gid: number;
      }
    | undefined;
  readonly times: Partial<Record<(typeof TIMES)[number], Timestamp>>;
  readonly target: string | undefined;
  readonly device: { readonly major: number; readonly minor: number } | undefined;
  /** Byte offset of the directory that this record stands for. */
  readonly childLink: number | undefined;
  /** The directory belongs somewhere else, where a child link stands for it. */
  readonly isRelocated: boolean;
  /** Content is zisofs; bytes of it. */
  readonly zisofs: { readonly algorithm: string; readonly size: number } | undefined;
  readonly isSparse: boolean;
}

/** What Rock Ridge says in the system use area of the record at `offset`. Throws `corrupt`. */
export function readRockRidge(image: IsoImage, area: Uint8Array, offset: number): RockRidge {
  const entries = readSystemUse(image, area, offset);
  const of = (signature: string, size: number): SystemUseEntry | undefined =>
    entries.find((entry) => entry.signature === signature && entry.bytes.length >= size);
  const device = of('PN', PN_SIZE)?.fields;
  const child = of('CL', CL_SIZE)?.fields;
  const zisofs = of('ZF', ZF_SIZE);
  return {
    name: readName(image, entries, offset),
    posix: readPosix(image, of('PX', PX_SIZE), offset),
    times: readTimes(entries),
    target: readTarget(image, entries, offset),
    device: device && parseDeviceNumber(device.get(PN.high), device.get(PN.low)),
    childLink: child && child.get(CL.location) * image.volume.blockSize,
    isRelocated: entries.some(({ signature }) => signature === 'RE'),
    zisofs: zisofs && {
      algorithm: Buffer.from(zisofs.bytes.subarray(4, 6)).toString('latin1'),
      size: zisofs.fields.get(ZF.size),
    },
    isSparse: entries.some(({ signature }) => signature === 'SF'),
  };
}

function readName(image: IsoImage, entries: readonly SystemUseEntry[], offset: number): string | undefined {
  const parts: Uint8Array[] = [];
  for (const { signature, fields, bytes } of entries) {
    if (signature !== 'NM' || bytes.length < FLAGS_END) continue;
    const flags = fields.get(FLAGS);
    if (flags & (NAME.current | NAME.parent)) return undefined;
    parts.push(bytes.subarray(FLAGS_END));
    if ((flags & NAME.continues) === 0) break;
  }
  if (parts.length === 0) return undefined;
  const name = decodeBytes(Buffer.concat(parts));
  if (name !== '' && name !== '.' && name !== '..' && !name.includes('/') && !name.includes('\0')) return name;
  throw image.corrupt('bad-name', `a file has a name that none can have: ${JSON.stringify(name)}`, offset);
}

function readPosix(image: IsoImage, entry: SystemUseEntry | undefined, offset: number): RockRidge['posix'] {
  if (!entry) return undefined;
  const mode = entry.fields.get(PX.mode);
  const type = typeOfMode(mode);
  if (!type) throw image.corrupt('bad-mode', `a file is of no type (mode ${mode.toString(8)})`, offset);
  const { fields } = entry;
  return { type, mode: mode & 0xfff, links: fields.get(PX.nlink), uid: fields.get(PX.uid), gid: fields.get(PX.gid) };
}

function readTimes(entries: readonly SystemUseEntry[]): RockRidge['times'] {
  const times: Partial<Record<(typeof TIMES)[number], Timestamp>> = {};
  for (const { signature, fields, bytes } of entries) {
    if (signature !== 'TF' || bytes.length < FLAGS_END) continue;
    const flags = fields.get(FLAGS);
    const size = flags & LONG_FORM ? LONG_TIME : SHORT_TIME;
    let at = FLAGS_END;
    for (const [bit, name] of TIMES.entries()) {
      if ((flags & (1 << bit)) === 0) continue;
      if (at + size > bytes.length) break;
      const stored = bytes.subarray(at, at + size);
      times[name] ??= flags & LONG_FORM ? parseLongTime(stored) : parseShortTime(stored);
      at += size;
    }
  }
  return times;
}

/** The components of all SL entries; one that continues goes on in the next without a slash. */
function readTarget(image: IsoImage, entries: readonly SystemUseEntry[], offset: number): string | undefined {
  const parts: Uint8Array[] = [];
  let hasTarget = false;
  let needsSlash = false;
  const slash = Buffer.from('/');
  for (const { signature, bytes } of entries) {
    if (signature !== 'SL' || bytes.length < FLAGS_END) continue;
    hasTarget = true;
    for (let at = FLAGS_END; at + 2 <= bytes.length; ) {
      const flags = bytes[at] as number;
      const length = bytes[at + 1] as number;
      const content = bytes.subarray(at + 2, at + 2 + length);
      if (content.length < length) throw image.corrupt('bad-symlink', 'the target of a symlink is cut off', offset);
      at += 2 + length;
      if (needsSlash) parts.push(slash);
      if (flags & NAME.root) parts.push(slash);
      else if (flags & NAME.current) parts.push(Buffer.from('.'));
      else if (flags & NAME.parent) parts.push(Buffer.from('..'));
      else parts.push(content);
      needsSlash = (flags & (NAME.continues | NAME.root)) === 0;
    }
  }
  if (!hasTarget) return undefined;
  const target = Buffer.concat(parts);
  if (target.includes(0)) throw image.corrupt('bad-symlink', 'the target of a symlink has a NUL in it', offset);
  return decodeBytes(target);
}

/** Where the number has 32 bits it lies in the low half as a whole (RRIP 4.1.2), as Linux encodes it. */
function parseDeviceNumber(high: number, low: number): { readonly major: number; readonly minor: number } {
  return high === 0 ? parseDevice(low) : { major: high, minor: low };
}
