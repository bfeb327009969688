/**
 * The System Use Sharing Protocol (SUSP 1.12): entries with a signature, a length and a version behind a directory record's name,
 * and on in other places (CE), of which each is visited once.
 */
import { Struct, u8, u32le } from '../../bytes/struct.ts';
import type { IsoImage } from './image.ts';

export const CE = { block: u32le(4), offset: u32le(12), length: u32le(20) } as const;
const CE_SIZE = 28;
const SP_SIZE = 7;
const HEADER = 4;
const MAX_AREAS = 32;
/** Longer than any continuation: one lies in one block. */
const MAX_AREA = 32 * 1024;

export interface SystemUseEntry {
  readonly signature: string;
  /** The entry with its header, a copy. */
  readonly fields: Struct;
  readonly bytes: Uint8Array;
}

/** All entries of the area of the record at `offset`, continuations included. Throws `corrupt`. */
export function readSystemUse(image: IsoImage, area: Uint8Array, offset: number): SystemUseEntry[] {
  const entries: SystemUseEntry[] = [];
  const visited = new Set<number>();
  // What is skipped is not in the record that says so, the root's own.
  const skip = offset === image.volume.root ? 0 : image.skip;
  let rest: Uint8Array | undefined = Uint8Array.from(area.subarray(skip));
  while (rest) {
    const s: Struct = new Struct(rest);
    const next: number[] = [];
    for (let at = 0; at + HEADER <= rest.length; ) {
      const length: number = rest[at + 2] as number;
      // Padding, or what is left when an entry does not fit.
      if (length < HEADER || at + length > rest.length) break;
      const bytes = rest.subarray(at, at + length);
      const signature = String.fromCharCode(bytes[0] as number, bytes[1] as number);
      const start = at;
      at += length;
      if (signature === 'ST') break;
      if (signature === 'CE' && length >= CE_SIZE) next.push(...placeOf(image, s.at(start)));
      else entries.push({ signature, fields: s.at(start), bytes });
    }
    const [from, size] = next;
    if (from === undefined || size === undefined) break;
    if (visited.has(from) || visited.size >= MAX_AREAS || size > MAX_AREA) {
      throw image.corrupt('bad-continuation', 'the system use area of a record goes on without end', offset);
    }
    visited.add(from);
    rest = Uint8Array.from(image.read(from, size, 'a continued system use area'));
  }
  return entries;
}

function placeOf(image: IsoImage, s: Struct): [number, number] {
  return [s.get(CE.block) * image.volume.blockSize + s.get(CE.offset), s.get(CE.length)];
}

/** Bytes to skip if the area, of the root's own record, begins with SP and so says that there is more; undefined if not. */
export function parseIndicator(area: Uint8Array): number | undefined {
  if (area.length < SP_SIZE) return undefined;
  const s = new Struct(area);
  const isIndicator = area[0] === 0x53 && area[1] === 0x50 && s.get(u8(2)) >= SP_SIZE;
  return isIndicator && area[4] === 0xbe && area[5] === 0xef ? s.get(u8(6)) : undefined;
}
