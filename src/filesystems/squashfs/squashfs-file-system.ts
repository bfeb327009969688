/** SquashFS as a FileSystem: node numbers are inode references, which hard links share. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { decodeBytes } from '../../bytes/names.ts';
import { u32le } from '../../bytes/struct.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import { ImageError } from '../../errors.ts';
import { parseDevice } from '../device-number.ts';
import type { DirectoryEntry, FileSystem, NodeId, Stat } from '../file-system.ts';
import { type ContentParts, FRAGMENT_SIZE, SquashfsContent } from './content.ts';
import { DataBlocks } from './data-blocks.ts';
import { Directories } from './directories.ts';
import type { SquashfsImage } from './image.ts';
import { IndexedTable } from './indexed-table.ts';
import { type Inode, readInode } from './inode.ts';
import { MetadataReader } from './metadata.ts';
import { Xattrs } from './xattrs.ts';

const ID = u32le(0);
const ID_SIZE = 4;

export class SquashfsFileSystem implements FileSystem {
  readonly format = 'squashfs';
  readonly label: string;
  readonly volumeLabel = '';
  readonly uuid = '';
  readonly root: NodeId;
  readonly extent: number;
  readonly diagnostics: readonly Diagnostic[];
  readonly #image: SquashfsImage;
  readonly #metadata: MetadataReader;
  readonly #directories: Directories;
  readonly #ids: IndexedTable;
  /** Ids that were read, by their row: most files have one of a few. */
  readonly #knownIds = new Map<number, number>();
  readonly #content: ContentParts;
  readonly #xattrs: Xattrs;
  /** What is asked about one file is asked in a row. */
  #latest: Inode | undefined;

  constructor(image: SquashfsImage) {
    const { superblock } = image;
    this.label = image.source.label;
    this.root = superblock.rootInode;
    this.extent = superblock.bytesUsed;
    this.diagnostics = image.diagnostics;
    this.#image = image;
    this.#metadata = new MetadataReader(image);
    this.#directories = new Directories(this.#metadata);
    this.#ids = new IndexedTable(this.#metadata, 'user id', superblock.idTable, superblock.ids, ID_SIZE);
    this.#xattrs = new Xattrs(this.#metadata);
    const { fragmentTable, fragments } = superblock;
    this.#content = {
      metadata: this.#metadata,
      data: new DataBlocks(image),
      fragments: new IndexedTable(this.#metadata, 'fragment block', fragmentTable, fragments, FRAGMENT_SIZE),
    };
  }

  lookup(directory: NodeId, name: string): NodeId | undefined {
    return this.#directories.lookup(this.#ofType(directory, 'directory'), name);
  }

  list(directory: NodeId): readonly DirectoryEntry[] {
    return this.#directories.list(this.#ofType(directory, 'directory'));
  }

  stat(node: NodeId): Stat {
    const inode = this.#inode(node);
    const { type, head, links } = inode;
    const { mode, offset } = head;
    const uid = this.#id(head.uid);
    const gid = this.#id(head.gid);
    const size = 'size' in inode ? inode.size : 0;
    const mtime = { seconds: head.mtime, nanoseconds: 0 };
    const stat = { node, type, mode, uid, gid, size, links, mtime, offset };
    return 'rdev' in inode ? { ...stat, device: parseDevice(inode.rdev) } : stat;
  }

  readLink(node: NodeId): string {
    const { target, size, head } = this.#ofType(node, 'symlink');
    const bytes = this.#metadata.cursor(target.start, target.offset).bytes(size);
    if (bytes.includes(0))
      throw this.#image.corrupt('bad-symlink', 'the target of a symlink has a NUL in it', head.offset);
    return decodeBytes(bytes);
  }

  open(node: NodeId, label = this.label): ByteSource {
    return new SquashfsContent(this.#content, this.#ofType(node, 'file'), label);
  }

  xattrs(node: NodeId): ReadonlyMap<string, Uint8Array> {
    return this.#xattrs.read(this.#inode(node));
  }

  /** Nothing to let go: the source belongs to whoever opened it. */
  close(): void {}

  #id(row: number): number {
    const known = this.#knownIds.get(row);
    if (known !== undefined) return known;
    const id = this.#ids.row(row).get(ID);
    this.#knownIds.set(row, id);
    return id;
  }

  #inode(node: NodeId): Inode {
    if (this.#latest?.head.reference !== node) this.#latest = readInode(this.#metadata, node);
    return this.#latest;
  }

  #ofType<T extends Inode['type']>(node: NodeId, type: T): Extract<Inode, { type: T }> {
    const inode = this.#inode(node);
    if (isType(inode, type)) return inode;
    throw new ImageError('input', `squashfs/not-a-${type}`, `this is a ${inode.type}, not a ${type}`, {
      location: { source: this.label, offset: inode.head.offset },
    });
  }
}

function isType<T extends Inode['type']>(inode: Inode, type: T): inode is Extract<Inode, { type: T }> {
  return inode.type === type;
}
