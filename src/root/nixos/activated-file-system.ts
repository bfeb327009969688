/**
 * A root as it will be once activation ran: the image's own files with directories, links and copies added over them. Nodes of
 * the image keep their numbers; added ones, and directories that hold some, have negative numbers. Additions below /etc are
 * worked out directory by directory, when one is first looked at.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { encodeBytes } from '../../bytes/names.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import { ImageError } from '../../errors.ts';
import type { DirectoryEntry, FileSystem, NodeId, NodeType, Stat } from '../../filesystems/file-system.ts';
import type { Standing } from '../resolution.ts';

/** What stands at a path in place of the image's own. `hidden`: activation removes what is there. */
export type Addition =
  | {
      readonly type: 'symlink';
      readonly target: string;
      /** What says so. */
      readonly origin?: Origin | undefined;
      readonly standing?: Standing;
    }
  | {
      readonly type: 'file';
      readonly from: { readonly fileSystem: FileSystem; readonly node: NodeId; readonly innerPath: string };
      readonly owned: Ownership;
      readonly capabilities?: Uint8Array | undefined;
      readonly standing?: Standing;
    }
  | {
      readonly type: 'directory';
      readonly fill?: Fill;
      readonly owned?: Ownership;
      /** Something is mounted there: what the image has below it does not show. */
      readonly isMount?: boolean;
      readonly standing?: Standing;
    }
  | { readonly type: 'hidden' };

/** A file, and its path in its file system. */
export interface Origin {
  readonly fileSystem: FileSystem;
  readonly innerPath: string;
}

/** The low 12 bits of a mode, and whose it is. */
export interface Ownership {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** Works out the additions of one directory; `own` is the image's directory of that path. */
export type Fill = (own: OwnDirectory | undefined) => ReadonlyMap<string, Addition>;

export interface OwnDirectory {
  readonly fileSystem: FileSystem;
  readonly node: NodeId;
}

interface Node {
  readonly addition: Exclude<Addition, { type: 'hidden' }>;
  /** The image's directory below an added one. */
  readonly own: NodeId | undefined;
  children: Map<string, NodeId | 'hidden'> | undefined;
}

const epoch = { seconds: 1, nanoseconds: 0 };
const byRoot: Readonly<Record<'symlink' | 'directory', Ownership>> = {
  symlink: { mode: 0o777, uid: 0, gid: 0 },
  directory: { mode: 0o755, uid: 0, gid: 0 },
};

export class ActivatedFileSystem implements FileSystem {
  readonly format: string;
  readonly label: string;
  readonly volumeLabel: string;
  readonly uuid: string;
  readonly root: NodeId = -1;
  readonly #base: FileSystem;
  readonly #nodes: Node[] = [];

  /** `additions`: absolute paths of the root, each with its parents unless the image has them. */
  constructor(base: FileSystem, additions: ReadonlyMap<string, Addition>, format = base.format) {
    const { label, volumeLabel, uuid } = base;
    this.format = format;
    this.label = label;
    this.volumeLabel = volumeLabel;
    this.uuid = uuid;
    this.#base = base;
    this.#add({ type: 'directory', standing: 'present' }, base.root);
    for (const [path, addition] of additions) this.#place(path, addition);
  }

  get diagnostics(): readonly Diagnostic[] {
    return this.#base.diagnostics;
  }

  /** Whether the image itself has the node, or what activation makes of it. */
  standingOf(node: NodeId): Standing {
    if (node >= 0) return 'present';
    const { addition, own } = this.#node(node);
    return addition.standing ?? (own === undefined ? 'derived' : 'present');
  }

  /** Path of what a node is made of, if that lies on the same device. */
  originOf(node: NodeId): string | undefined {
    if (node >= 0) return undefined;
    const { addition } = this.#node(node);
    if (addition.type === 'directory') return undefined;
    const origin = addition.type === 'file' ? addition.from : addition.origin;
    return origin?.fileSystem.label === this.label ? origin.innerPath : undefined;
  }

