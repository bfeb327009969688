/**
 * Logical clusters: equal stretches of a compressed file, each with an index entry that says whether an extent begins in it, and
 * if so where, or how far back its extent began (kernel docs, filesystems/erofs; erofs_fs.h, z_erofs_lcluster_index).
 */
export const TYPE = { plain: 0, head1: 1, nonHead: 2, head2: 3 } as const;

/** Set in the distance of the first cluster behind a head: the other bits count the blocks of the compressed extent. */
export const BLOCK_COUNT = 0x800;

export interface Cluster {
  readonly type: number;
  /** Where in the cluster the extent begins; of heads. */
  readonly offset: number;
  /** Block of the compressed extent; of heads. */
  readonly block: number;
  /** Clusters back to the head, or to another one that knows; of the others. */
  readonly distance: number;
  /** Blocks of the compressed extent, 0 if not said here; of the others. */
  readonly blockCount: number;
  /** The compressed extent holds more than belongs here. */
  readonly isPartial: boolean;
}

export interface ClusterIndex {
  /** Cluster `number` of the file. Throws `corrupt`. */
  read(number: number): Cluster;
  /** Byte offset behind the entry, or behind the pack it lies in: where inline data begin behind the last one. */
  endOf(number: number): number;
}
