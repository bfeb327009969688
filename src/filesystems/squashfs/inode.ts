/** One inode, decoded by its type. Contents, targets and lists are left where they are until they are asked for. */
import { type Struct, u32le } from '../../bytes/struct.ts';
import type { ImageError } from '../../errors.ts';
import type { NodeId } from '../file-system.ts';
import {
  BASIC_TYPES,
  DEV,
  DEV_SIZE,
  DIR,
  DIR_SIZE,
  EXTENDED,
  INODE,
  INODE_HEAD,
  IPC,
  IPC_SIZE,
  LDIR,
  LDIR_SIZE,
  LREG,
  LREG_SIZE,
  REG,
  REG_SIZE,
  SYMLINK,
  SYMLINK_SIZE,
  XATTR_SIZE,
} from './inode-structures.ts';
import type { MetadataCursor, MetadataReader } from './metadata.ts';

/** A place in metadata: header of the block in the source, and bytes into the block. */
export interface MetadataPlace {
  readonly start: number;
  readonly offset: number;
}

export interface InodeHead {
  /** Number of the reference that named it: block in the inode table times 2^16, plus bytes into the block. */
  readonly reference: NodeId;
  readonly mode: number;
  /** Rows of the id table. */
  readonly uid: number;
  readonly gid: number;
  readonly mtime: number;
  /** Byte offset in the source of the metadata block that holds it. */
  readonly offset: number;
}

interface InodeCommon {
  readonly head: InodeHead;
  readonly links: number;
  /** Row of the xattr table. */
  readonly xattr: number | undefined;
}

export interface FileInode extends InodeCommon {
  readonly type: 'file';
  readonly size: number;
  /** Byte offset in the source of the first block. */
  readonly start: number;
  /** The block shared with other files that holds the end of this one, and where in it. */
  readonly fragment: { readonly index: number; readonly offset: number } | undefined;
  readonly sizes: MetadataPlace;
}

export interface DirectoryInode extends InodeCommon {
  readonly type: 'directory';
  /** Bytes of the listing plus 3, for the entries `.` and `..` that are not there. */
  readonly size: number;
  /** Where the listing begins: block in the directory table, and bytes into the block. */
  readonly start: number;
  readonly listingOffset: number;
  readonly indexes: { readonly place: MetadataPlace; readonly count: number };
}

export interface SymlinkInode extends InodeCommon {
  readonly type: 'symlink';
  readonly size: number;
  readonly target: MetadataPlace;
}

export interface DeviceInode extends InodeCommon {
  readonly type: 'character' | 'block';
  readonly rdev: number;
}

export interface IpcInode extends InodeCommon {
  readonly type: 'fifo' | 'socket';
}

export type Inode = FileInode | DirectoryInode | SymlinkInode | DeviceInode | IpcInode;

const NONE = 0xffff_ffff;
const XATTR = u32le(0);
/** Longer than any system lets a target be. */
const MAX_TARGET = 65_535;

