/** Where the blocks of a file lie: what extent trees and indirect blocks have in common. */

export interface BlockRun {
  /** First block on the disk; undefined for a hole or blocks that were never written: both read as zero. */
  readonly physical: number | undefined;
  /** Blocks from the one asked for, at least 1. */
  readonly length: number;
}

export interface BlockMap {
  /** Blocks of a file that the map can address; a larger file is damaged. */
  readonly capacity: number;
  /** The run that begins at block `logical` of the file, 0 <= logical < capacity. Throws `corrupt`. */
  run(logical: number): BlockRun;
}
