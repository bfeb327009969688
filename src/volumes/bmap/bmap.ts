/**
 * Block maps beside an image (`.bmap`; bmap-tools, "bmap file format" 1.4 and 2.0): which blocks of the image hold data, and the digest
 * of each range of them. Of XML only what bmaptool writes is read: no entities, no CDATA.
 */
import { createHash } from 'node:crypto';
import type { DigestAlgorithm } from '../../bytes/checksums/source-digest.ts';
import { ImageError } from '../../errors.ts';

export interface BmapRange {
  readonly firstBlock: number;
  readonly lastBlock: number;
  /** Lower-case hex; older maps may have none. */
  readonly digest?: string;
}

export interface Bmap {
  readonly imageBytes: number;
  readonly blockBytes: number;
  readonly algorithm: DigestAlgorithm;
  readonly ranges: readonly BmapRange[];
}

const algorithms: Readonly<Record<string, DigestAlgorithm>> = { sha1: 'sha1', sha256: 'sha256', sha512: 'sha512' };
const MAX_RANGES = 5_000_000;
const range = /<Range(?:\s+(?:chksum|sha1)="([0-9a-fA-F]*)")?\s*>\s*(\d{1,15})(?:\s*-\s*(\d{1,15}))?\s*<\/Range>/g;

/** Parses the text of the map named `label`; ImageError `corrupt` if its own checksum or its ranges make no sense. */
export function parseBmap(text: string, label: string): Bmap {
  const location = { source: label };
  const corrupt = (code: string, what: string): ImageError =>
    new ImageError('corrupt', `bmap/${code}`, what, { location });
  const version = /<bmap\s+version="(\d+)\.\d+"/.exec(text)?.[1];
  if (version === undefined) throw corrupt('not-a-bmap', `${label} is no block map`);
  if (version !== '1' && version !== '2') {
    throw new ImageError('unsupported', 'bmap/version', `block maps of version ${version} are not read`, { location });
  }
  const body = text.replace(/<!--[\s\S]*?(?:-->|$)/g, '');
  const type = textOf(body, 'ChecksumType') ?? 'sha1';
  const algorithm = algorithms[type];
  if (!algorithm) {
    throw new ImageError('unsupported', 'bmap/checksum', `the checksum ${type} is not known`, { location });
  }
  const stored = textOf(body, 'BmapFileChecksum') ?? textOf(body, 'BmapFileSHA1');
  if (stored !== undefined && !hasValidChecksum(text, stored, algorithm)) {
    throw corrupt('bad-checksum', `the block map ${label} does not match its own checksum: it was changed or damaged`);
  }
  const imageBytes = numberOf(body, 'ImageSize');
  const blockBytes = numberOf(body, 'BlockSize');
  if (imageBytes === undefined || !blockBytes) throw corrupt('bad-size', `the block map ${label} gives no sizes`);
  const ranges: BmapRange[] = [];
  let mapped = 0;
  let end = -1;
  for (const [, digest, first = '', last = first] of body.matchAll(range)) {
    const firstBlock = Number(first);
    const lastBlock = Number(last);
    // They ascend: what overlapped would be read again and again.
    const isInside = firstBlock > end && lastBlock >= firstBlock && firstBlock * blockBytes < imageBytes;
    if (!isInside || ranges.length >= MAX_RANGES) {
      throw corrupt('bad-range', `the range ${first}-${last} of the block map makes no sense`);
    }
    mapped += lastBlock - firstBlock + 1;
    end = lastBlock;
    const found = { firstBlock, lastBlock };
    ranges.push(digest ? { ...found, digest: digest.toLowerCase() } : found);
  }
  const announced = numberOf(body, 'MappedBlocksCount');
  if (announced !== undefined && announced !== mapped) {
    throw corrupt('bad-range', `the ranges hold ${mapped} blocks, ${announced} are announced`);
  }
  return { imageBytes, blockBytes, algorithm, ranges };
}

/** Over the whole text, with zeros in its own place. */
function hasValidChecksum(text: string, stored: string, algorithm: DigestAlgorithm): boolean {
  const blank = text.replace(stored, '0'.repeat(stored.length));
  return createHash(algorithm).update(blank).digest('hex') === stored.toLowerCase();
}

function textOf(body: string, name: string): string | undefined {
  return new RegExp(`<${name}>\\s*([0-9A-Za-z]+)\\s*</${name}>`).exec(body)?.[1];
}

function numberOf(body: string, name: string): number | undefined {
  const text = textOf(body, name);
  const number = text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(number) ? number : undefined;
}
