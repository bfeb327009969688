/** The content of a file: data nodes of a block each (kernel, ubifs-media.h: ubifs_data_node); blocks without one are holes. */
import { type ByteSource, checkRange, SliceSource } from '../../bytes/byte-source.ts';
import type { BlockDecoder } from '../../bytes/codecs/blocks/block.ts';
import { Struct, u16le, u32le } from '../../bytes/struct.ts';
import { asImageError, ImageError } from '../../errors.ts';
import type { UbifsImage } from './image.ts';
import type { Inode } from './inode.ts';
import type { UbifsNode } from './node.ts';
import type { Overlay } from './overlay.ts';

export const DATA = { size: u32le(40), compr_type: u16le(44) } as const;
const DATA_AT = 48;
export const BLOCK_SIZE = 4096;

/** The decoder of an algorithm, undefined for a number none has. */
export type ChooseDecoder = (compression: number) => BlockDecoder | undefined;

export interface ContentParts {
  readonly image: UbifsImage;
  readonly overlay: Overlay;
  readonly decoderOf: ChooseDecoder;
}

export class UbifsContent implements ByteSource {
  readonly size: number;
  readonly label: string;
  readonly #parts: ContentParts;
  readonly #inode: Inode;
  /** The block that was read last, expanded; undefined for a hole. */
  #latest: { readonly number: number; readonly bytes: Uint8Array | undefined } | undefined;

  constructor(parts: ContentParts, inode: Inode, label: string) {
    this.size = inode.size;
    this.label = label;
    this.#parts = parts;
    this.#inode = inode;
  }

  read(offset: number, length: number): Uint8Array {
    checkRange(this, offset, length);
    const result = new Uint8Array(length);
    this.readInto(offset, result);
    return result;
  }

  readInto(offset: number, target: Uint8Array): void {
    checkRange(this, offset, target.length);
    const end = offset + target.length;
    for (let at = offset; at < end; ) {
      const number = Math.floor(at / BLOCK_SIZE);
      const into = at - number * BLOCK_SIZE;
      const count = Math.min(BLOCK_SIZE - into, end - at);
      const bytes = this.#block(number)?.subarray(into, into + count);
      if (bytes) target.set(bytes, at - offset);
      target.fill(0, at - offset + (bytes?.length ?? 0), at - offset + count);
      at += count;
    }
  }

  nextData(offset: number): number {
    const block = Math.floor(offset / BLOCK_SIZE);
    const next = this.#parts.overlay.nextBlock(this.#inode.number, block);
    return next <= block ? offset : Math.min(next * BLOCK_SIZE, this.size);
  }

  slice(offset: number, length: number, label = this.label): ByteSource {
    checkRange(this, offset, length);
    return new SliceSource(this, offset, length, label);
  }

  close(): void {}

  #block(number: number): Uint8Array | undefined {
    if (this.#latest?.number === number) return this.#latest.bytes;
    const node = this.#parts.overlay.findBlock(this.#inode.number, number);
    const bytes = node && this.#expand(node, number);
    this.#latest = { number, bytes };
    return bytes;
  }

  #expand({ bytes, place }: UbifsNode, number: number): Uint8Array {
    const { image, decoderOf } = this.#parts;
    const what = `block ${number} of inode ${this.#inode.number}`;
    if (bytes.length < DATA_AT) throw image.corrupt('bad-data', `${what} is cut off`, place);
    const s = new Struct(bytes);
    const size = s.get(DATA.size);
    const stored = bytes.subarray(DATA_AT);
    if (size > BLOCK_SIZE) throw image.corrupt('bad-data', `${what} has ${size} bytes`, place);
    const compression = s.get(DATA.compr_type);
    if (compression === 0) return Uint8Array.from(stored.subarray(0, size));
    const decode = decoderOf(compression);
    if (!decode) {
      const message = `${what} is compressed by the algorithm number ${compression}, which is not known`;
      throw image.unsupported('compression', message);
    }
    try {
      const result = decode(stored, size);
      if (result.length === size) return result;
    } catch (thrown) {
      const { kind, code, message } = asImageError(thrown);
      const location = { source: image.source.label, offset: place.leb * image.lebSize + place.offset };
      throw new ImageError(kind, code, `${what}: ${message}`, { location, cause: thrown });
    }
    throw image.corrupt('bad-data', `${what} expands to less than ${size} bytes`, place);
  }
}
