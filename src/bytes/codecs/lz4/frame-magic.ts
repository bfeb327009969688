/** The magic numbers of LZ4 streams (lz4_Frame_format.md), 32 bit, little-endian. */
export const FRAME_MAGIC = 0x184d2204;
export const LEGACY_MAGIC = 0x184c2102;
/** Skippable frames have any of sixteen from here. */
export const SKIPPABLE_MAGIC = 0x184d2a50;
