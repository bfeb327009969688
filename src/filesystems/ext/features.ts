/**
 * The feature bits of ext2/3/4 (kernel docs, filesystems/ext4: "The Super Block"), named as mke2fs and tune2fs name them.
 * An unknown or unread INCOMPAT bit stops the reader; COMPAT and RO_COMPAT bits never do, they only matter to writers.
 */
export const COMPAT = {
  has_journal: 0x4,
  ext_attr: 0x8,
  resize_inode: 0x10,
  dir_index: 0x20,
  sparse_super2: 0x200,
  fast_commit: 0x400,
  orphan_file: 0x1000,
} as const;

export const INCOMPAT = {
  compression: 0x1,
  filetype: 0x2,
  needs_recovery: 0x4,
  journal_dev: 0x8,
  meta_bg: 0x10,
  extent: 0x40,
  '64bit': 0x80,
  mmp: 0x100,
  flex_bg: 0x200,
  ea_inode: 0x400,
  dirdata: 0x1000,
  metadata_csum_seed: 0x2000,
  large_dir: 0x4000,
  inline_data: 0x8000,
  encrypt: 0x1_0000,
  casefold: 0x2_0000,
} as const;

export const RO_COMPAT = {
  sparse_super: 0x1,
  large_file: 0x2,
  huge_file: 0x8,
  uninit_bg: 0x10,
  dir_nlink: 0x20,
  extra_isize: 0x40,
  bigalloc: 0x200,
  metadata_csum: 0x400,
} as const;

/** What this reader understands. `compression` never reached a kernel, `dirdata` is Lustre's, `journal_dev` holds no files. */
const READABLE =
  INCOMPAT.filetype |
  INCOMPAT.needs_recovery |
  INCOMPAT.meta_bg |
  INCOMPAT.extent |
  INCOMPAT['64bit'] |
  INCOMPAT.mmp |
  INCOMPAT.flex_bg |
  INCOMPAT.ea_inode |
  INCOMPAT.metadata_csum_seed |
  INCOMPAT.large_dir |
  INCOMPAT.inline_data |
  INCOMPAT.encrypt |
  INCOMPAT.casefold;

/** What ext3 may have; anything beyond makes it ext4 (the rule of blkid). */
const EXT3_INCOMPAT = INCOMPAT.filetype | INCOMPAT.needs_recovery | INCOMPAT.meta_bg;
const EXT3_RO_COMPAT = RO_COMPAT.sparse_super | RO_COMPAT.large_file | 0x4;

interface FeatureWords {
  readonly compat: number;
  readonly incompat: number;
  readonly roCompat: number;
}

/** Every INCOMPAT feature in `bits` that cannot be read, by name; bits without a name read as dumpe2fs prints them. */
export function unreadableFeatures(bits: number): string[] {
  const names: string[] = [];
  for (let bit = 0; bit < 32; bit++) {
    const mask = (1 << bit) >>> 0;
    if ((bits & mask & ~READABLE) === 0) continue;
    const known = Object.entries(INCOMPAT).find(([, value]) => value === mask);
    names.push(known ? known[0] : `FEATURE_I${bit}`);
  }
  return names;
}

/** The name blkid would give. */
export function formatName({ compat, incompat, roCompat }: FeatureWords): 'ext2' | 'ext3' | 'ext4' {
  if ((incompat & ~EXT3_INCOMPAT) !== 0 || (roCompat & ~EXT3_RO_COMPAT) !== 0) return 'ext4';
  return (compat & COMPAT.has_journal) !== 0 ? 'ext3' : 'ext2';
}
