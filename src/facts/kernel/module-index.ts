/**
 * modules.dep.bin of depmod(8), the index that libkmod finds modules by (kmod, libkmod/libkmod-index.c, version 2): a header, then the
 * nodes of a prefix tree, each at the offset its parent names; the upper bits of the offset say what the node has. Numbers are
 * big-endian. Of several values the first counts, as for kmod. Not read: patterns, which only modules.alias.bin needs.
 */
import { decodeBytes, encodeBytes } from '../../bytes/names.ts';
import { Struct, u32be } from '../../bytes/struct.ts';
import { ImageError } from '../../errors.ts';
import type { Location } from '../../location.ts';

export const indexHeader = { magic: u32be(0), version: u32be(4), root: u32be(8) } as const;
const headerSize = 12;
const indexMagic = 0xb007f457;
/** The upper half of the version; kmod reads any lower one. */
const majorVersion = 2;

/**
 * In the upper bits of an offset, what the node there has, one behind the other: a text that ends with a zero, which the name must go on
 * with; the first and the last byte that a child stands for, and an offset for each byte between, 0 for none; values, that is their
 * number, then for each a priority and a text that ends with a zero.
 */
const hasPrefix = 0x8000_0000;
const hasChildren = 0x2000_0000;
const hasValues = 0x4000_0000;
const offsetMask = 0x0fff_ffff;

/** Behind the file in a line. */
const colon = 0x3a;

/** The index of one kernel. */
export class ModuleIndex {
  readonly location: Location;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #root: number;

  /** Throws `corrupt`, `truncated` or `unsupported` for what kmod would not take for an index either. */
  constructor(bytes: Uint8Array, location: Location) {
    this.location = location;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length < headerSize)
      throw this.#failure('truncated', `it has ${bytes.length} bytes, less than its header`, 0);
    const header = new Struct(bytes);
    const magic = header.get(indexHeader.magic);
    if (magic !== indexMagic) throw this.#failure('corrupt', `it begins with 0x${magic.toString(16)}`, 0);
    const version = header.get(indexHeader.version) >>> 16;
    if (version !== majorVersion) throw this.#failure('unsupported', `its version is ${version}, not 2`, 4);
    this.#root = header.get(indexHeader.root);
  }

  /**
   * Where the line of a module is, by its canonical name; undefined if it is not listed. Throws `corrupt` or `truncated` where the way
   * to it is damaged: kmod finds nothing there. Each step takes a byte of the name, so there is an end.
   */
  find(name: string): number | undefined {
    const key = encodeBytes(name);
    let matched = 0;
    for (let node = this.#root; (node & offsetMask) !== 0; matched += 1) {
      let at = node & offsetMask;
      if ((node & hasPrefix) !== 0) {
        for (; this.#byteAt(at) !== 0; at += 1, matched += 1) {
          if (this.#byteAt(at) !== key[matched]) return undefined;
        }
        at += 1;
      }
      const next = key[matched];
      let child = 0;
      if ((node & hasChildren) !== 0) {
        const first = this.#byteAt(at);
        const last = this.#byteAt(at + 1);
        if (first > last) throw this.#failure('corrupt', `a node in it has children from ${first} to ${last}`, at);
        const children = at + 2;
        if (next !== undefined && next >= first && next <= last) child = this.#numberAt(children + 4 * (next - first));
        at = children + 4 * (last - first + 1);
      }
      if (next === undefined) return (node & hasValues) === 0 ? undefined : this.#findLine(at);
      node = child;
    }
    return undefined;
  }

  /** Where the first of the values at an offset begins; one without a file is no line, kmod loads nothing by it. */
  #findLine(at: number): number | undefined {
    if (this.#numberAt(at) === 0) return undefined;
    const start = at + 8;
    for (let i = start; this.#byteAt(i) !== colon; i += 1)
      if (this.#bytes[i] === 0) throw this.#failure('corrupt', 'a line in it names no file', start);
    return start;
  }

  /** The line that `find` found, as in modules.dep. One that the end of the file cuts off counts as far as it is there, as for kmod. */
  lineAt(start: number): string {
    const zero = this.#bytes.indexOf(0, start);
    return decodeBytes(this.#bytes.subarray(start, zero < 0 ? this.#bytes.length : zero));
  }

  #byteAt(at: number): number {
    const byte = this.#bytes[at];
    if (byte === undefined) throw this.#cutOff(at);
    return byte;
  }

  #numberAt(at: number): number {
    if (at + 4 > this.#bytes.length) throw this.#cutOff(at);
    return this.#view.getUint32(at);
  }

  #cutOff(at: number): ImageError {
    return this.#failure('truncated', `it ends at byte ${this.#bytes.length}, byte ${at} is missing`, at);
  }

  #failure(kind: 'corrupt' | 'truncated' | 'unsupported', message: string, offset: number): ImageError {
    return new ImageError(kind, `module-index/${kind}`, message, { location: { ...this.location, offset } });
  }
}
