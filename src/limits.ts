/**
 * The budgets. Every number an image controls is held against one of these before memory, time or disk is spent on it.
 * Each limit has a name, a default and a meaning; the error that reports it names it (`limitExceeded`).
 */
import { ImageError } from './errors.ts';
import type { Location } from './location.ts';

export interface Limits {
  /** Images inside images inside images. */
  readonly nesting: number;
  /** Bytes a compressed layer may expand to in total. */
  readonly spoolBytes: number;
  /** Symlinks followed in one resolution (the kernel's number). */
  readonly symlinks: number;
  /** Bytes of one text file (unit, configuration) that is read whole. */
  readonly textBytes: number;
  /** Entries of one directory. */
  readonly directoryEntries: number;
  /** Files, directories and links of one file system that is indexed whole (tar, cpio, host folder). */
  readonly fileSystemEntries: number;
  /** Directory levels in a walk. */
  readonly depth: number;
  /** Bytes of extended attributes of one file. */
  readonly xattrBytes: number;
  /** Bytes of one archive header record (pax header, GNU long name). */
  readonly headerBytes: number;
  /** Partitions of one disk. */
  readonly partitions: number;
  /** Bytes of cached blocks per open image. */
  readonly cacheBytes: number;
}

const MiB = 1024 * 1024;

export const defaultLimits: Limits = {
  nesting: 8,
  spoolBytes: 256 * 1024 * MiB,
  symlinks: 40,
  textBytes: 8 * MiB,
  directoryEntries: 1_000_000,
  fileSystemEntries: 5_000_000,
  depth: 255,
  xattrBytes: MiB,
  headerBytes: MiB,
  partitions: 256,
  cacheBytes: 48 * MiB,
};

/** The error for a budget that ran out: it names the limit, so that a user knows which one to raise. */
export function limitExceeded(name: keyof Limits, limits: Limits, what: string, location?: Location): ImageError {
  const details = {
    remedy: `if the image is trusted, raise the limit: --limit ${name}=N (now ${limits[name]})`,
  };
  return new ImageError(
    'limit',
    `limit/${name}`,
    `${what}: over the limit ${name} (${limits[name]})`,
    location ? { ...details, location } : details,
  );
}
