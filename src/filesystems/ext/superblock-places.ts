/** Where superblocks lie and how they are told: all that detection needs. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { Struct, u16le } from '../../bytes/struct.ts';

export const SUPERBLOCK_OFFSET = 1024;
export const SUPERBLOCK_SIZE = 1024;

export const EXT_MAGIC = 0xef53;
export const MAGIC_FIELD = u16le(0x38);
/** The block group that this copy lies in. */
export const GROUP_FIELD = u16le(0x5a);

/** Groups that begin with a backup whichever of the schemes is used; more of them than anyone will ever need. */
export const BACKUP_GROUPS = [1, 3, 5, 7, 9, 25, 27, 49, 81, 125, 243, 343] as const;
const SMALLEST_BLOCK = 1024;
const LARGEST_BLOCK = 65_536;

/** Whether the bytes at `offset` look like a superblock: the one of `group`, if that is given. */
export function hasMagic(source: ByteSource, offset: number, group?: number): boolean {
  if (offset + SUPERBLOCK_SIZE > source.size) return false;
  const s = new Struct(source.read(offset, SUPERBLOCK_SIZE));
  return s.get(MAGIC_FIELD) === EXT_MAGIC && (group === undefined || s.get(GROUP_FIELD) === group);
}

export interface BackupPlace {
  /** In bytes of the source. */
  readonly offset: number;
  readonly group: number;
}

/** Where backups are if the groups have the usual size: as many blocks as a block has bits. */
export function* backupPlaces(): Generator<BackupPlace> {
  for (const group of BACKUP_GROUPS) {
    for (let size = SMALLEST_BLOCK; size <= LARGEST_BLOCK; size *= 2) {
      const first = size === SMALLEST_BLOCK ? 1 : 0;
      yield { offset: (first + group * size * 8) * size, group };
    }
  }
}
