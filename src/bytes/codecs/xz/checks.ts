/** The integrity checks of xz blocks (xz-file-format.txt 2.1.1.2). */
import { crc32, crc32Zeros } from '../../checksums/crc32.ts';
import { Crc64 } from '../../checksums/crc64.ts';
import { Sha256 } from '../../checksums/sha256.ts';
import { isZero } from '../../zeroes.ts';

/** A running check: `update` with the bytes in order, then `digest` once, in the bytes of the file. */
export interface Check {
  update(bytes: Uint8Array): void;
  digest(): Uint8Array;
}

class Crc32Check implements Check {
  #crc = 0;

  update(bytes: Uint8Array): void {
    this.#crc = isZero(bytes) ? crc32Zeros(bytes.length, this.#crc) : crc32(bytes, this.#crc);
  }

  digest(): Uint8Array {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, this.#crc, true);
    return bytes;
  }
}

const NO_CHECK: Check = { update() {}, digest: () => new Uint8Array(0) };

/** A new check for the id of a stream header; undefined for the ids that are reserved. */
export function createCheck(id: number): Check | undefined {
  switch (id) {
    case 0:
      return NO_CHECK;
    case 1:
      return new Crc32Check();
    case 4:
      return new Crc64();
    case 10:
      return new Sha256();
    default:
      return undefined;
  }
}
