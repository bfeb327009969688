/** The content of a compressed file: extents are expanded as they are read and kept while they are in use. */
import { type ByteSource, checkRange, SliceSource } from '../../../bytes/byte-source.ts';
import { asImageError, ImageError } from '../../../errors.ts';
import { INCOMPAT } from '../features.ts';
import type { ErofsImage } from '../image.ts';
import type { Inode } from '../inode.ts';
import { type CompressedExtent, ExtentMap } from './extent-map.ts';

export class CompressedSource implements ByteSource {
  readonly size: number;
  readonly label: string;
  readonly #image: ErofsImage;
  readonly #inode: Inode;
  readonly #map: ExtentMap | undefined;
  readonly #openPacked: () => ByteSource;
  #packed: ByteSource | undefined;
  #extent: CompressedExtent | undefined;

  /** `openPacked` opens what holds fragments; it is called if there is one. Throws `corrupt`. */
  constructor(image: ErofsImage, inode: Inode, label: string, openPacked: () => ByteSource) {
    this.size = inode.size;
    this.label = label;
    this.#image = image;
    this.#inode = inode;
    this.#map = inode.size > 0 ? new ExtentMap(image, inode) : undefined;
    this.#openPacked = openPacked;
  }

  read(offset: number, length: number): Uint8Array {
    checkRange(this, offset, length);
    if (length === 0 || !this.#map) return new Uint8Array(0);
    const first = this.#find(this.#map, offset);
    if (offset + length <= first.at + first.length) {
      return this.#content(this.#map, first, offset - first.at, length);
    }
    const result = new Uint8Array(length);
    this.#fill(this.#map, offset, result);
    return result;
  }

  readInto(offset: number, target: Uint8Array): void {
    checkRange(this, offset, target.length);
    if (this.#map) this.#fill(this.#map, offset, target);
  }

  slice(offset: number, length: number, label = this.label): ByteSource {
    checkRange(this, offset, length);
    return new SliceSource(this, offset, length, label);
  }

  close(): void {}

  #fill(map: ExtentMap, offset: number, target: Uint8Array): void {
    for (let done = 0; done < target.length; ) {
      const extent = this.#find(map, offset + done);
      const into = offset + done - extent.at;
      const count = Math.min(extent.length - into, target.length - done);
      target.set(this.#content(map, extent, into, count), done);
      done += count;
    }
  }

  #find(map: ExtentMap, offset: number): CompressedExtent {
    const latest = this.#extent;
    if (latest && offset >= latest.at && offset < latest.at + latest.length) return latest;
    const found = map.find(offset);
    this.#extent = found;
    return found;
  }

  /** `length` bytes from `into` the extent on. */
  #content(map: ExtentMap, extent: CompressedExtent, into: number, length: number): Uint8Array {
    const { stored } = extent;
    if (stored === 'fragment') {
      this.#packed ??= this.#openPacked();
      return this.#packed.read(map.fragmentOffset + into, length);
    }
    if (extent.algorithm !== 'plain') return this.#expand(extent, stored).subarray(into, into + length);
    const bytes = this.#image.read(stored.from, stored.size, `an extent of inode ${this.#inode.nid}`);
    if (!map.isInterlaced) return bytes.subarray(into, into + length);
    // Interlaced data lie in the block as they do in the file: what begins in its middle goes on at its start.
    const { blockSize } = this.#image.superblock;
    const start = (extent.at + into) % blockSize;
    if (start + length <= bytes.length) return bytes.subarray(start, start + length);
    return Buffer.concat([bytes.subarray(start), bytes.subarray(0, length - Math.max(0, bytes.length - start))]);
  }

  #expand(extent: CompressedExtent, stored: { readonly from: number; readonly size: number }): Uint8Array {
    const kept = this.#image.expanded.get(stored.from);
    if (kept && kept.length >= extent.length) return kept;
    const bytes = this.#decode(extent, stored);
    this.#image.expanded.set(stored.from, bytes, bytes.length);
    return bytes;
  }

  #decode({ algorithm, length, isPartial }: CompressedExtent, stored: { from: number; size: number }): Uint8Array {
    const { incompat, blockSize } = this.#image.superblock;
    const location = { source: this.#image.source.label, offset: stored.from };
    const what = `the extent at byte ${stored.from} of inode ${this.#inode.nid}`;
    const decode = algorithm === 'plain' ? undefined : this.#image.decoders.get(algorithm);
    if (!decode) {
      const message = `${what} is compressed by the algorithm number ${algorithm}, which is not known`;
      throw new ImageError('unsupported', 'erofs/algorithm', message, { location });
    }
    const bytes = this.#image.read(stored.from, stored.size, what);
    const isPadded = (incompat & INCOMPAT.lz4_0padding) !== 0;
    // Compressed data end with their block; zeros fill its start. Before that was so, they began with it.
    const skipped = isPadded ? countZeros(bytes, blockSize - (stored.from % blockSize)) : 0;
    try {
      const result = decode(bytes.subarray(skipped), length, { partial: isPartial || !isPadded });
      if (result.length === length) return result;
    } catch (thrown) {
      const { kind, code, message } = asImageError(thrown);
      throw new ImageError(kind, code, `${what}: ${message}`, { location, cause: thrown });
    }
    throw this.#image.corrupt('bad-extent', `${what} expands to less than ${length} bytes`, stored.from);
  }
}

function countZeros(bytes: Uint8Array, most: number): number {
  let count = 0;
  while (count < most && bytes[count] === 0) count++;
  return count;
}
