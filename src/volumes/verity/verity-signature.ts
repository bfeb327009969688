/**
 * The partition that signs a dm-verity root hash (UAPI.2, Discoverable Partitions Specification, "Verity"): a JSON object, filled up with
 * NUL bytes. The signature itself (PKCS#7) is not checked: the keys that count are those of the machine.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { decodeBytes } from '../../bytes/names.ts';
import { ImageError } from '../../errors.ts';

/** systemd reads no more. */
const MAX_BYTES = 4 * 1024 * 1024;

/** The root hash that is signed, in lower-case hex; undefined if nothing was written yet. ImageError if it is no such object. */
export function readSignedHash(source: ByteSource): string | undefined {
  const bytes = source.read(0, Math.min(source.size, MAX_BYTES));
  const end = bytes.indexOf(0);
  const text = decodeBytes(end < 0 ? bytes : bytes.subarray(0, end));
  if (text === '') return undefined;
  const { rootHash, signature } = parseObject(text) ?? {};
  if (typeof rootHash === 'string' && /^[0-9a-f]{2,128}$/i.test(rootHash) && typeof signature === 'string') {
    return rootHash.toLowerCase();
  }
  const message = `${source.label} holds no signature of a dm-verity root hash: an object with rootHash and signature is wanted`;
  throw new ImageError('corrupt', 'verity/bad-signature', message, { location: { source: source.label, offset: 0 } });
}

function parseObject(text: string): { readonly rootHash?: unknown; readonly signature?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return undefined;
    throw thrown;
  }
}
