/**
 * Nodes are directory records, by their byte offset in the image. A directory has many (in its parent, in itself, in its
 * children): the one in itself, with which its content begins, stands for it.
 */
import { ImageError } from '../../errors.ts';
import type { NodeId, NodeType, Stat, Timestamp } from '../file-system.ts';
import { type DirectoryRecord, FLAG, readRecord } from './directory-record.ts';
import type { IsoImage } from './image.ts';
import { type RockRidge, readRockRidge } from './rock-ridge.ts';
import { SECTOR } from './sectors.ts';
import { parseShortTime } from './time.ts';

/** What a file without Rock Ridge has for all to read (and enter or run), as Linux shows it. */
const PLAIN_MODE = 0o555;
/** Parts of one file: with 4 GiB each, more than any disk holds. */
const MAX_PARTS = 4096;

export interface IsoNode {
  readonly id: NodeId;
  readonly type: NodeType;
  readonly start: number;
  readonly size: number;
  readonly flags: number;
  readonly date: Timestamp;
  readonly isInterleaved: boolean;
  /** Byte offset behind the record. */
  readonly end: number;
  readonly rockRidge: RockRidge | undefined;
}

/** The node whose record lies at `id`. Throws `corrupt`. */
export function readNode(image: IsoImage, id: NodeId): IsoNode {
  if (!Number.isSafeInteger(id) || id < 0 || id >= image.source.size) {
    throw image.corrupt('bad-record', `there is no directory record at byte ${id}`, Math.max(0, Math.trunc(id) || 0));
  }
  const record = readRecord(image, id);
  if (!record) throw image.corrupt('bad-record', `there is no directory record at byte ${id}`, id);
  return nodeOf(image, record);
}

/** What a record says. Its views are used up. */
export function nodeOf(image: IsoImage, record: DirectoryRecord): IsoNode {
  const { offset, length, start, size, flags, isInterleaved } = record;
  const date = parseShortTime(record.date);
  const rockRidge = image.form === 'rock-ridge' ? readRockRidge(image, record.systemUse, offset) : undefined;
  const stored = flags & FLAG.directory ? 'directory' : 'file';
  const type = rockRidge?.childLink !== undefined ? 'directory' : (rockRidge?.posix?.type ?? stored);
  // A record that is no directory cannot become one by its mode: it has no entries.
  if (type === 'directory' && stored === 'file' && rockRidge?.childLink === undefined) {
    throw image.corrupt('bad-mode', 'a file is a directory by its mode only', offset);
  }
  return { id: offset, type, start, size, flags, date, isInterleaved, end: offset + length, rockRidge };
}

/** The extents of a file, of which each but the last says that more follow. Throws `corrupt` or `unsupported`. */
export function readExtents(image: IsoImage, node: IsoNode): { readonly start: number; readonly size: number }[] {
  const extents = [{ start: node.start, size: node.size }];
  let { flags, end, isInterleaved } = node;
  while (flags & FLAG.multiExtent) {
    let record = end % SECTOR === 0 ? undefined : readRecord(image, end);
    record ??= readRecord(image, Math.ceil(end / SECTOR) * SECTOR);
    if (!record || extents.length >= MAX_PARTS) {
      throw image.corrupt('bad-extents', 'the last part of a file is missing', node.id);
    }
    extents.push({ start: record.start, size: record.size });
    flags = record.flags;
    end = record.offset + record.length;
    isInterleaved ||= record.isInterleaved;
  }
  if (isInterleaved) {
    throw new ImageError('unsupported', 'iso9660/interleaved', 'a file is interleaved with others, which is not read', {
      location: { source: image.source.label, offset: node.id },
    });
  }
  return extents;
}

/** `size` is that of the content. */
export function statNode(node: IsoNode, size: number): Stat {
  const { id, type, date, rockRidge } = node;
  const { posix, times, device } = rockRidge ?? {};
  return {
    node: id,
    type,
    mode: posix?.mode ?? PLAIN_MODE,
    uid: posix?.uid ?? 0,
    gid: posix?.gid ?? 0,
    size,
    links: posix?.links ?? 1,
    mtime: times?.mtime ?? date,
    ...(times?.atime && { atime: times.atime }),
    ...(times?.ctime && { ctime: times.ctime }),
    ...(times?.crtime && { crtime: times.crtime }),
    ...((type === 'character' || type === 'block') && { device: device ?? { major: 0, minor: 0 } }),
    offset: id,
  };
}
