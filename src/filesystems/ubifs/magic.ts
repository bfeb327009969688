/** How every UBIFS node begins. */
export const NODE_MAGIC = [0x31, 0x18, 0x10, 0x06] as const;
export const NODE_TYPE_OFFSET = 20;
export const SUPERBLOCK_NODE = 6;
