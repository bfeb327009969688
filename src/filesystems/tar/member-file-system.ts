/**
 * A tree of tar members as a file system. Contents are read where they lie in their archives, so that reading one file costs
 * no pass over the others.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { encodeBytes } from '../../bytes/names.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import { ImageError } from '../../errors.ts';
import type { Limits } from '../../limits.ts';
import type { ArchiveNode, ArchiveTree } from '../archive-tree.ts';
import { type Extent, ExtentSource } from '../extent-source.ts';
import type { DirectoryEntry, FileSystem, NodeId, Stat } from '../file-system.ts';
import type { TarMember } from './members.ts';
import { placeSparse, readSparseMap } from './sparse.ts';

export interface MemberTree {
  readonly format: string;
  readonly label: string;
  readonly volumeLabel: string;
  readonly root: NodeId;
  readonly tree: ArchiveTree<TarMember>;
  readonly diagnostics: readonly Diagnostic[];
  readonly limits: Limits;
  /** The archive a member lies in. */
  readonly archiveOf: (member: TarMember) => ByteSource;
}

const epoch = { seconds: 0, nanoseconds: 0 } as const;

export class MemberFileSystem implements FileSystem {
  readonly format: string;
  readonly label: string;
  readonly volumeLabel: string;
  readonly uuid = '';
  readonly diagnostics: readonly Diagnostic[];
  readonly root: NodeId;
  readonly #limits: Limits;
  readonly #tree: ArchiveTree<TarMember>;
  readonly #archiveOf: (member: TarMember) => ByteSource;

  constructor({ format, label, volumeLabel, diagnostics, root, limits, tree, archiveOf }: MemberTree) {
    this.format = format;
    this.label = label;
    this.volumeLabel = volumeLabel;
    this.diagnostics = diagnostics;
    this.root = root;
    this.#limits = limits;
    this.#tree = tree;
    this.#archiveOf = archiveOf;
  }

  lookup(directory: NodeId, name: string): NodeId | undefined {
    return this.#children(directory).get(name);
  }

  list(directory: NodeId): readonly DirectoryEntry[] {
    return [...this.#children(directory)].map(([name, node]) => ({ name, node, type: this.#tree.node(node).type }));
  }

  stat(node: NodeId): Stat {
    const { type, member, links, error } = this.#tree.node(node);
    if (error) throw error;
    if (!member) return { node, type, mode: 0o755, uid: 0, gid: 0, size: 0, links, mtime: epoch };
    const { mode, uid, gid, mtime, atime, ctime, crtime, device, offset, linkPath } = member;
    const size = type === 'symlink' ? encodeBytes(linkPath).length : type === 'file' ? member.size : 0;
    return {
      ...{ node, type, mode, uid, gid, size, links, mtime },
      // Of a member of a layer there is no place in the source that holds the layers.
      ...(this.#archiveOf(member).label === this.label && { offset }),
      ...(atime && { atime }),
      ...(ctime && { ctime }),
      ...(crtime && { crtime }),
      ...(device && { device }),
    };
  }

  readLink(node: NodeId): string {
    const { member } = this.#expect(node, 'symlink', `${this.format}/not-a-symlink`, 'not a symbolic link');
    return member?.linkPath ?? '';
  }

  open(node: NodeId, label?: string): ByteSource {
    const { member, error } = this.#expect(node, 'file', `${this.format}/not-a-file`, 'not a regular file');
    if (error) throw error;
    if (!member) throw this.#refuse(node, `${this.format}/not-a-file`, 'not a regular file');
    const name = label ?? `${this.label}:/${member.path}`;
    if (member.sparse === undefined) return this.#archiveOf(member).slice(member.data, member.size, name);
    return new ExtentSource(this.#archiveOf(member), this.#extents(member, member.sparse), member.size, name);
  }

  xattrs(node: NodeId): ReadonlyMap<string, Uint8Array> {
    const { member, error } = this.#tree.node(node);
    if (error) throw error;
    return member?.xattrs ?? new Map();
  }

  hasUnreadList(node: NodeId): boolean {
    return this.#tree.node(node).member?.hasUnreadList ?? false;
  }

  close(): void {}

  #extents(member: TarMember, sparse: readonly number[] | 'in-data'): Extent[] {
    const { size, data, stored } = member;
    if (sparse !== 'in-data') return placeSparse(sparse, size, data, stored);
    const { map, bytes } = readSparseMap(this.#archiveOf(member).slice(data, stored), this.#limits);
    return placeSparse(map, size, data + bytes, stored - bytes);
  }

  #children(directory: NodeId): ReadonlyMap<string, NodeId> {
    const { children } = this.#tree.node(directory);
    if (!children) throw this.#refuse(directory, `${this.format}/not-a-directory`, 'not a directory');
    return children;
  }

  #expect(node: NodeId, type: ArchiveNode<TarMember>['type'], code: string, message: string): ArchiveNode<TarMember> {
    const found = this.#tree.node(node);
    if (found.type !== type) throw this.#refuse(node, code, message);
    return found;
  }

  #refuse(node: NodeId, code: string, message: string): ImageError {
    const offset = this.#tree.node(node).member?.offset;
    const location = offset === undefined ? { source: this.label } : { source: this.label, offset };
    return new ImageError('input', code, message, { location });
  }
}
