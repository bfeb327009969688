/** SHA-256 (FIPS 180-4), by OpenSSL through node:crypto. */
import { createHash } from 'node:crypto';

/** The 32 bytes of the digest. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest();
}

/** A running digest: `update` with the bytes in order, then `digest` once. */
export class Sha256 {
  readonly #hash = createHash('sha256');

  update(bytes: Uint8Array): void {
    this.#hash.update(bytes);
  }

  digest(): Uint8Array {
    return this.#hash.digest();
  }
}
