/** btrfs as a FileSystem: the root is the top of the default subvolume, all others are directories in it or beside it. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { decodeBytes } from '../../bytes/names.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import { ImageError } from '../../errors.ts';
import type { DirectoryEntry, FileSystem, NodeId, NodeType, Stat } from '../file-system.ts';
import { BtrfsContent } from './content.ts';
import type { DataReader } from './data.ts';
import { Directories } from './directories.ts';
import { readExtents } from './extents.ts';
import type { BtrfsImage } from './image.ts';
import { type Inode, readInode } from './inode.ts';
import { LOST_SUBVOLUME, type Place, type Subvolumes, TREE } from './subvolumes.ts';
import { readXattrs } from './xattrs.ts';

/** Longer than any system lets a target be. */
const MAX_TARGET = 65_535;

export class BtrfsFileSystem implements FileSystem {
  readonly format = 'btrfs';
  readonly label: string;
  readonly volumeLabel: string;
  readonly uuid: string;
  readonly root: NodeId;
  readonly diagnostics: readonly Diagnostic[];
  readonly #image: BtrfsImage;
  readonly #subvolumes: Subvolumes;
  readonly #directories: Directories;
  readonly #data: DataReader;
  /** What is asked about one file is asked in a row. */
  #latest: { readonly node: NodeId; readonly inode: Inode; readonly place: Place } | undefined;

  constructor(image: BtrfsImage, subvolumes: Subvolumes, data: DataReader) {
    this.label = image.source.label;
    this.volumeLabel = image.superblock.label;
    this.uuid = image.superblock.uuid;
    this.diagnostics = image.diagnostics;
    this.#image = image;
    this.#subvolumes = subvolumes;
    this.#directories = new Directories(image, subvolumes);
    this.#data = data;
    this.root = this.#top(subvolumes.readDefault());
  }

  lookup(directory: NodeId, name: string): NodeId | undefined {
    const place = this.#directory(directory);
    return place && this.#directories.lookup(place, name);
  }

  list(directory: NodeId): readonly DirectoryEntry[] {
    const place = this.#directory(directory);
    return place ? this.#directories.list(place) : [];
  }

  stat(node: NodeId): Stat {
    const { inode } = this.#find(node);
    const { type, mode, uid, gid, links, mtime, atime, ctime, crtime, device } = inode;
    const size = device ? 0 : inode.size;
    const stat = { node, type, mode, uid, gid, size, links, mtime, atime, ctime, crtime };
    return device ? { ...stat, device } : stat;
  }

  readLink(node: NodeId): string {
    const { inode, place } = this.#ofType(node, 'symlink');
    if (inode.size === 0 || inode.size > MAX_TARGET) throw this.#badLink(inode, `is ${inode.size} bytes long`);
    const bytes = this.#content(place, inode, this.label).read(0, inode.size);
    if (bytes.includes(0)) throw this.#badLink(inode, 'has a NUL in it');
    return decodeBytes(bytes);
  }

  open(node: NodeId, label = this.label): ByteSource {
    const { inode, place } = this.#ofType(node, 'file');
    return this.#content(place, inode, label);
  }

  xattrs(node: NodeId): ReadonlyMap<string, Uint8Array> {
    return readXattrs(this.#image, this.#find(node).place);
  }

  /** By its id, or by the path of its top directory in the one that holds all others. */
  findSubvolume(name: number | string): NodeId | undefined {
    if (typeof name === 'number') return this.#subvolumes.openTree(name) && this.#top(name);
    let node: NodeId | undefined = this.#top(TREE.topLevel);
    for (const part of name.split('/')) {
      if (part !== '' && node !== undefined)
        node = this.stat(node).type === 'directory' ? this.lookup(node, part) : undefined;
    }
    return node;
  }

  /** Those in the top directory of the one that holds all others. */
  listSubvolumes(): readonly { readonly path: string; readonly node: NodeId }[] {
    const top = this.#top(TREE.topLevel);
    const { index } = this.#subvolumes.placeOf(top).subvolume;
    return this.list(top).flatMap(({ name, node, type }) =>
      type === 'directory' && this.#subvolumes.placeOf(node).subvolume.index !== index ? [{ path: name, node }] : [],
    );
  }

  /** Nothing to let go: the source belongs to whoever opened it. */
  close(): void {}

  #top(id: number): NodeId {
    const subvolume = this.#subvolumes.open(id);
    return this.#subvolumes.nodeOf(subvolume, subvolume.rootDirectory);
  }

  #find(node: NodeId): { readonly inode: Inode; readonly place: Place } {
    if (this.#latest?.node === node) return this.#latest;
    const place = this.#subvolumes.placeOf(node);
    this.#latest = { node, place, inode: this.#inode(place) };
    return this.#latest;
  }

  #inode({ subvolume, number }: Place): Inode {
    if (number !== LOST_SUBVOLUME) return readInode(this.#image, subvolume.tree, number);
    const top = readInode(this.#image, subvolume.tree, subvolume.rootDirectory);
    return { ...top, number, type: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0, links: 1, device: undefined };
  }

  #content({ subvolume }: Place, inode: Inode, label: string): ByteSource {
    return new BtrfsContent(this.#data, inode, readExtents(this.#image, subvolume.tree, inode), label);
  }

  /** Undefined for the empty one in place of a lost subvolume. */
  #directory(node: NodeId): Place | undefined {
    const { place } = this.#ofType(node, 'directory');
    return place.number === LOST_SUBVOLUME ? undefined : place;
  }

  #ofType(node: NodeId, type: NodeType): { readonly inode: Inode; readonly place: Place } {
    const { inode, place } = this.#find(node);
    if (inode.type === type) return { inode, place };
    throw new ImageError('input', `btrfs/not-a-${type}`, `inode ${place.number} is a ${inode.type}, not a ${type}`, {
      location: { source: this.label },
    });
  }

  #badLink({ number }: Inode, what: string): ImageError {
    return this.#image.corrupt('bad-symlink', `the target of symlink ${number} ${what}`);
  }
}
