/** Where the copies of the btrfs superblock lie and how each is told. */
import type { ByteSource } from '../../bytes/byte-source.ts';

const KiB = 1024;
/** The first one, then its mirrors, as far as the device reaches. */
export const SUPERBLOCK_PLACES = [64 * KiB, 64 * KiB * KiB, 256 * KiB * KiB * KiB] as const;
export const SUPERBLOCK_SIZE = 4 * KiB;
const MAGIC_OFFSET = 64;
const MAGIC = Buffer.from('_BHRfS_M', 'latin1');

/** Whether what lies at `place` says that it is a superblock. */
export function hasMagic(source: ByteSource, place: number): boolean {
  if (source.size < place + SUPERBLOCK_SIZE) return false;
  return MAGIC.equals(source.read(place + MAGIC_OFFSET, MAGIC.length));
}
