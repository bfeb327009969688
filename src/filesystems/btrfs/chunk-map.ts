/**
 * Chunks: which bytes of the device are behind the logical addresses all trees use (kernel, btrfs_tree.h: btrfs_chunk). Those of
 * the chunk tree itself are listed in the superblock, all others in the chunk tree. Read are the profiles of one device: single
 * and dup; what stripes or mirrors over devices is refused by name.
 */
import { partitionPoint } from '../../bytes/partition-point.ts';
import { Struct, u16le, u64le } from '../../bytes/struct.ts';
import { ImageError } from '../../errors.ts';
import { ITEM, KEY_SIZE, type Key, readKey } from './key.ts';

export const CHUNK = { length: u64le(0), type: u64le(24), num_stripes: u16le(44) } as const;
const CHUNK_SIZE = 48;
export const STRIPE = { devid: u64le(0), offset: u64le(8) } as const;
const STRIPE_SIZE = 32;

const PROFILES: readonly (readonly [bit: number, name: string])[] = [
  [0x8, 'raid0'],
  [0x10, 'raid1'],
  [0x40, 'raid10'],
  [0x80, 'raid5'],
  [0x100, 'raid6'],
  [0x200, 'raid1c3'],
  [0x400, 'raid1c4'],
];

export interface Chunk {
  /** Logical address. */
  readonly start: number;
  readonly length: number;
  /** Byte offsets of the copies in the source. */
  readonly copies: readonly number[];
}

/** Where to complain, and what a chunk must fit into. */
export interface ChunkContext {
  readonly label: string;
  readonly size: number;
  readonly deviceId: number;
}

export class ChunkMap {
  #chunks: readonly Chunk[] = [];

  /** Adds chunks; one that is known already is taken from the later list. Throws `corrupt` if two overlap. */
  add(chunks: readonly Chunk[], label: string): void {
    const byStart = new Map([...this.#chunks, ...chunks].map((chunk) => [chunk.start, chunk]));
    const sorted = [...byStart.values()].sort((a, b) => a.start - b.start);
    for (const [i, { start }] of sorted.entries()) {
      const before = sorted[i - 1];
      if (before && before.start + before.length > start) throw badChunk(label, start, 'overlaps the one before it');
    }
    this.#chunks = sorted;
  }

  /** Byte offsets of the copies of [address, address + length), undefined if no chunk holds all of it. */
  find(address: number, length: number): readonly number[] | undefined {
    const chunks = this.#chunks;
    const chunk = chunks[partitionPoint(chunks.length, (i) => (chunks[i]?.start ?? 0) <= address) - 1];
    if (!chunk || address < chunk.start || address + length > chunk.start + chunk.length) return undefined;
    return chunk.copies.map((copy) => copy + address - chunk.start);
  }
}

/** The keys and chunks listed in the superblock. */
export function parseSystemChunks(bytes: Uint8Array, context: ChunkContext): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (at + KEY_SIZE + CHUNK_SIZE > bytes.length) throw badChunk(context.label, at, 'is cut off in the superblock');
    const key = readKey(new Struct(bytes, at));
    if (key.type !== ITEM.chunk) throw badChunk(context.label, key.offset, `has the key type ${key.type}`);
    const stripes = new Struct(bytes, at + KEY_SIZE).get(CHUNK.num_stripes);
    const end = at + KEY_SIZE + CHUNK_SIZE + stripes * STRIPE_SIZE;
    if (end > bytes.length) throw badChunk(context.label, key.offset, 'is cut off in the superblock');
    chunks.push(parseChunk(key, bytes.subarray(at + KEY_SIZE, end), context));
    at = end;
  }
  return chunks;
}

/** Throws `corrupt`, or `unsupported` for a profile of several devices. */
export function parseChunk(key: Key, bytes: Uint8Array, { label, size, deviceId }: ChunkContext): Chunk {
  const s = new Struct(bytes);
  const type = s.get(CHUNK.type);
  const profile = PROFILES.find(([bit]) => type & bit);
  if (profile) {
    const message = `this btrfs file system keeps chunks as ${profile[1]}, over several devices`;
    throw new ImageError('unsupported', 'btrfs/raid', message, {
      location: { source: label },
      remedy: 'build the image with the profiles single or dup',
    });
  }
  const length = s.get(CHUNK.length);
  const stripes = s.get(CHUNK.num_stripes);
  if (length === 0 || stripes === 0 || CHUNK_SIZE + stripes * STRIPE_SIZE > bytes.length) {
    throw badChunk(label, key.offset, `has ${length} bytes in ${stripes} copies`);
  }
  const copies: number[] = [];
  for (let i = 0; i < stripes; i++) {
    const stripe = s.at(CHUNK_SIZE + i * STRIPE_SIZE);
    const offset = stripe.get(STRIPE.offset);
    if (stripe.get(STRIPE.devid) !== deviceId) throw badChunk(label, key.offset, 'lies on another device');
    if (offset + length > size) throw badChunk(label, key.offset, 'goes beyond the end of the device');
    copies.push(offset);
  }
  return { start: key.offset, length, copies };
}

function badChunk(label: string, start: number, what: string): ImageError {
  return new ImageError('corrupt', 'btrfs/bad-chunk', `the btrfs chunk at address ${start} ${what}`, {
    location: { source: label },
  });
}