/** The inode a reference names. Throws `corrupt`. */
export function readInode(metadata: MetadataReader, reference: NodeId): Inode {
  const { inodeTable, directoryTable } = metadata.image.superblock;
  const start = inodeTable + Math.floor(reference / 0x1_0000);
  if (!Number.isSafeInteger(reference) || reference < 0 || start >= directoryTable) {
    throw metadata.image.corrupt('bad-reference', `the inode table has no place ${reference}`, inodeTable);
  }
  const cursor = metadata.cursor(start, reference % 0x1_0000);
  const s = cursor.struct(INODE_HEAD);
  const stored = s.get(INODE.inode_type);
  const isExtended = stored > EXTENDED;
  const type = BASIC_TYPES[isExtended ? stored - EXTENDED : stored];
  const head = {
    reference,
    mode: s.get(INODE.mode) & 0xfff,
    uid: s.get(INODE.uid),
    gid: s.get(INODE.guid),
    mtime: s.get(INODE.mtime),
    offset: start,
  };
  const refuse = (what: string): ImageError =>
    metadata.image.corrupt('bad-inode', `inode ${s.get(INODE.inode_number)} ${what}`, start);
  switch (type) {
    case 'file':
      return isExtended ? readExtendedFile(head, cursor) : readFile(head, cursor);
    case 'directory':
      return isExtended ? readExtendedDirectory(head, cursor) : readDirectory(head, cursor);
    case 'symlink': {
      const body = cursor.struct(SYMLINK_SIZE);
      const size = body.get(SYMLINK.symlink_size);
      if (size === 0 || size > MAX_TARGET) throw refuse(`is a symlink of ${size} bytes`);
      const target = cursor.place;
      if (isExtended) cursor.skip(size);
      const xattr = isExtended ? present(cursor.struct(XATTR_SIZE).get(XATTR)) : undefined;
      return { head, type, links: body.get(SYMLINK.nlink), size, target, xattr };
    }
    case 'character':
    case 'block': {
      const body = cursor.struct(isExtended ? DEV_SIZE + XATTR_SIZE : DEV_SIZE);
      const xattr = isExtended ? present(body.get(DEV.xattr)) : undefined;
      return { head, type, links: body.get(DEV.nlink), rdev: body.get(DEV.rdev), xattr };
    }
    case 'fifo':
    case 'socket': {
      const body = cursor.struct(isExtended ? IPC_SIZE + XATTR_SIZE : IPC_SIZE);
      const xattr = isExtended ? present(body.get(IPC.xattr)) : undefined;
      return { head, type, links: body.get(IPC.nlink), xattr };
    }
    default:
      throw refuse(`has the type ${stored}, which does not exist`);
  }
}

function readFile(head: InodeHead, cursor: MetadataCursor): FileInode {
  const body = cursor.struct(REG_SIZE);
  return {
    head,
    type: 'file',
    links: 1,
    xattr: undefined,
    size: body.get(REG.file_size),
    start: body.get(REG.start_block),
    fragment: fragmentOf(body, REG),
    sizes: cursor.place,
  };
}

function readExtendedFile(head: InodeHead, cursor: MetadataCursor): FileInode {
  const body = cursor.struct(LREG_SIZE);
  return {
    head,
    type: 'file',
    links: body.get(LREG.nlink),
    xattr: present(body.get(LREG.xattr)),
    size: body.get(LREG.file_size),
    start: body.get(LREG.start_block),
    fragment: fragmentOf(body, LREG),
    sizes: cursor.place,
  };
}

function readDirectory(head: InodeHead, cursor: MetadataCursor): DirectoryInode {
  const body = cursor.struct(DIR_SIZE);
  return {
    head,
    type: 'directory',
    links: body.get(DIR.nlink),
    xattr: undefined,
    size: body.get(DIR.file_size),
    start: body.get(DIR.start_block),
    listingOffset: body.get(DIR.offset),
    indexes: { place: cursor.place, count: 0 },
  };
}

function readExtendedDirectory(head: InodeHead, cursor: MetadataCursor): DirectoryInode {
  const body = cursor.struct(LDIR_SIZE);
  return {
    head,
    type: 'directory',
    links: body.get(LDIR.nlink),
    xattr: present(body.get(LDIR.xattr)),
    size: body.get(LDIR.file_size),
    start: body.get(LDIR.start_block),
    listingOffset: body.get(LDIR.offset),
    indexes: { place: cursor.place, count: body.get(LDIR.i_count) },
  };
}

function fragmentOf(body: Struct, { fragment, offset }: typeof REG | typeof LREG): FileInode['fragment'] {
  const index = present(body.get(fragment));
  return index === undefined ? undefined : { index, offset: body.get(offset) };
}

function present(index: number): number | undefined {
  return index === NONE ? undefined : index;
}
