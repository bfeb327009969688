/** File data by logical address: verified against the checksum tree, sector by sector, and expanded. */
import { asImageError, ImageError } from '../../errors.ts';
import type { ChooseDecoder } from './compression.ts';
import type { StoredExtent } from './extents.ts';
import type { BtrfsImage } from './image.ts';
import { fromTop, ITEM } from './key.ts';
import type { Tree } from './tree.ts';

/** The objectid of all checksums. */
const CHECKSUMS = fromTop(10);

/** The checksums of sectors that lie side by side. */
interface ChecksumRun {
  readonly start: number;
  readonly end: number;
  readonly sums: Uint8Array;
}

export class DataReader {
  readonly #image: BtrfsImage;
  /** Undefined where no file has data outside of the trees. */
  readonly #checksums: Tree | undefined;
  readonly #decoderOf: ChooseDecoder;
  #latest: ChecksumRun | undefined;

  constructor(image: BtrfsImage, checksums: Tree | undefined, decoderOf: ChooseDecoder) {
    this.#image = image;
    this.#checksums = checksums;
    this.#decoderOf = decoderOf;
  }

  /** Stored bytes, a view. Throws `corrupt` if `verify` and a checksum is wrong or is not there. */
  read(address: number, length: number, verify: boolean): Uint8Array {
    if (!verify) return this.#image.readCopy(address, length, 'file data', () => true);
    const { sectorSize, checksum } = this.#image.superblock;
    const start = address - (address % sectorSize);
    const end = Math.ceil((address + length) / sectorSize) * sectorSize;
    const sums = this.#sums(start, end);
    const bytes = this.#image.readCopy(start, end - start, 'file data', (data) => {
      for (let at = 0, sum = 0; at < data.length; at += sectorSize, sum += checksum.size) {
        if (!checksum.matches(data.subarray(at, at + sectorSize), sums.subarray(sum, sum + checksum.size)))
          return false;
      }
      return true;
    });
    return bytes.subarray(address - start, address - start + length);
  }

  /** A compressed extent, expanded; what it lacks at its end are zeroes. Throws `corrupt` or `unsupported`. */
  expand({ address, length, compression, expanded }: StoredExtent, verify: boolean): Uint8Array {
    const kept = this.#image.expanded.get(address);
    if (kept && kept.length >= expanded) return kept;
    const result = this.decode(
      this.read(address, length, verify),
      compression,
      expanded,
      `the extent at address ${address}`,
    );
    this.#image.expanded.set(address, result, result.length);
    return result;
  }

  decode(bytes: Uint8Array, compression: number, expanded: number, what: string): Uint8Array {
    const decode = this.#decoderOf(compression);
    if (!decode) {
      const message = `${what} is compressed by the algorithm number ${compression}, which is not known`;
      throw this.#image.unsupported('compression', message);
    }
    try {
      const result = decode(bytes, expanded);
      if (result.length === expanded) return result;
      const padded = new Uint8Array(expanded);
      padded.set(result);
      return padded;
    } catch (thrown) {
      const { kind, code, message } = asImageError(thrown);
      const location = { source: this.#image.source.label };
      throw new ImageError(kind, code, `${what}: ${message}`, { location, cause: thrown });
    }
  }

  /** The checksums of the sectors of [start, end), one after another. */
  #sums(start: number, end: number): Uint8Array {
    const { sectorSize, checksum } = this.#image.superblock;
    const first = this.#run(start);
    const place = (address: number, run: ChecksumRun): number => ((address - run.start) / sectorSize) * checksum.size;
    if (end <= first.end) return first.sums.subarray(place(start, first), place(end, first));
    const parts: Uint8Array[] = [];
    for (let at = start; at < end; ) {
      const run = this.#run(at);
      const to = Math.min(end, run.end);
      parts.push(run.sums.subarray(place(at, run), place(to, run)));
      at = to;
    }
    return Buffer.concat(parts);
  }

  #run(address: number): ChecksumRun {
    const latest = this.#latest;
    if (latest && address >= latest.start && address < latest.end) return latest;
    const { sectorSize, checksum } = this.#image.superblock;
    const item = this.#checksums?.findLast({ objectid: CHECKSUMS, type: ITEM.extentCsum, offset: address });
    if (item && item.key.objectid === CHECKSUMS && item.key.type === ITEM.extentCsum) {
      const sums = item.data;
      const run = {
        start: item.key.offset,
        end: item.key.offset + Math.floor(sums.length / checksum.size) * sectorSize,
        sums,
      };
      if (address < run.end && (address - run.start) % sectorSize === 0) {
        this.#latest = run;
        return run;
      }
    }
    throw this.#image.corrupt('no-checksum', `the file data at address ${address} have no checksum`);
  }
}
