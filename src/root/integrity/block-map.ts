/**
 * The block map that wic and bmaptool leave beside a disk image: `<image>.bmap`, which describes it without its compression. Its own
 * checksum and the size are always held against the image, the digests of all mapped blocks where everything is to be read.
 */
import { basename, dirname, join } from 'node:path';
import type { ByteSource } from '../../bytes/byte-source.ts';
import { readSideFile } from '../../bytes/host-folder.ts';
import { decodeBytes } from '../../bytes/names.ts';
import { type Diagnostic, damageFrom } from '../../diagnostic.ts';
import { asImageError } from '../../errors.ts';
import type { Limits } from '../../limits.ts';

const compression = /\.(?:gz|xz|zst|zck|bz2|lz4|lzma)$/;

/** `whole`: the image without its compression. `verify`: whether to read every mapped block. */
export async function checkBlockMap(
  imagePath: string,
  whole: ByteSource,
  limits: Limits,
  verify: boolean,
): Promise<readonly Diagnostic[]> {
  const name = basename(imagePath);
  for (const base of new Set([name, name.replace(compression, '')])) {
    const label = `${base}.bmap`;
    try {
      const bytes = readSideFile(join(dirname(imagePath), label), limits.textBytes);
      if (bytes) return await compare(decodeBytes(bytes), label, whole, verify);
    } catch (thrown) {
      return [damageFrom(asImageError(thrown))];
    }
  }
  return [];
}

async function compare(
  text: string,
  label: string,
  whole: ByteSource,
  verify: boolean,
): Promise<readonly Diagnostic[]> {
  const { parseBmap } = await import('../../volumes/bmap/bmap.ts');
  const { verifyBmap } = await import('../../volumes/bmap/verify-bmap.ts');
  const map = parseBmap(text, label);
  const found = verifyBmap(whole, verify ? map : { ...map, ranges: [] });
  if (found.length > 0 || !verify) return found;
  const blocks = map.ranges.reduce((sum, { firstBlock, lastBlock }) => sum + lastBlock - firstBlock + 1, 0);
  const message = `all ${blocks} mapped blocks are those of ${label}`;
  return [{ level: 'note', code: 'bmap/verified', message, location: { source: whole.label } }];
}
