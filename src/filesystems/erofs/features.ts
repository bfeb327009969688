/**
 * The INCOMPAT bits of EROFS (kernel, erofs_fs.h), named as dump.erofs names them. Bits share meanings: what a compressed image
 * calls `compr_head2` means `device_table` where extra devices are counted.
 */
export const INCOMPAT = {
  lz4_0padding: 0x1,
  compr_cfgs: 0x2,
  chunked_file: 0x4,
  device_table: 0x8,
  ztailpacking: 0x10,
  fragments: 0x20,
  xattr_prefixes: 0x40,
  '48bit': 0x80,
  metabox: 0x100,
} as const;

export const COMPAT = {
  sb_chksum: 0x1,
  mtime: 0x2,
  xattr_filter: 0x4,
  /** The table of long attribute prefixes lies in the image itself, even where there is a packed inode. */
  plain_xattr_pfx: 0x10,
} as const;

const READABLE =
  INCOMPAT.lz4_0padding |
  INCOMPAT.compr_cfgs |
  INCOMPAT.chunked_file |
  INCOMPAT.device_table |
  INCOMPAT.ztailpacking |
  INCOMPAT.fragments |
  INCOMPAT.xattr_prefixes;

/** Every INCOMPAT feature in `bits` that cannot be read, by name or by number. */
export function unreadableFeatures(bits: number): string[] {
  const names: string[] = [];
  for (let bit = 0; bit < 32; bit++) {
    const mask = (1 << bit) >>> 0;
    if ((bits & mask & ~READABLE) === 0) continue;
    const known = Object.entries(INCOMPAT).find(([, value]) => value === mask);
    names.push(known ? known[0] : `0x${mask.toString(16)}`);
  }
  return names;
}
