/** The magic number of zstd frames (RFC 8878, section 3.1.1), 32 bit, little-endian. */
export const FRAME_MAGIC = 0xfd2fb528;
