/**
 * What a qcow2 header says about a backing file (docs/interop/qcow2.txt of QEMU, "Header" and "Header extensions"): its name and,
 * in an extension, its format. QEMU guesses a format that is not written down; here the content does not get to choose.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { decodeBytes } from '../../bytes/names.ts';
import { ImageError } from '../../errors.ts';

const EXTENSIONS_END = 0;
const BACKING_FORMAT = 0xe279_2aca;
/** Bytes of header extensions that are looked through; QEMU writes a few hundred. */
const MAX_EXTENSIONS = 64 * 1024;
const MAX_NAME = 1023;
const MAX_FORMAT = 64;

export interface BackingFile {
  /** As it stands in the header, in the form of `names.ts`. */
  readonly name: string;
  /** `raw`, `qcow2` or another name of QEMU's; undefined if the header does not say. */
  readonly format: string | undefined;
  /** Where the name stands. */
  readonly offset: number;
}

/** The backing file whose name has `length` bytes at `offset`; extensions follow at `headerLength`. Throws `corrupt`. */
export function readBackingFile(source: ByteSource, offset: number, length: number, headerLength: number): BackingFile {
  if (length === 0 || length > MAX_NAME || offset + length > source.size) {
    const message = `the name of its backing file has ${length} bytes at ${offset}`;
    throw new ImageError('corrupt', 'qcow2/bad-backing-name', message, { location: { source: source.label, offset } });
  }
  const name = decodeBytes(Uint8Array.from(source.read(offset, length)));
  return { name, format: readFormat(source, headerLength, offset), offset };
}

/** Extensions end with one of type 0, or where the name of the backing file begins. */
function readFormat(source: ByteSource, from: number, nameOffset: number): string | undefined {
  const end = Math.min(source.size, from + MAX_EXTENSIONS, nameOffset > from ? nameOffset : Number.POSITIVE_INFINITY);
  for (let at = from; at + 8 <= end; ) {
    const head = source.read(at, 8);
    const view = new DataView(head.buffer, head.byteOffset, 8);
    const type = view.getUint32(0);
    const length = view.getUint32(4);
    if (type === EXTENSIONS_END) return undefined;
    if (at + 8 + length > end || (type === BACKING_FORMAT && length > MAX_FORMAT)) {
      const location = { source: source.label, offset: at };
      throw new ImageError('corrupt', 'qcow2/bad-extension', `a header extension has ${length} bytes`, { location });
    }
    if (type === BACKING_FORMAT) return decodeBytes(Uint8Array.from(source.read(at + 8, length)));
    at += 8 + Math.ceil(length / 8) * 8;
  }
  return undefined;
}
