/** The bytes of one UBI volume: its logical erase blocks side by side. One that is not mapped reads as erased flash does. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { ImageError } from '../../errors.ts';
import type { DiskMap, Stretch } from '../virtual-disk.ts';
import { registerCrc32 } from './headers.ts';
import type { MappedLeb } from './scan-blocks.ts';

export class LebMap implements DiskMap {
  readonly #image: ByteSource;
  readonly #lebs: ReadonlyMap<number, MappedLeb>;
  readonly #lebSize: number;
  readonly #erased: Uint8Array;
  /** Those of a static volume whose data were held against their CRC. */
  readonly #verified = new Set<number>();

  /** `lebSize`: the bytes of each that are used. */
  constructor(image: ByteSource, lebs: ReadonlyMap<number, MappedLeb>, lebSize: number) {
    this.#image = image;
    this.#lebs = lebs;
    this.#lebSize = lebSize;
    this.#erased = new Uint8Array(lebSize).fill(0xff);
  }

  stretch(offset: number): Stretch {
    const number = Math.floor(offset / this.#lebSize);
    const into = offset - number * this.#lebSize;
    const length = this.#lebSize - into;
    const leb = this.#lebs.get(number);
    if (!leb) return { state: 'bytes', length, bytes: this.#erased.subarray(into) };
    if (leb.header.isStatic) this.#verify(number, leb);
    return { state: 'stored', length, from: leb.from + into };
  }

  #verify(number: number, { header, from }: MappedLeb): void {
    if (this.#verified.has(number)) return;
    if (registerCrc32(this.#image.read(from, Math.min(header.dataSize, this.#lebSize))) !== header.dataCrc) {
      const message = `logical erase block ${number} of volume ${header.volumeId} has a wrong checksum`;
      throw new ImageError('corrupt', 'ubi/bad-checksum', message, {
        location: { source: this.#image.label, offset: from },
      });
    }
    this.#verified.add(number);
  }
}
