/** FIT images (U-Boot) with their parts as volumes. Each part is read once, to hold it against its hashes. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { crc32 } from '../../bytes/checksums/crc32.ts';
import { type DigestAlgorithm, readDigest } from '../../bytes/checksums/source-digest.ts';
import { startsWith } from '../../bytes/codecs/codec.ts';
import { type Diagnostic, damageFrom } from '../../diagnostic.ts';
import { asImageError, ImageError } from '../../errors.ts';
import type { Volume, VolumeFormat, VolumeTable } from '../volume.ts';
import { type FitPart, openFit } from './fit-image.ts';

const MAGIC = [0xd0, 0x0d, 0xfe, 0xed];
const PIECE = 1024 * 1024;
/** Parts may share their data; hashing reads at most so many times the bytes of the image. */
const MAX_PASSES = 16;

/** Types (common/image.c of U-Boot) whose content may be a file system. */
const imageTypes: ReadonlySet<string> = new Set(['ramdisk', 'filesystem']);

/** By the name in the image, which is hashed as U-Boot does. */
const digests: Readonly<Record<string, (content: ByteSource) => string>> = {
  crc32: readCrc32,
  ...Object.fromEntries(
    (['md5', 'sha1', 'sha256', 'sha384', 'sha512'] as const satisfies readonly DigestAlgorithm[]).map((algorithm) => [
      algorithm,
      (content: ByteSource) => readDigest(content, algorithm),
    ]),
  ),
};

export const fit: VolumeFormat = {
  id: 'fit',
  name: 'FIT image (U-Boot)',
  detect: (source) => startsWith(source, MAGIC),
  open(source): VolumeTable {
    const { parts, hasSignature } = openFit(source);
    refuseTooMuch(source, parts);
    const volumes = parts.map(({ name, type, content }): Volume => {
      return imageTypes.has(type) ? { name, source: content } : { name, source: content, holdsImage: false };
    });
    const diagnostics = parts.flatMap(verifyPart);
    if (hasSignature) {
      const message = 'the FIT image is signed; its signature is not verified';
      diagnostics.push({ level: 'note', code: 'fit/signature', message, location: { source: source.label } });
    }
    return { format: 'fit', volumes, diagnostics };
  },
};

function refuseTooMuch(source: ByteSource, parts: readonly FitPart[]): void {
  const bytes = parts.reduce((sum, { content, hashes }) => sum + content.size * hashes.length, 0);
  if (bytes <= MAX_PASSES * source.size) return;
  const message = `${bytes} bytes are to be hashed in an image of ${source.size}`;
  throw new ImageError('limit', 'fit/too-much-data', message, { location: { source: source.label } });
}

function verifyPart({ name, content, hashes }: FitPart): Diagnostic[] {
  const location = { source: content.label };
  try {
    // A part that cannot be read says so here, even without a hash.
    content.read(0, Math.min(1, content.size));
    return hashes.flatMap(({ algorithm, value }): Diagnostic[] => {
      const digest = digests[algorithm];
      if (!digest) {
        const message = `the hash of ${name} is not verified: ${algorithm || 'its algorithm'} is not known`;
        return [{ level: 'note', code: 'fit/hash-unknown', message, location }];
      }
      if (digest(content) === Buffer.from(value).toString('hex')) return [];
      const message = `${name} does not match its ${algorithm} hash: it was changed or damaged`;
      return [{ level: 'damage', code: 'fit/bad-hash', message, location, touches: 'everything' }];
    });
  } catch (thrown) {
    return [damageFrom(asImageError(thrown))];
  }
}

function readCrc32(content: ByteSource): string {
  let crc = 0;
  for (let at = 0; at < content.size; at += PIECE) {
    crc = crc32(content.read(at, Math.min(PIECE, content.size - at)), crc);
  }
  return crc.toString(16).padStart(8, '0');
}
