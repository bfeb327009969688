/**
 * An opened cpio archive, or several as one: the later member of a path counts, as for the kernel that unpacks an initramfs.
 * The names of one file share its inode number; in newc its content is with the last of them.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { encodeBytes } from '../../bytes/names.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import { ImageError } from '../../errors.ts';
import { type ArchiveNode, ArchiveTree } from '../archive-tree.ts';
import type { DirectoryEntry, FileSystem, NodeId, NodeType, OpenOptions, Stat } from '../file-system.ts';
import { sumBytes } from './checksum.ts';
import type { CpioMember } from './members.ts';
import type { Segment, SegmentsRead, SegmentVisitor } from './segments.ts';

const epoch = { seconds: 0, nanoseconds: 0 } as const;

/** Builds the tree while the members are read. */
export class CpioTree implements SegmentVisitor {
  readonly tree: ArchiveTree<CpioMember>;
  /** The member with the content of a file of several names. */
  readonly contents = new Map<NodeId, CpioMember>();
  /** Of the current archive: nodes by inode number. */
  readonly #linked = new Map<string, NodeId>();

  constructor(source: ByteSource, { limits }: OpenOptions) {
    this.tree = new ArchiveTree('cpio', source.label, limits);
  }

  begin(): void {
    this.#linked.clear();
  }

  member(member: CpioMember): void {
    const { header, type } = member;
    if (type === 'directory' || header.nlink < 2) {
      this.tree.place(member);
      return;
    }
    const identity = `${header.dev}:${header.ino}`;
    const known = this.#linked.get(identity);
    const target = known !== undefined && this.tree.node(known).type === type ? known : undefined;
    const node = this.tree.place(member, target);
    if (node === undefined) return;
    this.#linked.set(identity, node);
    if (type === 'file' && header.fileSize > 0) this.contents.set(node, member);
  }
}

export class CpioFileSystem implements FileSystem {
  readonly format = 'cpio';
  readonly label: string;
  readonly volumeLabel = '';
  readonly uuid = '';
  readonly root: NodeId;
  readonly diagnostics: readonly Diagnostic[];
  /** The archives in their order, where there are several. */
  readonly segments: readonly Segment[];
  readonly #source: ByteSource;
  readonly #expanded: readonly ByteSource[];
  readonly #tree: ArchiveTree<CpioMember>;
  readonly #contents: ReadonlyMap<NodeId, CpioMember>;
  /** Nodes whose checksum was found to hold. */
  readonly #verified = new Set<NodeId>();

  constructor(source: ByteSource, { tree, contents }: CpioTree, read: SegmentsRead) {
    this.label = source.label;
    this.root = tree.root;
    this.diagnostics = [...read.diagnostics, ...tree.diagnostics()];
    this.segments = read.segments;
    this.#source = source;
    this.#expanded = read.expanded;
    this.#tree = tree;
    this.#contents = contents;
  }

  lookup(directory: NodeId, name: string): NodeId | undefined {
    return this.#children(directory).get(name);
  }

  list(directory: NodeId): readonly DirectoryEntry[] {
    return [...this.#children(directory)].map(([name, node]) => ({ name, node, type: this.#tree.node(node).type }));
  }

  stat(node: NodeId): Stat {
    const { type, member, links } = this.#tree.node(node);
    if (!member) return { node, type, mode: 0o755, uid: 0, gid: 0, size: 0, links, mtime: epoch };
    const { header, linkPath, offset, source } = member;
    const fileSize = type === 'file' ? this.#content(node, member).header.fileSize : 0;
    return {
      node,
      type,
      mode: header.mode & 0xfff,
      uid: header.uid,
      gid: header.gid,
      size: type === 'symlink' ? encodeBytes(linkPath).length : fileSize,
      links: type === 'directory' ? header.nlink : links,
      mtime: { seconds: header.mtime, nanoseconds: 0 },
      ...((type === 'character' || type === 'block') && { device: header.device }),
      ...(source === this.#source && { offset }),
    };
  }

  readLink(node: NodeId): string {
    return this.#ofType(node, 'symlink').member?.linkPath ?? '';
  }

  /** The content of a member of the crc dialect is read once, so that its checksum is known to hold. */
  open(node: NodeId, label?: string): ByteSource {
    const { member } = this.#ofType(node, 'file');
    if (!member) throw this.#refuse(node, 'file');
    const { header, source, data, path } = this.#content(node, member);
    const content = source.slice(data, header.fileSize, label ?? `${this.label}:/${path}`);
    if (header.dialect === 'crc' && !this.#verified.has(node)) {
      if (sumBytes(content) !== header.checksum) {
        const message = `the content of ${path} does not have the checksum of its header`;
        throw new ImageError('corrupt', 'cpio/bad-checksum', message, { location: { source: this.label, path } });
      }
      this.#verified.add(node);
    }
    return content;
  }

  xattrs(node: NodeId): ReadonlyMap<string, Uint8Array> {
    this.#tree.node(node);
    return new Map();
  }

  close(): void {
    for (const each of this.#expanded) each.close();
  }

  #content(node: NodeId, member: CpioMember): CpioMember {
    return this.#contents.get(node) ?? member;
  }

  #children(directory: NodeId): ReadonlyMap<string, NodeId> {
    const { children } = this.#tree.node(directory);
    if (!children) throw this.#refuse(directory, 'directory');
    return children;
  }

  #ofType(node: NodeId, type: NodeType): ArchiveNode<CpioMember> {
    const found = this.#tree.node(node);
    if (found.type !== type) throw this.#refuse(node, type);
    return found;
  }

  #refuse(node: NodeId, wanted: NodeType): ImageError {
    const { type, member } = this.#tree.node(node);
    const path = member?.path ?? '';
    return new ImageError('input', `cpio/not-a-${wanted}`, `this is a ${type}, not a ${wanted}`, {
      location: { source: this.label, path },
    });
  }
}
