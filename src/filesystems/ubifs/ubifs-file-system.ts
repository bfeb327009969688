/** UBIFS as a FileSystem: inode numbers are node numbers. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { decodeBytes } from '../../bytes/names.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import { ImageError } from '../../errors.ts';
import type { DirectoryEntry, FileSystem, NodeId, NodeType, Stat } from '../file-system.ts';
import { type ContentParts, UbifsContent } from './content.ts';
import { Directories } from './directories.ts';
import { type Inode, parseInode } from './inode.ts';
import type { Superblock } from './superblock.ts';
import { readXattrs } from './xattrs.ts';

const ROOT = 1;

export class UbifsFileSystem implements FileSystem {
  readonly format = 'ubifs';
  readonly label: string;
  readonly volumeLabel = '';
  readonly uuid: string;
  readonly root: NodeId = ROOT;
  readonly diagnostics: readonly Diagnostic[];
  readonly #parts: ContentParts;
  readonly #directories: Directories;
  /** What is asked about one file is asked in a row. */
  #latest: Inode | undefined;

  constructor(parts: ContentParts, { uuid, keyHash }: Superblock) {
    const { image, overlay } = parts;
    this.label = image.source.label;
    this.uuid = uuid;
    this.diagnostics = image.diagnostics;
    this.#parts = parts;
    this.#directories = new Directories(image, overlay, keyHash, ROOT);
  }

  lookup(directory: NodeId, name: string): NodeId | undefined {
    return this.#directories.lookup(this.#ofType(directory, 'directory'), name);
  }

  list(directory: NodeId): readonly DirectoryEntry[] {
    return this.#directories.list(this.#ofType(directory, 'directory'));
  }

  stat(node: NodeId): Stat {
    const { type, mode, uid, gid, size, links, mtime, atime, ctime, device, offset } = this.#inode(node);
    const stat = { node, type, mode, uid, gid, size: device ? 0 : size, links, mtime, atime, ctime, offset };
    return device ? { ...stat, device } : stat;
  }

  readLink(node: NodeId): string {
    const { image } = this.#parts;
    const { data, isEncrypted, number, offset } = this.#ofType(node, 'symlink');
    if (isEncrypted) throw image.unsupported('encrypted', `the target of symlink ${number} is encrypted`);
    if (data.length === 0 || data.includes(0)) {
      throw image.corrupt('bad-symlink', `the target of symlink ${number} is empty or has a NUL in it`, {
        leb: 0,
        offset,
      });
    }
    return decodeBytes(data);
  }

  open(node: NodeId, label = this.label): ByteSource {
    const inode = this.#ofType(node, 'file');
    if (!inode.isEncrypted) return new UbifsContent(this.#parts, inode, label);
    const message = `inode ${node} is encrypted: its content cannot be read without the key`;
    throw this.#parts.image.unsupported('encrypted', message);
  }

  xattrs(node: NodeId): ReadonlyMap<string, Uint8Array> {
    const { number } = this.#inode(node);
    return readXattrs(this.#parts.image, this.#parts.overlay, number);
  }

  /** Nothing to let go: the source belongs to whoever opened it. */
  close(): void {}

  #inode(node: NodeId): Inode {
    if (this.#latest?.number === node) return this.#latest;
    const { image, overlay } = this.#parts;
    const found = Number.isInteger(node) && node > 0 ? overlay.findInode(node) : undefined;
    if (!found) throw image.corrupt('no-inode', `there is no inode ${node}`);
    this.#latest = parseInode(image, node, found);
    return this.#latest;
  }

  #ofType(node: NodeId, type: NodeType): Inode {
    const inode = this.#inode(node);
    if (inode.type === type) return inode;
    throw new ImageError('input', `ubifs/not-a-${type}`, `inode ${node} is a ${inode.type}, not a ${type}`, {
      location: { source: this.label, offset: inode.offset },
    });
  }
}
