/** Opens a zchunk file: its chunks as a disk, each verified and expanded when it is first read. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import type { BlockDecoder } from '../../bytes/codecs/blocks/block.ts';
import { startsWith } from '../../bytes/codecs/codec.ts';
import { asImageError, ImageError } from '../../errors.ts';
import type { Limits } from '../../limits.ts';
import { type DiskMap, findRun, PieceCache, type Stretch, VirtualDisk } from '../virtual-disk.ts';
import type { VolumeTable } from '../volume.ts';
import { digestOf, readZchunkHeader, type ZchunkChunk, type ZchunkHeader } from './header.ts';
import { headerMagic } from './zchunk.ts';

/** ImageError if the header is damaged or asks for what is not read; a damaged chunk shows when it is read. */
export async function openZchunk(source: ByteSource, limits: Limits): Promise<VolumeTable> {
  if (startsWith(source, headerMagic)) {
    throw new ImageError(
      'input',
      'zchunk/header-only',
      `${source.label} is the header of a zchunk file, without data`,
      {
        location: { source: source.label },
      },
    );
  }
  const header = readZchunkHeader(source);
  const map = new ChunkMap(source, header, await loadDecoder(header), limits);
  const disk = new VirtualDisk(source, map, header.size);
  return { format: 'zchunk', volumes: [{ name: '', source: disk }], diagnostics: [] };
}

async function loadDecoder({ compression }: ZchunkHeader): Promise<BlockDecoder> {
  if (compression === 'none') return (bytes) => bytes;
  const { prepareZstdBlocks } = await import('../../bytes/codecs/blocks/zstd.ts');
  return prepareZstdBlocks();
}

class ChunkMap implements DiskMap {
  readonly #file: ByteSource;
  readonly #header: ZchunkHeader;
  readonly #decode: BlockDecoder;
  readonly #expanded: PieceCache;

  constructor(file: ByteSource, header: ZchunkHeader, decode: BlockDecoder, limits: Limits) {
    this.#file = file;
    this.#header = header;
    this.#decode = decode;
    const largest = header.chunks.reduce((most, { length }) => Math.max(most, length), 1);
    this.#expanded = new PieceCache(limits.cacheBytes / 4, largest);
  }

  stretch(offset: number, wanted: number): Stretch {
    const chunk = findRun(this.#header.chunks, offset);
    if (!chunk) return { state: 'zeros', length: wanted };
    const bytes = this.#expanded.get(chunk.from, () => this.#expand(chunk)).subarray(offset - chunk.at);
    return { state: 'bytes', bytes, length: bytes.length };
  }

  #expand({ from, stored, length, digest }: ZchunkChunk): Uint8Array {
    const location = { source: this.#file.label, offset: from };
    const bytes = Uint8Array.from(this.#file.read(from, stored));
    if (Buffer.compare(digestOf(this.#header.checksum, bytes), digest) !== 0) {
      const message = 'the checksum of a chunk does not match: the zchunk file is damaged';
      throw new ImageError('corrupt', 'zchunk/bad-checksum', message, { location });
    }
    let expanded: Uint8Array;
    try {
      expanded = this.#decode(bytes, length);
    } catch (thrown) {
      const { kind, message } = asImageError(thrown);
      throw new ImageError(kind, 'zchunk/bad-chunk', message, { location });
    }
    if (expanded.length === length) return expanded;
    const message = `a chunk expands to ${expanded.length} of ${length} bytes`;
    throw new ImageError('corrupt', 'zchunk/bad-chunk', message, { location });
  }
}
