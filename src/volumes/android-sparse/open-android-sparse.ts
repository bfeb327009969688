/** Opens an Android sparse image: its chunks as a disk, its checksums verified where it has any. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { crc32, crc32Zeros } from '../../bytes/checksums/crc32.ts';
import { ImageError } from '../../errors.ts';
import { type DiskMap, findRun, type Stretch, VirtualDisk } from '../virtual-disk.ts';
import type { VolumeTable } from '../volume.ts';
import { type Chunk, readChunks, type SparseImage } from './chunks.ts';

const PIECE = 1024 * 1024;

/** ImageError if a chunk or a checksum does not fit. */
export function openAndroidSparse(source: ByteSource): VolumeTable {
  const image = readChunks(source);
  verifyChecksums(source, image);
  const chunks = image.chunks.filter(({ kind }) => kind !== 'crc32');
  const disk = new VirtualDisk(source, new ChunkMap(chunks), image.size);
  return { format: 'android-sparse', volumes: [{ name: '', source: disk }], diagnostics: [] };
}

class ChunkMap implements DiskMap {
  readonly #chunks: readonly Chunk[];

  /** They ascend and leave no gap. */
  constructor(chunks: readonly Chunk[]) {
    this.#chunks = chunks;
  }

  stretch(offset: number, wanted: number): Stretch {
    const chunk = findRun(this.#chunks, offset);
    if (!chunk || chunk.kind === 'crc32') return { state: 'zeros', length: wanted };
    const into = offset - chunk.at;
    const length = chunk.length - into;
    if (chunk.kind === 'raw') return { state: 'stored', from: chunk.from + into, length };
    if (chunk.value === 0) return { state: 'zeros', length };
    const bytes = fill(chunk.value, into, Math.min(length, wanted, PIECE));
    return { state: 'bytes', bytes, length: bytes.length };
  }
}

/** `length` bytes of the repeated four, from byte `into` of the repetition on. */
function fill(value: number, into: number, length: number): Uint8Array {
  const four = Buffer.alloc(4);
  four.writeUInt32LE(value);
  return Buffer.alloc(length, Buffer.concat([four.subarray(into % 4), four.subarray(0, into % 4)]));
}

/** Reads what is stored once, and only if there is a checksum to hold it against. */
function verifyChecksums(source: ByteSource, { chunks, checksum }: SparseImage): void {
  if (checksum === 0 && !chunks.some(({ kind }) => kind === 'crc32')) return;
  let crc = 0;
  for (const chunk of chunks) {
    if (chunk.kind === 'crc32') expectChecksum(source, chunk.value, crc);
    else if (chunk.kind === 'raw') {
      for (let done = 0; done < chunk.length; done += PIECE) {
        crc = crc32(source.read(chunk.from + done, Math.min(PIECE, chunk.length - done)), crc);
      }
    } else crc = chunk.value === 0 ? crc32Zeros(chunk.length, crc) : crc32Fill(chunk.value, chunk.length, crc);
  }
  if (checksum !== 0) expectChecksum(source, checksum, crc);
}

/** In logarithmic time: the repetition is doubled, and each doubling is two copies of one checksum joined. */
function crc32Fill(value: number, length: number, before: number): number {
  let crc = before;
  let doubled = crc32(fill(value, 0, 4));
  let bytes = 4;
  for (let rest = length / 4; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) crc = joinCrc32(crc, doubled, bytes);
    doubled = joinCrc32(doubled, doubled, bytes);
    bytes *= 2;
  }
  return crc;
}

/** The checksum of two texts in a row, by the checksum of each and the length of the second. */
function joinCrc32(first: number, second: number, secondLength: number): number {
  return ((~crc32Zeros(secondLength, ~first >>> 0) >>> 0) ^ second) >>> 0;
}

function expectChecksum(source: ByteSource, stored: number, computed: number): void {
  if (stored === computed) return;
  throw new ImageError('corrupt', 'android-sparse/bad-checksum', 'the checksum of the sparse image does not match', {
    location: { source: source.label },
    remedy: 'the image is damaged: copy or build it again',
  });
}
