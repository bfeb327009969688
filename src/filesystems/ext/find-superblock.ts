/** Which superblock is to be believed: the primary, or, if that is damaged, the first sound backup. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { Struct } from '../../bytes/struct.ts';
import { asImageError, ImageError } from '../../errors.ts';
import { MAX_LOG_BLOCK_SIZE, parseSuperblock, SUPERBLOCK, type Superblock } from './superblock.ts';
import {
  BACKUP_GROUPS,
  type BackupPlace,
  backupPlaces,
  hasMagic,
  SUPERBLOCK_OFFSET,
  SUPERBLOCK_SIZE,
} from './superblock-places.ts';

export interface FoundSuperblock {
  readonly superblock: Superblock;
  /** Byte offset in the source. */
  readonly offset: number;
  /** Why the primary could not be used, if a backup was. */
  readonly damage: ImageError | undefined;
}

/** Throws what is wrong with the primary if no backup is sound; an unsupported feature is no reason to look for one. */
export function findSuperblock(source: ByteSource): FoundSuperblock {
  let damage: ImageError;
  try {
    return { superblock: readSuperblock(source, SUPERBLOCK_OFFSET), offset: SUPERBLOCK_OFFSET, damage: undefined };
  } catch (error) {
    damage = asImageError(error);
    if (damage.kind !== 'corrupt') throw damage;
  }
  for (const { offset, group } of [...placesByPrimary(source), ...backupPlaces()]) {
    if (!hasMagic(source, offset, group)) continue;
    try {
      return { superblock: readSuperblock(source, offset), offset, damage };
    } catch (error) {
      asImageError(error);
    }
  }
  throw damage;
}

/** Where the damaged primary says that its backups are: file systems with groups of another size are found by this only. */
function placesByPrimary(source: ByteSource): readonly BackupPlace[] {
  const s = new Struct(source.read(SUPERBLOCK_OFFSET, SUPERBLOCK_SIZE));
  const logBlockSize = s.get(SUPERBLOCK.s_log_block_size);
  if (logBlockSize > MAX_LOG_BLOCK_SIZE) return [];
  const first = s.get(SUPERBLOCK.s_first_data_block);
  const blocksPerGroup = s.get(SUPERBLOCK.s_blocks_per_group);
  return BACKUP_GROUPS.map((group) => ({ offset: (first + group * blocksPerGroup) * 2 ** (10 + logBlockSize), group }));
}

/** Also throws `truncated` if the source ends before the file system does: the kernel would not mount it either. */
function readSuperblock(source: ByteSource, offset: number): Superblock {
  const location = { source: source.label, offset };
  const superblock = parseSuperblock(source.read(offset, SUPERBLOCK_SIZE), location);
  const wanted = superblock.blocksCount * superblock.blockSize;
  if (wanted > source.size) {
    throw new ImageError(
      'truncated',
      'ext4/truncated',
      `the file system has ${wanted} bytes, but ${source.label} ends after ${source.size}`,
      { location, remedy: 'the image is cut off: copy or build it again' },
    );
  }
  return superblock;
}
