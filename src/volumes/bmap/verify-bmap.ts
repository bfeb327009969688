/** Holds an image against the block map beside it: its size, and the digest of every range that has one. */
import { createHash } from 'node:crypto';
import type { ByteSource } from '../../bytes/byte-source.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import type { Bmap, BmapRange } from './bmap.ts';

const PIECE = 1024 * 1024;
/** Ranges named one by one; more are only counted. */
const MAX_NAMED = 5;

/**
 * What differs, as damage; nothing if the image is what the map describes. Only mapped blocks are read, each once: what lies
 * between them is free space, of which the map says nothing.
 */
export function verifyBmap(image: ByteSource, map: Bmap): Diagnostic[] {
  if (image.size !== map.imageBytes) {
    const message = `the image has ${image.size} bytes, its block map describes ${map.imageBytes}`;
    return [{ level: 'damage', code: 'bmap/size', message, location: { source: image.label } }];
  }
  const bad = map.ranges.filter((each) => each.digest !== undefined && readRange(image, map, each) !== each.digest);
  const found = bad.slice(0, MAX_NAMED).map(({ firstBlock, lastBlock }): Diagnostic => {
    const message = `the blocks ${firstBlock} to ${lastBlock} differ from the block map: they were changed or damaged`;
    const location = { source: image.label, offset: firstBlock * map.blockBytes };
    return { level: 'damage', code: 'bmap/bad-range', message, location };
  });
  if (bad.length > MAX_NAMED) {
    const message = `${bad.length - MAX_NAMED} more ranges differ from the block map`;
    found.push({ level: 'damage', code: 'bmap/bad-range', message, location: { source: image.label } });
  }
  return found;
}

function readRange(image: ByteSource, { blockBytes, algorithm }: Bmap, { firstBlock, lastBlock }: BmapRange): string {
  const hash = createHash(algorithm);
  const end = Math.min((lastBlock + 1) * blockBytes, image.size);
  for (let at = firstBlock * blockBytes; at < end; at += PIECE) hash.update(image.read(at, Math.min(PIECE, end - at)));
  return hash.digest('hex');
}
