/** The checksum algorithms of btrfs by number: one for all tree blocks and all data of a file system. */
import { blake2b256 } from '../../bytes/checksums/blake2b.ts';
import { crc32c } from '../../bytes/checksums/crc32c.ts';
import { sha256 } from '../../bytes/checksums/sha256.ts';
import { xxHash64 } from '../../bytes/checksums/xxhash64.ts';

export interface ChecksumAlgorithm {
  readonly name: string;
  /** Bytes of a checksum. */
  readonly size: number;
  readonly matches: (bytes: Uint8Array, stored: Uint8Array) => boolean;
}

const algorithms: readonly ChecksumAlgorithm[] = [
  {
    name: 'crc32c',
    size: 4,
    matches: (bytes, stored) =>
      crc32c(bytes) === new DataView(stored.buffer, stored.byteOffset, stored.byteLength).getUint32(0, true),
  },
  byDigest('xxhash64', 8, xxHash64),
  byDigest('sha256', 32, sha256),
  byDigest('blake2b', 32, blake2b256),
];

/** Undefined for a number no algorithm has. */
export function checksumAlgorithm(type: number): ChecksumAlgorithm | undefined {
  return algorithms[type];
}

function byDigest(name: string, size: number, digest: (bytes: Uint8Array) => Uint8Array): ChecksumAlgorithm {
  return { name, size, matches: (bytes, stored) => Buffer.compare(digest(bytes), stored) === 0 };
}
