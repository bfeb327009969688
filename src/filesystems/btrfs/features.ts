/**
 * The INCOMPAT bits of btrfs (kernel, include/uapi/linux/btrfs.h), named as in /sys/fs/btrfs/features. What changes where trees
 * and data lie and is not read: striping over devices, zones, the second version of the extent tree.
 */
const INCOMPAT: readonly (readonly [name: string, isRead: boolean])[] = [
  ['mixed_backref', true],
  ['default_subvol', true],
  ['mixed_groups', true],
  ['compress_lzo', true],
  ['compress_zstd', true],
  ['big_metadata', true],
  ['extended_iref', true],
  ['raid56', true],
  ['skinny_metadata', true],
  ['no_holes', true],
  ['metadata_uuid', true],
  ['raid1c34', true],
  ['zoned', false],
  ['extent_tree_v2', false],
  ['raid_stripe_tree', false],
  ['feature 15', false],
  ['simple_quota', true],
];
/** Every feature in `bits` that is not read, by name or by number. */
export function unreadableFeatures(bits: number): string[] {
  const names: string[] = [];
  for (let bit = 0, rest = bits; rest >= 1; bit++, rest = Math.floor(rest / 2)) {
    const [name, isRead] = INCOMPAT[bit] ?? [`feature ${bit}`, false];
    if (rest % 2 === 1 && !isRead) names.push(name);
  }
  return names;
}

/** Whether tree blocks bear another UUID than the file system. */
export function hasMetadataUuid(bits: number): boolean {
  return hasFeature(bits, 'metadata_uuid');
}

/** Whether some extents are compressed with zstd. */
export function hasZstd(bits: number): boolean {
  return hasFeature(bits, 'compress_zstd');
}

function hasFeature(bits: number, name: string): boolean {
  const bit = INCOMPAT.findIndex((row) => row[0] === name);
  return Math.floor(bits / 2 ** bit) % 2 === 1;
}
