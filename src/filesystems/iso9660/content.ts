/** The content of a file: its extents side by side, expanded if it is zisofs. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { ImageError } from '../../errors.ts';
import { type Extent, ExtentSource } from '../extent-source.ts';
import type { IsoImage } from './image.ts';
import { type IsoNode, readExtents } from './nodes.ts';
import { ZisofsSource } from './zisofs.ts';

/** Bytes of the content. Throws `corrupt` or `unsupported`. */
export function contentSize(image: IsoImage, node: IsoNode): number {
  return node.rockRidge?.zisofs?.size ?? readExtents(image, node).reduce((total, { size }) => total + size, 0);
}

/** Throws `corrupt` or `unsupported`. */
export function openContent(image: IsoImage, node: IsoNode, label: string): ByteSource {
  const { zisofs, isSparse } = node.rockRidge ?? {};
  if (isSparse) throw unsupported(image, node, 'sparse', 'a sparse file of Rock Ridge is not read');
  const extents: Extent[] = [];
  let size = 0;
  for (const part of readExtents(image, node)) {
    if (part.size === 0) continue;
    if (part.start + part.size > image.source.size) {
      throw image.corrupt('bad-place', `the content of ${label} lies outside of the image`, node.id);
    }
    extents.push({ at: size, length: part.size, from: part.start });
    size += part.size;
  }
  const [only, ...others] = extents;
  const stored =
    only && others.length === 0
      ? image.source.slice(only.from, only.length, label)
      : new ExtentSource(image.source, extents, size, label);
  if (!zisofs) return stored;
  if (zisofs.algorithm !== 'pz') throw unsupported(image, node, 'zisofs', 'zisofs of version 2 is not read');
  return zisofs.size === 0
    ? new ExtentSource(image.source, [], 0, label)
    : new ZisofsSource(stored, zisofs.size, label);
}

function unsupported(image: IsoImage, node: IsoNode, code: string, message: string): ImageError {
  return new ImageError('unsupported', `iso9660/${code}`, message, {
    location: { source: image.source.label, offset: node.id },
  });
}
