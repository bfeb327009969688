/**
 * From an offset of a qcow2 disk to its cluster (docs/interop/qcow2.txt of QEMU, "L1 and L2 tables", "Extended L2 entries"). Two
 * table lookups a cluster, each bounded by the file; tables are never followed further, so they cannot form a cycle.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import type { BlockDecoder } from '../../bytes/codecs/blocks/block.ts';
import { asImageError, ImageError } from '../../errors.ts';
import type { Limits } from '../../limits.ts';
import { type DiskMap, joinPieces, type Piece, PieceCache, type Stretch } from '../virtual-disk.ts';
import type { Qcow2Header } from './header.ts';

const SUBCLUSTERS = 32;
const SECTOR = 512;
/** Bits of the upper half of an L2 entry. */
const COMPRESSED = 1 << 30;
/** The upper half of a host offset: bits 32 to 55. */
const OFFSET_HIGH = 0x00ff_ffff;
/** The lower half: bits 9 to 31. */
const OFFSET_LOW = 0xffff_fe00;
const ZERO = 1;

interface Entry {
  readonly high: number;
  readonly low: number;
  /** Where it stands in the file. */
  readonly at: number;
}

export class ClusterMap implements DiskMap {
  readonly #file: ByteSource;
  readonly #header: Qcow2Header;
  readonly #decode: BlockDecoder;
  readonly #expanded: PieceCache;
  readonly #clusterBytes: number;
  readonly #entryBytes: number;
  readonly #entriesPerTable: number;

