/**
 * A file system in memory, from a table of paths: for tests, and for what a view has to add to an image.
 * A text or bytes value is a file (0644), `{ link }` a symlink, `{ directory: true }` a directory (0755).
 */
import type { ByteSource } from '../bytes/byte-source.ts';
import { MemorySource } from '../bytes/memory-source.ts';
import { encodeBytes } from '../bytes/names.ts';
import { ImageError } from '../errors.ts';
import type { DirectoryEntry, FileSystem, NodeId, NodeType, Stat } from './file-system.ts';

export interface MemoryNode {
  readonly text?: string;
  readonly bytes?: Uint8Array;
  /** Content that lies elsewhere: a part of an image. */
  readonly source?: ByteSource;
  readonly link?: string;
  readonly directory?: boolean;
  /** Any other type: `fifo`, `socket`, `character`, `block`. */
  readonly type?: NodeType;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly mtime?: number;
  readonly device?: { readonly major: number; readonly minor: number };
  readonly xattrs?: Readonly<Record<string, Uint8Array>>;
  /** Reading this node fails with that error: damage, for tests. */
  readonly error?: ImageError;
}

/** Absolute paths to nodes. Missing parents become directories. */
export type MemoryTree = Readonly<Record<string, string | Uint8Array | MemoryNode>>;

interface Inode {
  readonly type: NodeType;
  readonly spec: MemoryNode;
  readonly content: Uint8Array;
  readonly children: Map<string, NodeId>;
}

export class MemoryFileSystem implements FileSystem {
  readonly format = 'memory';
  readonly label: string;
  readonly volumeLabel = '';
  readonly uuid = '';
  readonly diagnostics = [];
  readonly root: NodeId = 1;
  readonly #inodes: Inode[] = [];

  constructor(tree: MemoryTree, label = 'memory') {
    this.label = label;
    this.#add({ directory: true });
    for (const [path, value] of Object.entries(tree)) this.#place(path, value);
  }

  lookup(directory: NodeId, name: string): NodeId | undefined {
    return this.#directory(directory).children.get(name);
  }

  list(directory: NodeId): readonly DirectoryEntry[] {
    const entries: DirectoryEntry[] = [];
    for (const [name, node] of this.#directory(directory).children)
      entries.push({ name, node, type: this.#inode(node).type });
    return entries;
  }

  stat(node: NodeId): Stat {
    const { type, spec, content, children } = this.#inode(node);
    const mode = spec.mode ?? (type === 'directory' ? 0o755 : type === 'symlink' ? 0o777 : 0o644);
    const links =
      type === 'directory' ? 2 + [...children.values()].filter((id) => this.#inode(id).type === 'directory').length : 1;
    const mtime = { seconds: spec.mtime ?? 0, nanoseconds: 0 };
    const size = spec.source?.size ?? content.length;
    const stat: Stat = { node, type, mode, uid: spec.uid ?? 0, gid: spec.gid ?? 0, size, links, mtime };
    return spec.device ? { ...stat, device: spec.device } : stat;
  }

  readLink(node: NodeId): string {
    const { spec } = this.#inode(node);
    if (spec.link === undefined) throw new ImageError('input', 'memory/not-a-symlink', 'not a symbolic link');
    return spec.link;
  }

  open(node: NodeId, label = this.label): ByteSource {
    const inode = this.#inode(node);
    if (inode.spec.error) throw inode.spec.error;
    if (inode.type !== 'file') throw new ImageError('input', 'memory/not-a-file', `${label} is not a regular file`);
    return inode.spec.source ?? new MemorySource(inode.content, label);
  }

  xattrs(node: NodeId): ReadonlyMap<string, Uint8Array> {
    return new Map(Object.entries(this.#inode(node).spec.xattrs ?? {}));
  }

  close(): void {}

  #directory(node: NodeId): Inode {
    const inode = this.#inode(node);
    if (inode.spec.error) throw inode.spec.error;
    if (inode.type !== 'directory') throw new ImageError('input', 'memory/not-a-directory', 'not a directory');
    return inode;
  }

  #inode(node: NodeId): Inode {
    const inode = this.#inodes[node - 1];
    if (!inode) throw new ImageError('corrupt', 'memory/bad-node', `no node ${node}`);
    return inode;
  }

  #add(spec: MemoryNode): NodeId {
    const type = spec.type ?? (spec.link !== undefined ? 'symlink' : spec.directory ? 'directory' : 'file');
    const content = spec.bytes ?? encodeBytes(spec.text ?? spec.link ?? '');
    this.#inodes.push({ type, spec, content, children: new Map() });
    return this.#inodes.length;
  }

  #place(path: string, value: string | Uint8Array | MemoryNode): void {
    const spec = typeof value === 'string' ? { text: value } : value instanceof Uint8Array ? { bytes: value } : value;
    const names = path.split('/').filter((name) => name !== '');
    const last = names.pop();
    if (last === undefined) {
      this.#inodes[0] = {
        type: 'directory',
        spec: { ...spec, directory: true },
        content: new Uint8Array(0),
        children: this.#inode(1).children,
      };
      return;
    }
    let parent = this.root;
    for (const name of names) {
      const { children } = this.#inode(parent);
      let child = children.get(name);
      if (child === undefined) {
        child = this.#add({ directory: true });
        children.set(name, child);
      }
      parent = child;
    }
    const { children } = this.#inode(parent);
    const existing = children.get(last);
    const node = this.#add(spec);
    const replaced = existing === undefined ? undefined : this.#inode(existing);
    if (replaced) for (const [name, child] of replaced.children) this.#inode(node).children.set(name, child);
    children.set(last, node);
  }
}
