/** ext2, ext3 and ext4 as a FileSystem: inode numbers are node numbers. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { decodeBytes } from '../../bytes/names.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import { ImageError } from '../../errors.ts';
import type { DirectoryEntry, FileSystem, NodeId, NodeType, Stat, Usage } from '../file-system.ts';
import type { BlockReader } from './block-reader.ts';
import { openContent, readAttributeInode, refuseEncrypted } from './content.ts';
import { Directories } from './directories.ts';
import { formatName } from './features.ts';
import { type Inode, parseStat } from './inode.ts';
import { InodeTable, ROOT_INODE } from './inode-table.ts';
import { readAttributes } from './xattrs.ts';

/** Targets shorter than this lie in the inode itself. */
const FAST_LINK = 60;

export class ExtFileSystem implements FileSystem {
  readonly format: 'ext2' | 'ext3' | 'ext4';
  readonly label: string;
  readonly volumeLabel: string;
  readonly uuid: string;
  readonly root: NodeId = ROOT_INODE;
  readonly extent: number;
  readonly #blocks: BlockReader;
  readonly #inodes: InodeTable;
  readonly #directories: Directories;

  constructor(blocks: BlockReader) {
    this.#blocks = blocks;
    this.label = blocks.source.label;
    this.extent = blocks.superblock.blocksCount * blocks.blockSize;
    this.format = formatName(blocks.superblock);
    this.volumeLabel = blocks.superblock.volumeName;
    this.uuid = formatUuid(blocks.superblock.uuid);
    this.#inodes = new InodeTable(blocks);
    this.#directories = new Directories(blocks, this.#inodes);
  }

  get diagnostics(): readonly Diagnostic[] {
    return this.#blocks.diagnostics;
  }

  lookup(directory: NodeId, name: string): NodeId | undefined {
    return this.#directories.lookup(directory, name, () => this.#ofType(directory, 'directory'));
  }

  list(directory: NodeId): readonly DirectoryEntry[] {
    return this.#directories.list(this.#ofType(directory, 'directory'));
  }

  stat(node: NodeId): Stat {
    return parseStat(this.#inodes.get(node));
  }

  typeOf(node: NodeId): NodeType {
    return this.#inodes.get(node).type;
  }

  readLink(node: NodeId): string {
    const inode = this.#ofType(node, 'symlink');
    refuseEncrypted(this.#blocks, inode);
    const { size } = inode;
    if (size === 0 || size > this.#blocks.blockSize) throw this.#badLink(inode, `is ${size} bytes long`);
    const isFast = size < FAST_LINK && !inode.has('EXTENTS') && !inode.has('INLINE_DATA');
    const bytes = isFast ? inode.block.subarray(0, size) : openContent(this.#blocks, inode, this.label).read(0, size);
    if (bytes.includes(0)) throw this.#badLink(inode, 'has a NUL in it');
    return decodeBytes(bytes);
  }

  open(node: NodeId, label = this.label): ByteSource {
    return openContent(this.#blocks, this.#ofType(node, 'file'), label);
  }

  xattrs(node: NodeId): ReadonlyMap<string, Uint8Array> {
    return readAttributes(this.#blocks, this.#inodes.get(node), (valueInode, size) =>
      readAttributeInode(this.#blocks, this.#inodes, valueInode, size),
    );
  }

  usage(): Usage {
    const { blocksCount, freeBlocks, reservedBlocks, blockSize, freeInodes } = this.#blocks.superblock;
    const available = Math.max(0, Math.min(freeBlocks, blocksCount) - reservedBlocks) * blockSize;
    return { size: blocksCount * blockSize, available, freeNodes: freeInodes };
  }

  /** Nothing to let go: the source belongs to whoever opened it. */
  close(): void {}

  #ofType(node: NodeId, type: NodeType): Inode {
    const inode = this.#inodes.get(node);
    if (inode.type === type) return inode;
    throw new ImageError('input', `ext4/not-a-${type}`, `inode ${node} is a ${inode.type}, not a ${type}`, {
      location: { source: this.label, offset: inode.offset },
    });
  }

  #badLink(inode: Inode, what: string): ImageError {
    return this.#blocks.corrupt('bad-symlink', `the target of symlink ${inode.number} ${what}`, inode.offset);
  }
}

function formatUuid(uuid: Uint8Array): string {
  if (uuid.every((byte) => byte === 0)) return '';
  const hex = Buffer.from(uuid).toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