  /** Throws `corrupt` if the first-level table cannot map the disk or does not lie in the file. */
  constructor(file: ByteSource, header: Qcow2Header, decode: BlockDecoder, limits: Limits) {
    this.#file = file;
    this.#header = header;
    this.#decode = decode;
    this.#clusterBytes = 2 ** header.clusterBits;
    this.#entryBytes = header.extendedL2 ? 16 : 8;
    this.#entriesPerTable = this.#clusterBytes / this.#entryBytes;
    this.#expanded = new PieceCache(limits.cacheBytes / 4, this.#clusterBytes);
    const needed = Math.ceil(header.size / (this.#clusterBytes * this.#entriesPerTable));
    if (needed > header.l1Entries) {
      throw this.#corrupt('bad-size', `the L1 table has ${header.l1Entries} entries, the disk needs ${needed}`, 0);
    }
    if (needed > 0 && header.l1Offset + needed * 8 > file.size) {
      throw this.#corrupt('bad-l1', `the L1 table at ${header.l1Offset} does not lie in the file`, 0);
    }
  }

  stretch(offset: number, wanted: number): Stretch {
    const clusterBytes = this.#clusterBytes;
    const cluster = Math.floor(offset / clusterBytes);
    const into = offset - cluster * clusterBytes;
    const table = this.#table(cluster);
    if (table === undefined) {
      const span = clusterBytes * this.#entriesPerTable;
      return { state: 'absent', length: span - (offset % span) };
    }
    const entry = this.#entry(cluster);
    if (entry && entry.high & COMPRESSED) {
      const bytes = this.#expand(entry).subarray(into);
      return { state: 'bytes', bytes, length: bytes.length };
    }
    return this.#header.extendedL2
      ? joinPieces(offset, wanted, clusterBytes / SUBCLUSTERS, (index) => this.#subcluster(index))
      : joinPieces(offset, wanted, clusterBytes, (index) => this.#cluster(index));
  }

  /** A cluster that is not compressed; a compressed one ends a run, and is found compressed when its turn comes. */
  #cluster(index: number): Piece {
    const entry = this.#entry(index);
    if (!entry) return { state: 'absent' };
    if (entry.high & COMPRESSED) return { state: 'stored', from: -1 };
    // Version 2 has no zero flag: there the bit is reserved and 0.
    if (entry.low & ZERO) return { state: 'zeros' };
    const from = this.#hostOffset(entry);
    return from === 0 ? { state: 'absent' } : { state: 'stored', from };
  }

  #subcluster(index: number): Piece {
    const cluster = Math.floor(index / SUBCLUSTERS);
    const entry = this.#entry(cluster);
    if (!entry) return { state: 'absent' };
    if (entry.high & COMPRESSED) return { state: 'stored', from: -1 };
    const bitmap = this.#halves(entry.at + 8);
    const bit = index % SUBCLUSTERS;
    const isAllocated = ((bitmap.low >>> bit) & 1) === 1;
    const isZero = ((bitmap.high >>> bit) & 1) === 1;
    if (isAllocated && isZero) {
      throw this.#corrupt('bad-l2-entry', `subcluster ${bit} is both allocated and zero`, entry.at);
    }
    if (!isAllocated) return { state: isZero ? 'zeros' : 'absent' };
    const from = this.#hostOffset(entry);
    if (from === 0) throw this.#corrupt('bad-l2-entry', `subcluster ${bit} is allocated, its cluster is not`, entry.at);
    return { state: 'stored', from: from + (bit * this.#clusterBytes) / SUBCLUSTERS };
  }

  /** Where the L2 table for a cluster lies, undefined if there is none. */
  #table(cluster: number): number | undefined {
    const index = Math.floor(cluster / this.#entriesPerTable);
    // A run may ask for what lies behind the end of the disk.
    if (index * this.#entriesPerTable * this.#clusterBytes >= this.#header.size) return undefined;
    const from = this.#hostOffset(this.#halves(this.#header.l1Offset + index * 8));
    return from === 0 ? undefined : from;
  }

  #entry(cluster: number): Entry | undefined {
    const table = this.#table(cluster);
    if (table === undefined) return undefined;
    return this.#halves(table + (cluster % this.#entriesPerTable) * this.#entryBytes);
  }

  #halves(at: number): Entry {
    const bytes = this.#file.read(at, 8);
    const view = new DataView(bytes.buffer, bytes.byteOffset, 8);
    return { high: view.getUint32(0), low: view.getUint32(4), at };
  }

  #hostOffset({ high, low, at }: Entry): number {
    const offset = (high & OFFSET_HIGH) * 2 ** 32 + ((low & OFFSET_LOW) >>> 0);
    if (offset % this.#clusterBytes !== 0) {
      throw this.#corrupt('bad-offset', `an entry leads to ${offset}, where no cluster begins`, at);
    }
    return offset;
  }

  /** A whole cluster. Its descriptor holds an offset in bytes, and how many sectors it reaches beyond the first. */
  #expand(entry: Entry): Uint8Array {
    const offsetBits = 62 - (this.#header.clusterBits - 8);
    const value = (BigInt(entry.high & 0x3fff_ffff) << 32n) | BigInt(entry.low);
    const from = Number(value & ((1n << BigInt(offsetBits)) - 1n));
    const sectors = Number(value >> BigInt(offsetBits)) + 1;
    return this.#expanded.get(from, () => {
      // The last sector of the file may be short.
      const end = Math.min(Math.floor(from / SECTOR) * SECTOR + sectors * SECTOR, this.#file.size);
      if (from >= end) {
        throw new ImageError('truncated', 'qcow2/truncated', `a compressed cluster lies at ${from}, past the end`, {
          location: { source: this.#file.label, offset: entry.at },
        });
      }
      return this.#decompress(Uint8Array.from(this.#file.read(from, end - from)), from);
    });
  }

  #decompress(bytes: Uint8Array, from: number): Uint8Array {
    const location = { source: this.#file.label, offset: from };
    let cluster: Uint8Array;
    try {
      cluster = this.#decode(bytes, this.#clusterBytes);
    } catch (thrown) {
      const { kind, message } = asImageError(thrown);
      throw new ImageError(kind, 'qcow2/bad-cluster', `a compressed cluster is damaged: ${message}`, { location });
    }
    if (cluster.length === this.#clusterBytes) return cluster;
    const message = `a compressed cluster expands to ${cluster.length} of ${this.#clusterBytes} bytes`;
    throw new ImageError('corrupt', 'qcow2/bad-cluster', message, { location });
  }

  #corrupt(what: string, message: string, offset: number): ImageError {
    return new ImageError('corrupt', `qcow2/${what}`, message, { location: { source: this.#file.label, offset } });
  }
}
