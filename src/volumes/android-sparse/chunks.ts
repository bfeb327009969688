/** The header and chunks of an Android sparse image (sparse_format.h of AOSP libsparse), little-endian. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { Struct, u16le, u32le } from '../../bytes/struct.ts';
import { ImageError } from '../../errors.ts';

export const sparseHeader = {
  major_version: u16le(4),
  file_hdr_sz: u16le(8),
  chunk_hdr_sz: u16le(10),
  blk_sz: u32le(12),
  total_blks: u32le(16),
  total_chunks: u32le(20),
  image_checksum: u32le(24),
} as const;

export const chunkHeader = {
  chunk_type: u16le(0),
  chunk_sz: u32le(4),
  total_sz: u32le(8),
} as const;

const HEADER_BYTES = 28;
const CHUNK_BYTES = 12;
const RAW = 0xcac1;
const FILL = 0xcac2;
const DONT_CARE = 0xcac3;
const CRC32 = 0xcac4;
/** libsparse makes chunks of up to 64 MiB; this many are 8 GiB of which every second block is a hole. */
const MAX_CHUNKS = 1_000_000;

/** A run of the image, in its order. */
export type Chunk = {
  /** Byte offset in the image. */
  readonly at: number;
  readonly length: number;
} & (
  | { readonly kind: 'raw'; readonly from: number }
  /** The four bytes as a little-endian number; 0 for blocks that are not there. */
  | { readonly kind: 'fill'; readonly value: number }
  /** `length` is 0: the checksum of everything before. */
  | { readonly kind: 'crc32'; readonly value: number }
);

export interface SparseImage {
  readonly size: number;
  readonly chunks: readonly Chunk[];
  /** Of the whole image; 0 if it has none. */
  readonly checksum: number;
}

/** Reads the headers of all chunks; ImageError unless they make up exactly the image that the header announces. */
export function readChunks(source: ByteSource): SparseImage {
  const corrupt = (what: string, offset: number): ImageError =>
    new ImageError('corrupt', 'android-sparse/bad-chunk', what, { location: { source: source.label, offset } });
  const header = new Struct(Uint8Array.from(source.read(0, HEADER_BYTES)));
  const major = header.get(sparseHeader.major_version);
  if (major !== 1) {
    throw new ImageError('unsupported', 'android-sparse/version', `version ${major} of the format is not read`, {
      location: { source: source.label, offset: 0 },
    });
  }
  const headerBytes = header.get(sparseHeader.chunk_hdr_sz);
  const blockBytes = header.get(sparseHeader.blk_sz);
  const count = header.get(sparseHeader.total_chunks);
  let from = header.get(sparseHeader.file_hdr_sz);
  if (from < HEADER_BYTES || headerBytes < CHUNK_BYTES) throw corrupt('its header sizes make no sense', 0);
  if (blockBytes === 0 || blockBytes % 4 !== 0) throw corrupt(`a block has ${blockBytes} bytes`, 0);
  if (count > MAX_CHUNKS) {
    throw new ImageError('limit', 'android-sparse/too-many-chunks', `${count} chunks, at most ${MAX_CHUNKS} are read`, {
      location: { source: source.label, offset: 0 },
    });
  }
  const chunks: Chunk[] = [];
  let blocks = 0;
  for (let index = 0; index < count; index++) {
    const chunk = new Struct(source.read(from, CHUNK_BYTES));
    const type = chunk.get(chunkHeader.chunk_type);
    const chunkBlocks = chunk.get(chunkHeader.chunk_sz);
    const stored = chunk.get(chunkHeader.total_sz) - headerBytes;
    const data = from + headerBytes;
    const place = { at: blocks * blockBytes, length: chunkBlocks * blockBytes };
    if (type === RAW && stored === place.length) {
      source.slice(data, stored);
      if (stored > 0) chunks.push({ ...place, kind: 'raw', from: data });
    } else if (type === FILL && stored === 4) {
      const value = new Struct(source.read(data, 4)).get(u32le(0));
      if (chunkBlocks > 0) chunks.push({ ...place, kind: 'fill', value });
    } else if (type === DONT_CARE && stored === 0) {
      if (chunkBlocks > 0) chunks.push({ ...place, kind: 'fill', value: 0 });
    } else if (type === CRC32 && stored === 4 && chunkBlocks === 0) {
      chunks.push({ ...place, kind: 'crc32', value: new Struct(source.read(data, 4)).get(u32le(0)) });
    } else {
      const kind = `type 0x${type.toString(16)}`;
      throw corrupt(`chunk ${index} (${kind}) of ${chunkBlocks} blocks stores ${stored} bytes`, from);
    }
    blocks += chunkBlocks;
    from = data + stored;
  }
  const total = header.get(sparseHeader.total_blks);
  if (blocks !== total) throw corrupt(`its chunks make up ${blocks} blocks, not ${total}`, 0);
  return { size: total * blockBytes, chunks, checksum: header.get(sparseHeader.image_checksum) };
}
