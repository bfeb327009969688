/**
 * What else ends its first sector with 0x55 0xAA: boot sectors of FAT, exFAT and NTFS, ext file systems with a boot loader
 * in their first block, and ISO 9660 images made to boot from a disk. None of them is to be read as a partition table.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { Struct, u8, u16le, u32le } from '../../bytes/struct.ts';

const fields = {
  BytsPerSec: u16le(11),
  SecPerClus: u8(13),
  RsvdSecCnt: u16le(14),
  NumFATs: u8(16),
  Media: u8(21),
} as const;

const superblock = {
  s_inodes_count: u32le(0),
  s_log_block_size: u32le(24),
  s_magic: u16le(56),
  s_rev_level: u32le(76),
} as const;

const SUPERBLOCK_OFFSET = 1024;
const SUPERBLOCK_BYTES = 80;
const ISO_MAGIC_OFFSET = 32_769;
const ISO_MAGIC = 'CD001';

/** Whether the source, from its first byte on, is one file system. Never throws. */
export function holdsFileSystem(source: ByteSource): boolean {
  return holdsFatOrNtfs(source) || holdsExt(source) || holdsIso(source);
}

/** A jump and a BIOS parameter block; boot loaders keep both zero or code in a real MBR. */
function holdsFatOrNtfs(source: ByteSource): boolean {
  if (source.size < 512) return false;
  const sector = source.read(0, 512);
  if (sector[0] !== 0xeb && sector[0] !== 0xe9) return false;
  const oem = Buffer.from(sector.subarray(3, 11)).toString('latin1');
  if (oem === 'NTFS    ' || oem === 'EXFAT   ') return true;
  const boot = new Struct(sector);
  const perCluster = boot.get(fields.SecPerClus);
  const media = boot.get(fields.Media);
  return (
    [512, 1024, 2048, 4096].includes(boot.get(fields.BytsPerSec)) &&
    perCluster !== 0 &&
    (perCluster & (perCluster - 1)) === 0 &&
    boot.get(fields.RsvdSecCnt) !== 0 &&
    boot.get(fields.NumFATs) !== 0 &&
    (media === 0xf0 || media >= 0xf8)
  );
}

/** The magic alone could be a boot loader's code behind the MBR, so the fields around it have to make sense. */
function holdsExt(source: ByteSource): boolean {
  if (source.size < SUPERBLOCK_OFFSET + SUPERBLOCK_BYTES) return false;
  const block = new Struct(source.read(SUPERBLOCK_OFFSET, SUPERBLOCK_BYTES));
  return (
    block.get(superblock.s_magic) === 0xef53 &&
    block.get(superblock.s_inodes_count) > 0 &&
    block.get(superblock.s_log_block_size) <= 6 &&
    block.get(superblock.s_rev_level) <= 1
  );
}

function holdsIso(source: ByteSource): boolean {
  if (source.size < ISO_MAGIC_OFFSET + ISO_MAGIC.length) return false;
  return Buffer.from(source.read(ISO_MAGIC_OFFSET, ISO_MAGIC.length)).toString('latin1') === ISO_MAGIC;
}
