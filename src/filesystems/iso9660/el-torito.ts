/**
 * The boot catalog (El Torito 1.0, 2.1 to 2.4): a validation entry, a default entry, then sections of entries for other platforms.
 * The images it names are no part of the directory tree.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { Struct, u8, u16le, u32le } from '../../bytes/struct.ts';
import { SECTOR } from './sectors.ts';

export const VALIDATION = { header_id: u8(0), platform_id: u8(1), checksum: u16le(28), key: u16le(30) } as const;
export const BOOT_ENTRY = { indicator: u8(0), media: u8(1), sector_count: u16le(6), load_rba: u32le(8) } as const;
export const SECTION = { indicator: u8(0), platform_id: u8(1), entries: u16le(2) } as const;
const ENTRY_SIZE = 32;
const KEY = 0xaa55;

const BOOTABLE = 0x88;
const NOT_BOOTABLE = 0x00;
const MORE_SECTIONS = 0x90;
const LAST_SECTION = 0x91;

/** Sectors of the catalog are of 512 bytes. */
const VIRTUAL_SECTOR = 512;

const PLATFORMS: Readonly<Record<number, string>> = { 0: 'bios', 1: 'powerpc', 2: 'mac', 239: 'efi' };

export interface BootImage {
  /** `bios`, `efi`, ... or the platform's number in hexadecimal. */
  readonly platform: string;
  readonly isBootable: boolean;
  /** Byte offset in the image. */
  readonly offset: number;
  /** Bytes the firmware loads; an EFI image may be larger than what is said here, for the count has 16 bits. */
  readonly size: number;
}

/** What the catalog in the sector at `offset` names; undefined if there is no catalog. */
export function readBootCatalog(source: ByteSource, offset: number): readonly BootImage[] | undefined {
  if (offset + SECTOR > source.size) return undefined;
  const s = new Struct(Uint8Array.from(source.read(offset, SECTOR)));
  if (s.get(VALIDATION.header_id) !== 1 || s.get(VALIDATION.key) !== KEY) return undefined;
  const images = [parseEntry(s.at(ENTRY_SIZE), s.get(VALIDATION.platform_id))];
  let left = 0;
  let platform = 0;
  let isLast = false;
  for (let at = 2 * ENTRY_SIZE; at + ENTRY_SIZE <= SECTOR; at += ENTRY_SIZE) {
    const entry = s.at(at);
    const indicator = entry.get(BOOT_ENTRY.indicator);
    if (left > 0) {
      // Extensions of an entry (0x44) stand between them and do not count.
      if (indicator !== BOOTABLE && indicator !== NOT_BOOTABLE) continue;
      images.push(parseEntry(entry, platform));
      left--;
    } else if (!isLast && (indicator === MORE_SECTIONS || indicator === LAST_SECTION)) {
      platform = entry.get(SECTION.platform_id);
      left = entry.get(SECTION.entries);
      isLast = indicator === LAST_SECTION;
    } else break;
  }
  return images;
}

function parseEntry(s: Struct, platform: number): BootImage {
  return {
    platform: PLATFORMS[platform] ?? `0x${platform.toString(16)}`,
    isBootable: s.get(BOOT_ENTRY.indicator) === BOOTABLE,
    offset: s.get(BOOT_ENTRY.load_rba) * SECTOR,
    size: s.get(BOOT_ENTRY.sector_count) * VIRTUAL_SECTOR,
  };
}
