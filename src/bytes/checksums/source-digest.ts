/** Digests of whole sources, by OpenSSL through node:crypto: what manifests beside and inside images name. */
import { createHash } from 'node:crypto';
import type { ByteSource } from '../byte-source.ts';

export type DigestAlgorithm = 'md5' | 'sha1' | 'sha256' | 'sha384' | 'sha512';

const PIECE = 1024 * 1024;

/** The digest of all bytes in lower-case hex. Throws what reading throws. */
export function readDigest(source: ByteSource, algorithm: DigestAlgorithm): string {
  const hash = createHash(algorithm);
  for (let at = 0; at < source.size; at += PIECE) hash.update(source.read(at, Math.min(PIECE, source.size - at)));
  return hash.digest('hex');
}