  lookup(directory: NodeId, name: string): NodeId | undefined {
    if (directory >= 0) return this.#base.lookup(directory, name);
    const { own } = this.#node(directory);
    const child = this.#children(directory).get(name);
    if (child === 'hidden') return undefined;
    return child ?? (own === undefined ? undefined : this.#base.lookup(own, name));
  }

  list(directory: NodeId): readonly DirectoryEntry[] {
    if (directory >= 0) return this.#base.list(directory);
    const { own } = this.#node(directory);
    const children = this.#children(directory);
    const kept = own === undefined ? [] : this.#base.list(own).filter(({ name }) => !children.has(name));
    const added = [...children].flatMap(([name, node]): DirectoryEntry[] =>
      node === 'hidden' ? [] : [{ name, node, type: this.#typeOf(node) }],
    );
    return [...kept, ...added];
  }

  stat(node: NodeId): Stat {
    if (node >= 0) return this.#base.stat(node);
    const { addition, own } = this.#node(node);
    if (own !== undefined) return { ...this.#base.stat(own), node };
    if (addition.type === 'file') {
      const { from, owned } = addition;
      const { size } = from.fileSystem.stat(from.node);
      return { node, type: 'file', ...owned, size, links: 1, mtime: epoch };
    }
    if (addition.type === 'symlink') {
      const size = encodeBytes(addition.target).length;
      return { node, type: 'symlink', ...byRoot.symlink, size, links: 1, mtime: epoch };
    }
    return { node, type: 'directory', ...(addition.owned ?? byRoot.directory), size: 0, links: 2, mtime: epoch };
  }

  readLink(node: NodeId): string {
    if (node >= 0) return this.#base.readLink(node);
    const { addition } = this.#node(node);
    if (addition.type === 'symlink') return addition.target;
    throw new ImageError('input', 'nixos/not-a-symlink', 'not a symbolic link', { location: { source: this.label } });
  }

  open(node: NodeId, label = this.label): ByteSource {
    if (node >= 0) return this.#base.open(node, label);
    const { addition } = this.#node(node);
    if (addition.type === 'file') return addition.from.fileSystem.open(addition.from.node, label);
    throw new ImageError('input', 'nixos/not-a-file', `${label} is not a regular file`, {
      location: { source: this.label },
    });
  }

  xattrs(node: NodeId): ReadonlyMap<string, Uint8Array> {
    if (node >= 0) return this.#base.xattrs(node);
    const { addition, own } = this.#node(node);
    if (own !== undefined) return this.#base.xattrs(own);
    if (addition.type !== 'file' || !addition.capabilities) return new Map();
    return new Map([['security.capability', addition.capabilities]]);
  }

  close(): void {
    this.#base.close();
  }

  #typeOf(node: NodeId): NodeType {
    return node >= 0 ? this.#base.stat(node).type : this.#node(node).addition.type;
  }

  #node(id: NodeId): Node {
    const node = this.#nodes[-id - 1];
    if (!node) throw new Error(`the activated root has no node ${id}`);
    return node;
  }

  #children(directory: NodeId): Map<string, NodeId | 'hidden'> {
    const node = this.#node(directory);
    if (node.children) return node.children;
    const { addition, own } = node;
    const children = new Map<string, NodeId | 'hidden'>();
    const fill = addition.type === 'directory' ? addition.fill : undefined;
    const found = fill?.(own === undefined ? undefined : { fileSystem: this.#base, node: own }) ?? [];
    for (const [name, one] of found) children.set(name, this.#addChild(name, one, own));
    node.children = children;
    return children;
  }

  #addChild(name: string, addition: Addition, parent: NodeId | undefined): NodeId | 'hidden' {
    if (addition.type === 'hidden') return 'hidden';
    const own = parent === undefined ? undefined : this.#base.lookup(parent, name);
    const isMerged = addition.type === 'directory' && !addition.isMount && this.#isDirectory(own);
    return this.#add(addition, isMerged ? own : undefined);
  }

  #isDirectory(own: NodeId | undefined): boolean {
    return own !== undefined && this.#base.stat(own).type === 'directory';
  }

  #add(addition: Node['addition'], own: NodeId | undefined): NodeId {
    this.#nodes.push({ addition, own, children: undefined });
    return -this.#nodes.length;
  }

  #place(path: string, addition: Addition): void {
    const names = path.split('/').filter((name) => name !== '');
    const last = names.pop();
    if (last === undefined) return;
    let parent = this.root;
    for (const name of names) {
      const children = this.#children(parent);
      let child = children.get(name);
      if (child === undefined || child === 'hidden') {
        child = this.#addChild(name, { type: 'directory' }, this.#node(parent).own);
        children.set(name, child);
      }
      if (child === 'hidden') return;
      parent = child;
    }
    this.#children(parent).set(last, this.#addChild(last, addition, this.#node(parent).own));
  }
}
