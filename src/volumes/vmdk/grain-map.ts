/**
 * From an offset of a sparse VMDK disk to its grain (VMware "Virtual Disk Format 5.0", "Grain Directory", "Grain Table"); compressed
 * grains stand behind a marker with their place in the disk and their length.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { decodeZlib } from '../../bytes/codecs/blocks/deflate.ts';
import { Struct, u32le, u64le } from '../../bytes/struct.ts';
import { asImageError, ImageError } from '../../errors.ts';
import type { Limits } from '../../limits.ts';
import { type DiskMap, joinPieces, type Piece, PieceCache, type Stretch } from '../virtual-disk.ts';
import { SECTOR, type VmdkHeader } from './sparse-header.ts';

const marker = { val: u64le(0), size: u32le(8) } as const;
const MARKER_BYTES = 12;
/** A table entry that stands for zeros, where the header says so. */
const ZEROED = 1;

export class GrainMap implements DiskMap {
  readonly #file: ByteSource;
  readonly #header: VmdkHeader;
  readonly #expanded: PieceCache;

  constructor(file: ByteSource, header: VmdkHeader, limits: Limits) {
    this.#file = file;
    this.#header = header;
    this.#expanded = new PieceCache(limits.cacheBytes / 4, header.grainBytes);
  }

  stretch(offset: number, wanted: number): Stretch {
    const { grainBytes, isCompressed } = this.#header;
    const locate = (index: number): Piece => this.#locate(index);
    if (!isCompressed) return joinPieces(offset, wanted, grainBytes, locate);
    const grain = Math.floor(offset / grainBytes);
    const piece = this.#locate(grain);
    if (piece.state !== 'stored') return joinPieces(offset, wanted, grainBytes, locate);
    const whole = this.#expanded.get(piece.from, () => this.#expand(grain, piece.from));
    const bytes = whole.subarray(offset - grain * grainBytes);
    return { state: 'bytes', bytes, length: bytes.length };
  }

  #locate(index: number): Piece {
    const { size, grainBytes, grainsPerTable, directory, hasZeroedGrains } = this.#header;
    // A run may ask for what lies behind the end of the disk.
    if (index * grainBytes >= size) return { state: 'zeros' };
    const table = this.#entry(directory + Math.floor(index / grainsPerTable) * 4);
    if (table === 0) return { state: 'zeros' };
    const grain = this.#entry(table * SECTOR + (index % grainsPerTable) * 4);
    if (grain === 0 || (grain === ZEROED && hasZeroedGrains)) return { state: 'zeros' };
    return { state: 'stored', from: grain * SECTOR };
  }

  #entry(at: number): number {
    return new Struct(this.#file.read(at, 4)).get(u32le(0));
  }

  #expand(grain: number, from: number): Uint8Array {
    const { size, grainBytes } = this.#header;
    const location = { source: this.#file.label, offset: from };
    const corrupt = (what: string): ImageError => new ImageError('corrupt', 'vmdk/bad-grain', what, { location });
    const head = new Struct(this.#file.read(from, MARKER_BYTES));
    const place = head.get(marker.val) * SECTOR;
    const stored = head.get(marker.size);
    if (place !== grain * grainBytes) throw corrupt(`a grain belongs at ${place}, not at ${grain * grainBytes}`);
    if (stored > 2 * grainBytes + SECTOR) throw corrupt(`a grain of ${grainBytes} bytes is stored in ${stored}`);
    const wanted = Math.min(grainBytes, size - place);
    try {
      const bytes = decodeZlib(Uint8Array.from(this.#file.read(from + MARKER_BYTES, stored)), grainBytes);
      if (bytes.length < wanted) throw corrupt(`a grain expands to ${bytes.length} of ${wanted} bytes`);
      return bytes;
    } catch (thrown) {
      const { kind, message } = asImageError(thrown);
      throw new ImageError(kind, 'vmdk/bad-grain', message, { location });
    }
  }
}
