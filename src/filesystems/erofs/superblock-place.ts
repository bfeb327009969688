/** Where the EROFS superblock lies and how it begins. */
export const SUPERBLOCK_OFFSET = 1024;
export const MAGIC = [0xe2, 0xe1, 0xf5, 0xe0] as const;
