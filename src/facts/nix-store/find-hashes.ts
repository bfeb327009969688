/**
 * The hashes of known store paths in bytes, wherever they stand, as Nix looks for them (scanForReferences): 32 characters of its
 * base 32 in a row. Each window is tested from its end, so that most bytes are never looked at.
 */

/** Characters of a hash. */
export const HASH = 32;
const alphabet = '0123456789abcdfghijklmnpqrsvwxyz';
/** Value of a character, or one that none has. */
const values = new Uint8Array(256).fill(alphabet.length);
for (let value = 0; value < alphabet.length; value++) values[alphabet.charCodeAt(value)] = value;

export class HashFinder {
  readonly #byHash: ReadonlyMap<string, string>;
  /** Which first three characters some hash has. */
  readonly #starts = new Uint8Array(alphabet.length ** 3);

  /** Store paths by their hash. */
  constructor(byHash: ReadonlyMap<string, string>) {
    this.#byHash = byHash;
    for (const hash of byHash.keys()) this.#starts[startOf(Buffer.from(hash), 0)] = 1;
  }

  /** Adds the store paths whose hashes stand in `bytes`. */
  find(bytes: Uint8Array, paths: Set<string>): void {
    const last = bytes.length - HASH;
    // All from the window's start to here are characters of a hash.
    let known = 0;
    for (let at = 0; at <= last; ) {
      let end = at + HASH - 1;
      while (end >= known && (values[bytes[end] as number] as number) < alphabet.length) end--;
      const isHash = end < known;
      known = at + HASH;
      if (isHash) this.#take(bytes, at++, paths);
      else at = end + 1;
    }
  }

  #take(bytes: Uint8Array, at: number, paths: Set<string>): void {
    if (this.#starts[startOf(bytes, at)] !== 1) return;
    const path = this.#byHash.get(Buffer.from(bytes.buffer, bytes.byteOffset + at, HASH).toString('latin1'));
    if (path !== undefined) paths.add(path);
  }
}

function startOf(bytes: Uint8Array, at: number): number {
  const [a, b, c] = [values[bytes[at] as number], values[bytes[at + 1] as number], values[bytes[at + 2] as number]];
  return ((a as number) << 10) | ((b as number) << 5) | (c as number);
}
