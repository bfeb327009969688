/**
 * The file allocation table: chains of clusters (Microsoft FAT specification 1.03, section 4). Each cluster may belong to one
 * chain only, so following a chain claims its clusters; loops, chains into free or foreign clusters and chains that end
 * early are `corrupt`.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { ImageError } from '../../errors.ts';
import type { Extent } from '../extent-source.ts';
import type { NodeId } from '../file-system.ts';
import type { FatLayout } from './boot-sector.ts';

const WINDOW = 64 * 1024;
const CLAIMS = 512;

/** The entry of a cluster, decoded: the next cluster, or one of the three below. Numbers, for chains are long. */
export type FatValue = number;
const FREE = 0;
const BAD = -1;
const END = -2;

export class ClusterChains {
  readonly #source: ByteSource;
  readonly #layout: FatLayout;
  #window = new DataView(new ArrayBuffer(0));
  #windowStart = -1;
  /** By cluster number / CLAIMS: the claiming chain of each cluster, as an index into `#owners` from 1. */
  readonly #claims = new Map<number, Uint32Array<ArrayBuffer>>();
  #page = new Uint32Array(0);
  #pageKey = -1;
  readonly #owners: NodeId[] = [];

  constructor(source: ByteSource, layout: FatLayout) {
    this.#source = source;
    this.#layout = layout;
  }

  /** Whether the second entry's top bit says "not cleanly unmounted"; FAT12 has no such bit. */
  isMarkedDirty(): boolean {
    const { bits } = this.#layout;
    if (bits === 12) return false;
    return (this.#byte((bits / 8) * 2 - 1) & (bits === 16 ? 0x80 : 0x08)) === 0;
  }

  /** Clusters the table marks free, counted: the hint of the information sector may be stale. */
  countFree(): number {
    let free = 0;
    for (let cluster = 2; cluster < this.#layout.clusters + 2; cluster++) if (this.readEntry(cluster) === FREE) free++;
    return free;
  }

  /** The chain of a file of `size` bytes; clusters beyond them are ignored, as Linux does. */
  readFile(node: NodeId, first: number, size: number): Extent[] {
    return size === 0 ? [] : this.#follow(node, first, Math.ceil(size / this.#layout.clusterBytes), 'exactly');
  }

  /** The chain of a directory, to its end, which comes after at most `maxBytes`. */
  readDirectory(node: NodeId, first: number, maxBytes: number): Extent[] {
    return this.#follow(node, first, Math.max(1, Math.ceil(maxBytes / this.#layout.clusterBytes)), 'at most');
  }

  #follow(node: NodeId, first: number, wanted: number, amount: 'exactly' | 'at most'): Extent[] {
    const { clusterBytes, dataStart, clusters } = this.#layout;
    const owner = this.#owners.push(node);
    const extents: { at: number; length: number; from: number }[] = [];
    let last: { at: number; length: number; from: number } | undefined;
    let cluster: FatValue = first;
    for (let count = 0; count < wanted; count++) {
      if (cluster === END && amount === 'at most') return extents;
      if (cluster < 2 || cluster > clusters + 1) throw this.#astray(node, cluster, count, wanted);
      const from = dataStart + (cluster - 2) * clusterBytes;
      this.#claim(node, cluster, owner);
      if (last && last.from + last.length === from) last.length += clusterBytes;
      else {
        last = { at: count * clusterBytes, length: clusterBytes, from };
        extents.push(last);
      }
      if (count + 1 < wanted || amount === 'at most') cluster = this.readEntry(cluster);
    }
    if (amount === 'at most' && cluster !== END) {
      throw this.#corrupt(node, 'fat/huge-directory', `a directory goes on after ${wanted * clusterBytes} bytes`);
    }
    return extents;
  }

  /** Where a chain goes that does not go to a cluster. */
  #astray(node: NodeId, cluster: FatValue, count: number, wanted: number): ImageError {
    if (cluster === END)
      return this.#corrupt(node, 'fat/short-chain', `a chain ends after ${count} of ${wanted} clusters`);
    if (cluster === FREE || cluster === BAD) {
      const mark = cluster === FREE ? 'free' : 'bad';
      return this.#corrupt(node, `fat/${mark}-cluster`, `a chain leads to a cluster that is marked ${mark}`);
    }
    const message = `a chain leads to cluster ${cluster}, the last is ${this.#layout.clusters + 1}`;
    return this.#corrupt(node, 'fat/no-such-cluster', message);
  }

  #claim(node: NodeId, cluster: number, owner: number): void {
    const claims = this.#claimsAt(Math.floor(cluster / CLAIMS));
    const before = claims[cluster % CLAIMS] ?? 0;
    if (before === owner) throw this.#corrupt(node, 'fat/loop', `a chain comes back to its own cluster ${cluster}`);
    if (before !== 0) {
      const other = this.#owners[before - 1] ?? 0;
      const message = `cluster ${cluster} belongs to two chains, those of the entries at 0x${other.toString(16)} and 0x${node.toString(16)}`;
      throw this.#corrupt(node, 'fat/cross-link', message);
    }
    claims[cluster % CLAIMS] = owner;
  }

  #claimsAt(key: number): Uint32Array {
    if (key !== this.#pageKey) {
      const page = this.#claims.get(key) ?? new Uint32Array(CLAIMS);
      this.#claims.set(key, page);
      this.#page = page;
      this.#pageKey = key;
    }
    return this.#page;
  }

  /** What the FAT says about a cluster: the next one, or how the chain stops. */
  readEntry(cluster: number): FatValue {
    const { bits } = this.#layout;
    if (bits === 32)
      return decodeEntry(
        this.#windowAt(cluster * 4).getUint32((cluster * 4) % WINDOW, true) & 0x0fff_ffff,
        0x0fff_ffff,
      );
    if (bits === 16) return decodeEntry(this.#windowAt(cluster * 2).getUint16((cluster * 2) % WINDOW, true), 0xffff);
    const at = Math.floor(cluster * 1.5);
    const pair = this.#byte(at) | (this.#byte(at + 1) << 8);
    return decodeEntry(cluster % 2 === 0 ? pair & 0xfff : pair >> 4, 0xfff);
  }

  #byte(at: number): number {
    return this.#windowAt(at).getUint8(at % WINDOW);
  }

  /** The piece of the FAT around byte `at`; the layout has made sure that every cluster's entry lies in the FAT. */
  #windowAt(at: number): DataView {
    const start = at - (at % WINDOW);
    if (start !== this.#windowStart) {
      const { fatStart, fatBytes } = this.#layout;
      const bytes = Uint8Array.from(this.#source.read(fatStart + start, Math.min(WINDOW, fatBytes - start)));
      this.#window = new DataView(bytes.buffer);
      this.#windowStart = start;
    }
    return this.#window;
  }

  #corrupt(node: NodeId, code: string, message: string): ImageError {
    return new ImageError('corrupt', code, message, { location: { source: this.#source.label, offset: node } });
  }
}

/** `all` is the entry with every bit set; the last eight values end a chain, the one before marks a bad cluster. */
function decodeEntry(value: number, all: number): FatValue {
  if (value < all - 8) return value;
  return value === all - 8 ? BAD : END;
}
