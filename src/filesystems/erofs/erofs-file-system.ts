/** EROFS as a FileSystem: inode numbers (nids) are node numbers. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { decodeBytes } from '../../bytes/names.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import { ImageError } from '../../errors.ts';
import { parseDevice } from '../device-number.ts';
import type { DirectoryEntry, FileSystem, NodeId, NodeType, Stat } from '../file-system.ts';
import { openContent } from './content.ts';
import { Directories } from './directories.ts';
import type { ErofsImage } from './image.ts';
import { type Inode, readInode } from './inode.ts';
import { Xattrs } from './xattrs.ts';

/** Longer than any system lets a target be. */
const MAX_TARGET = 65_535;

export class ErofsFileSystem implements FileSystem {
  readonly format = 'erofs';
  readonly label: string;
  readonly volumeLabel: string;
  readonly uuid: string;
  readonly root: NodeId;
  readonly extent: number;
  readonly diagnostics: readonly Diagnostic[];
  readonly #image: ErofsImage;
  readonly #directories: Directories;
  readonly #xattrs: Xattrs;
  /** What is asked about one file is asked in a row. */
  #latest: Inode | undefined;

  constructor(image: ErofsImage) {
    const { rootNid, size, uuid, volumeName } = image.superblock;
    this.label = image.source.label;
    this.volumeLabel = volumeName;
    this.uuid = uuid;
    this.root = rootNid;
    this.extent = size;
    this.diagnostics = image.diagnostics;
    this.#image = image;
    this.#directories = new Directories(image);
    this.#xattrs = new Xattrs(image);
  }

  lookup(directory: NodeId, name: string): NodeId | undefined {
    return this.#directories.lookup(this.#ofType(directory, 'directory'), name);
  }

  list(directory: NodeId): readonly DirectoryEntry[] {
    return this.#directories.list(this.#ofType(directory, 'directory'));
  }

  stat(node: NodeId): Stat {
    const { type, mode, uid, gid, size, links, mtime, offset, union } = this.#inode(node);
    const isDevice = type === 'character' || type === 'block';
    const stat = { node, type, mode, uid, gid, size: isDevice ? 0 : size, links, mtime, offset };
    return isDevice ? { ...stat, device: parseDevice(union) } : stat;
  }

  readLink(node: NodeId): string {
    const inode = this.#ofType(node, 'symlink');
    if (inode.size === 0 || inode.size > MAX_TARGET) throw this.#badLink(inode, `is ${inode.size} bytes long`);
    const bytes = openContent(this.#image, inode, this.label).read(0, inode.size);
    if (bytes.includes(0)) throw this.#badLink(inode, 'has a NUL in it');
    return decodeBytes(bytes);
  }

  open(node: NodeId, label = this.label): ByteSource {
    return openContent(this.#image, this.#ofType(node, 'file'), label);
  }

  xattrs(node: NodeId): ReadonlyMap<string, Uint8Array> {
    return this.#xattrs.read(this.#inode(node));
  }

  /** Nothing to let go: the source belongs to whoever opened it. */
  close(): void {}

  #inode(nid: NodeId): Inode {
    if (this.#latest?.nid !== nid) this.#latest = readInode(this.#image, nid);
    return this.#latest;
  }

  #ofType(node: NodeId, type: NodeType): Inode {
    const inode = this.#inode(node);
    if (inode.type === type) return inode;
    throw new ImageError('input', `erofs/not-a-${type}`, `inode ${node} is a ${inode.type}, not a ${type}`, {
      location: { source: this.label, offset: inode.offset },
    });
  }

  #badLink(inode: Inode, what: string): ImageError {
    return this.#image.corrupt('bad-symlink', `the target of symlink ${inode.nid} ${what}`, inode.offset);
  }
}
