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

/** The entry of a cluster, decoded. */
export type FatValue = number | 'free' | 'bad' | 'end';

export class ClusterChains {
  readonly #source: ByteSource;
  readonly #layout: FatLayout;
  #window = new Uint8Array(0);
  #windowStart = 0;
  /** By cluster number / CLAIMS: the claiming chain of each cluster, as an index into `#owners` from 1. */
  readonly #claims = new Map<number, Uint32Array>();
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

  /** The chain of a file of `size` bytes; clusters beyond them are ignored, as Linux does. */
  readFile(node: NodeId, first: number, size: number): Extent[] {
    return size === 0 ? [] : this.#follow(node, first, Math.ceil(size / this.#layout.clusterBytes), 'exactly');
  }

  /** The chain of a directory, to its end, which comes after at most `maxBytes`. */
  readDirectory(node: NodeId, first: number, maxBytes: number): Extent[] {
    return this.#follow(node, first, Math.max(1, Math.ceil(maxBytes / this.#layout.clusterBytes)), 'at most');
  }

  #follow(node: NodeId, first: number, wanted: number, amount: 'exactly' | 'at most'): Extent[] {
    const { clusterBytes } = this.#layout;
    const owner = this.#owners.push(node);
    const extents: { at: number; length: number; from: number }[] = [];
    let last: { at: number; length: number; from: number } | undefined;
    let cluster: FatValue = first;
    for (let count = 0; count < wanted; count++) {
      if (cluster === 'end' && amount === 'at most') return extents;
      const from = this.#locate(node, cluster, count, wanted);
      this.#claim(node, cluster as number, owner);
      if (last && last.from + last.length === from) last.length += clusterBytes;
      else {
        last = { at: count * clusterBytes, length: clusterBytes, from };
        extents.push(last);
      }
      if (count + 1 < wanted || amount === 'at most') cluster = this.readEntry(cluster as number);
    }
    if (amount === 'at most' && cluster !== 'end') {
      throw this.#corrupt(node, 'fat/huge-directory', `a directory goes on after ${wanted * clusterBytes} bytes`);
    }
    return extents;
  }

  /** Byte offset of the cluster a chain leads to. */
  #locate(node: NodeId, cluster: FatValue, count: number, wanted: number): number {
    const { clusters, clusterBytes, dataStart } = this.#layout;
    if (cluster === 'end') {
      throw this.#corrupt(node, 'fat/short-chain', `a chain ends after ${count} of ${wanted} clusters`);
    }
    if (cluster === 'free' || cluster === 'bad') {
      throw this.#corrupt(node, `fat/${cluster}-cluster`, `a chain leads to a cluster that is marked ${cluster}`);
    }
    if (cluster < 2 || cluster > clusters + 1) {
      throw this.#corrupt(
        node,
        'fat/no-such-cluster',
        `a chain leads to cluster ${cluster}, the last is ${clusters + 1}`,
      );
    }
    return dataStart + (cluster - 2) * clusterBytes;
  }

  #claim(node: NodeId, cluster: number, owner: number): void {
    const key = Math.floor(cluster / CLAIMS);
    const claims = this.#claims.get(key) ?? new Uint32Array(CLAIMS);
    this.#claims.set(key, claims);
    const before = claims[cluster % CLAIMS] ?? 0;
    if (before === owner) throw this.#corrupt(node, 'fat/loop', `a chain comes back to its own cluster ${cluster}`);
    if (before !== 0) {
      const other = this.#owners[before - 1] ?? 0;
      const message = `cluster ${cluster} belongs to two chains, those of the entries at 0x${other.toString(16)} and 0x${node.toString(16)}`;
      throw this.#corrupt(node, 'fat/cross-link', message);
    }
    claims[cluster % CLAIMS] = owner;
  }

  /** What the FAT says about a cluster: the next one, or how the chain stops. */
  readEntry(cluster: number): FatValue {
    const { bits } = this.#layout;
    if (bits === 12) {
      const at = Math.floor(cluster * 1.5);
      const pair = this.#byte(at) | (this.#byte(at + 1) << 8);
      return decodeEntry(cluster % 2 === 0 ? pair & 0xfff : pair >> 4, 0xfff);
    }
    if (bits === 16) {
      return decodeEntry(this.#byte(cluster * 2) | (this.#byte(cluster * 2 + 1) << 8), 0xffff);
    }
    const at = cluster * 4;
    const low = this.#byte(at) | (this.#byte(at + 1) << 8) | (this.#byte(at + 2) << 16);
    return decodeEntry(low | ((this.#byte(at + 3) & 0x0f) << 24), 0x0fff_ffff);
  }

  #byte(at: number): number {
    if (at < this.#windowStart || at >= this.#windowStart + this.#window.length) {
      const { fatStart, fatBytes } = this.#layout;
      this.#windowStart = at - (at % WINDOW);
      const length = Math.min(WINDOW, fatBytes - this.#windowStart);
      this.#window = Uint8Array.from(this.#source.read(fatStart + this.#windowStart, length));
    }
    return this.#window[at - this.#windowStart] ?? 0;
  }

  #corrupt(node: NodeId, code: string, message: string): ImageError {
    return new ImageError('corrupt', code, message, { location: { source: this.#source.label, offset: node } });
  }
}

/** `all` is the entry with every bit set; the last eight values end a chain, the one before marks a bad cluster. */
function decodeEntry(value: number, all: number): FatValue {
  if (value === 0) return 'free';
  if (value >= all - 7) return 'end';
  return value === all - 8 ? 'bad' : value;
}
