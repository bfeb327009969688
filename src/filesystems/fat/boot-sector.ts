/**
 * The FAT boot sector and the layout that follows from it (Microsoft FAT specification 1.03, sections 3 and 4). The kind of
 * FAT is told as Linux tells it: 32 if the 16-bit FAT size is 0, else 12 or 16 by the number of clusters.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { type NumberField, raw, Struct, u8, u16le, u32le } from '../../bytes/struct.ts';
import { ImageError } from '../../errors.ts';

export const bootSector = {
  jmpBoot: raw(0, 3),
  OEMName: raw(3, 8),
  BytsPerSec: u16le(11),
  SecPerClus: u8(13),
  RsvdSecCnt: u16le(14),
  NumFATs: u8(16),
  RootEntCnt: u16le(17),
  TotSec16: u16le(19),
  Media: u8(21),
  FATSz16: u16le(22),
  TotSec32: u32le(32),
  FATSz32: u32le(36),
  ExtFlags: u16le(40),
  FSVer: u16le(42),
  RootClus: u32le(44),
} as const;

interface Extension {
  readonly Reserved1: NumberField;
  readonly BootSig: NumberField;
  readonly VolID: NumberField;
}

/** The fields whose place depends on the kind of FAT. */
export const extension16: Extension = { Reserved1: u8(37), BootSig: u8(38), VolID: u32le(39) };
export const extension32: Extension = { Reserved1: u8(65), BootSig: u8(66), VolID: u32le(67) };

export const BOOT_BYTES = 512;
/** The largest cluster count of a FAT12. */
const MAX_FAT12_CLUSTERS = 4084;
const MAX_FAT32_CLUSTERS = 0x0fff_fff5;

export interface FatLayout {
  readonly bits: 12 | 16 | 32;
  readonly clusterBytes: number;
  /** Clusters are numbered 2 .. clusters + 1. */
  readonly clusters: number;
  /** Byte offsets. */
  readonly fatStart: number;
  readonly dataStart: number;
  /** Bytes of one FAT. */
  readonly fatBytes: number;
  /** FAT12 and FAT16: the fixed root directory, bytes. */
  readonly rootStart: number;
  readonly rootBytes: number;
  /** FAT32: where the root directory begins. */
  readonly rootCluster: number;
  /** Bytes of the whole volume. */
  readonly volumeBytes: number;
  /** `XXXX-XXXX`, empty if the boot sector has none. */
  readonly serial: string;
  readonly isMarkedDirty: boolean;
}

export function isExfat(sector: Uint8Array): boolean {
  return oemName(sector) === 'EXFAT   ';
}

/** Whether 512 bytes can be a FAT boot sector: Linux's own conditions, and a jump as every boot sector has one. */
export function isFatBootSector(sector: Uint8Array): boolean {
  const boot = new Struct(sector);
  const jump = sector[0];
  const bytes = boot.get(bootSector.BytsPerSec);
  const perCluster = boot.get(bootSector.SecPerClus);
  const media = boot.get(bootSector.Media);
  return (
    (jump === 0xeb || jump === 0xe9) &&
    [512, 1024, 2048, 4096].includes(bytes) &&
    perCluster !== 0 &&
    (perCluster & (perCluster - 1)) === 0 &&
    boot.get(bootSector.RsvdSecCnt) !== 0 &&
    boot.get(bootSector.NumFATs) !== 0 &&
    (media === 0xf0 || media >= 0xf8) &&
    (boot.get(bootSector.FATSz16) !== 0 || boot.get(bootSector.FATSz32) !== 0)
  );
}

/** Reads the boot sector of a source `detectFat` recognised; ImageError `corrupt` if its numbers contradict each other. */
export function readLayout(source: ByteSource): FatLayout {
  const sector = source.read(0, BOOT_BYTES);
  const location = { source: source.label, offset: 0 };
  if (isExfat(sector)) {
    throw new ImageError('unsupported', 'fat/exfat', 'this is an exFAT file system, which is not supported', {
      location,
      remedy: 'firmware and Linux boot from FAT12, FAT16 or FAT32: make the partition with mkfs.vfat',
    });
  }
  if (!isFatBootSector(sector))
    throw new ImageError('corrupt', 'fat/bad-boot-sector', 'no FAT boot sector', { location });
  const boot = new Struct(sector);
  const sectorBytes = boot.get(bootSector.BytsPerSec);
  const is32 = boot.get(bootSector.FATSz16) === 0;
  const fatSectors = boot.get(is32 ? bootSector.FATSz32 : bootSector.FATSz16);
  const reserved = boot.get(bootSector.RsvdSecCnt);
  const totalSectors = boot.get(bootSector.TotSec16) || boot.get(bootSector.TotSec32);
  const rootSector = reserved + boot.get(bootSector.NumFATs) * fatSectors;
  const rootBytes = is32 ? 0 : boot.get(bootSector.RootEntCnt) * 32;
  const dataSector = rootSector + Math.ceil(rootBytes / sectorBytes);
  const perCluster = boot.get(bootSector.SecPerClus);
  if (dataSector + perCluster > totalSectors) {
    const message = `the boot sector leaves no room for data: ${totalSectors} sectors in all, ${dataSector} of them before the data`;
    throw new ImageError('corrupt', 'fat/bad-boot-sector', message, { location });
  }
  if (is32 && boot.get(bootSector.FSVer) !== 0) {
    throw new ImageError('unsupported', 'fat/version', `FAT32 version ${boot.get(bootSector.FSVer)}`, { location });
  }
  const inData = Math.floor((totalSectors - dataSector) / perCluster);
  const bits = is32 ? 32 : inData > MAX_FAT12_CLUSTERS ? 16 : 12;
  const inFat = Math.floor((fatSectors * sectorBytes * 8) / bits) - 2;
  const extension = is32 ? extension32 : extension16;
  return {
    bits,
    clusterBytes: perCluster * sectorBytes,
    clusters: Math.min(inData, inFat, MAX_FAT32_CLUSTERS),
    fatStart: (reserved + activeFat(boot, is32) * fatSectors) * sectorBytes,
    fatBytes: fatSectors * sectorBytes,
    dataStart: dataSector * sectorBytes,
    rootStart: rootSector * sectorBytes,
    rootBytes,
    rootCluster: is32 ? boot.get(bootSector.RootClus) : 0,
    volumeBytes: totalSectors * sectorBytes,
    serial: [0x28, 0x29].includes(boot.get(extension.BootSig)) ? formatSerial(boot.get(extension.VolID)) : '',
    isMarkedDirty: (boot.get(extension.Reserved1) & 1) !== 0,
  };
}

/** FAT32 without mirroring keeps only one of its FATs current and names it. */
function activeFat(boot: Struct, is32: boolean): number {
  const flags = is32 ? boot.get(bootSector.ExtFlags) : 0;
  const active = flags & 0x80 ? flags & 0xf : 0;
  return active < boot.get(bootSector.NumFATs) ? active : 0;
}

/** As blkid prints it. */
function formatSerial(id: number): string {
  const hex = id.toString(16).toUpperCase().padStart(8, '0');
  return `${hex.slice(0, 4)}-${hex.slice(4)}`;
}

function oemName(sector: Uint8Array): string {
  return Buffer.from(new Struct(sector).bytes(bootSector.OEMName)).toString('latin1');
}
