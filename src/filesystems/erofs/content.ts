/** The content of files, directories and symlinks, by data layout (kernel docs, filesystems/erofs, "Inode layouts"). */
import type { ByteSource } from '../../bytes/byte-source.ts';
import type { ImageError } from '../../errors.ts';
import { type Extent, ExtentSource } from '../extent-source.ts';
import { ChunkSource } from './chunk-source.ts';
import { CompressedSource } from './compressed/compressed-source.ts';
import type { ErofsImage } from './image.ts';
import { type Inode, LAYOUT, readInode } from './inode.ts';

/** Throws `corrupt` or `unsupported`. */
export function openContent(image: ErofsImage, inode: Inode, label: string): ByteSource {
  switch (inode.layout) {
    case LAYOUT.plain:
      return openPlain(image, inode, label);
    case LAYOUT.inline:
      return openInline(image, inode, label);
    case LAYOUT.chunked:
      return new ChunkSource(image, inode, label);
    default:
      return new CompressedSource(image, inode, label, () => openPacked(image, inode));
  }
}

function openPlain(image: ErofsImage, inode: Inode, label: string): ByteSource {
  const start = inode.union * image.superblock.blockSize;
  if (inode.size === 0) return new ExtentSource(image.source, [], 0, label);
  if (start + inode.size > image.source.size) throw outside(image, inode);
  return image.source.slice(start, inode.size, label);
}

/** Whole blocks side by side, the rest behind the inode. */
function openInline(image: ErofsImage, inode: Inode, label: string): ByteSource {
  const { blockSize } = image.superblock;
  const blocks = Math.max(0, Math.ceil(inode.size / blockSize) - 1);
  const whole = blocks * blockSize;
  const rest = inode.size - whole;
  if ((inode.tail % blockSize) + rest > blockSize) {
    const message = `the inline data of inode ${inode.nid} cross the end of a block`;
    throw image.corrupt('bad-inline', message, inode.offset);
  }
  const start = inode.union * blockSize;
  if ((whole > 0 && start + whole > image.source.size) || inode.tail + rest > image.source.size)
    throw outside(image, inode);
  const extents: Extent[] = [];
  if (whole > 0) extents.push({ at: 0, length: whole, from: start });
  if (rest > 0) extents.push({ at: whole, length: rest, from: inode.tail });
  return new ExtentSource(image.source, extents, inode.size, label);
}

/** The inode that holds the ends of many files. It has no fragments itself. */
function openPacked(image: ErofsImage, owner: Inode): ByteSource {
  const { packedNid } = image.superblock;
  if (packedNid === 0 || packedNid === owner.nid) {
    throw image.corrupt(
      'bad-fragment',
      `inode ${owner.nid} has a fragment, but there is nowhere to keep it`,
      owner.offset,
    );
  }
  const packed = readInode(image, packedNid);
  if (packed.type !== 'file') {
    throw image.corrupt('bad-fragment', `inode ${packedNid}, which holds fragments, is no file`, packed.offset);
  }
  return openContent(image, packed, image.source.label);
}

function outside(image: ErofsImage, inode: Inode): ImageError {
  return image.corrupt('bad-place', `the content of inode ${inode.nid} lies outside of the image`, inode.offset);
}
