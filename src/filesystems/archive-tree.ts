/**
 * From the members of an archive (tar, cpio) to a tree, as extracting them one after the other would build it: the last of
 * several members of one path counts, hard links join an earlier member, missing parents appear. Nothing leaves the tree: `..`
 * in a member's path is refused, a parent that is a symlink is followed inside.
 */
import type { Diagnostic } from '../diagnostic.ts';
import { ImageError } from '../errors.ts';
import { type Limits, limitExceeded } from '../limits.ts';
import type { NodeId, NodeType } from './file-system.ts';

/** What the tree has to know of a member. */
export interface ArchiveMember {
  /** As stored: prefixes and `..` are the tree's matter. */
  readonly path: string;
  readonly type: NodeType | 'hard-link';
  /** Target of a symlink or hard link, empty for others. */
  readonly linkPath: string;
  /** Byte offset of the header. */
  readonly offset: number;
}

export interface ArchiveNode<M extends ArchiveMember> {
  readonly type: NodeType;
  /** Undefined for directories that no member names. */
  member: M | undefined;
  /** By name, of a directory. */
  readonly children: Map<string, NodeId> | undefined;
  /** Names of this node; of a directory 1. */
  links: number;
  /** Why the node cannot be told: the target of its hard link is not there. */
  readonly error: ImageError | undefined;
}

/** What can go wrong with single members, told once each with a count. */
const problems = {
  'dot-dot': ['note', 'would lie outside the archive (..) and were left out'],
  duplicate: ['note', 'replace an earlier one of the same path, as extracting would'],
  conflict: ['damage', 'cannot be placed, because a file is in the way of a directory or the reverse'],
  'bad-hard-link': ['damage', 'are hard links to something that is not an earlier member'],
} as const satisfies Record<string, readonly [Diagnostic['level'], string]>;

type Problem = keyof typeof problems;

const ROOT: NodeId = 1;

export class ArchiveTree<M extends ArchiveMember> {
  readonly root: NodeId = ROOT;
  readonly #format: string;
  readonly #label: string;
  readonly #limits: Limits;
  readonly #nodes: ArchiveNode<M>[] = [newDirectory<M>(undefined)];
  readonly #problems = new Map<Problem, { count: number; readonly first: M }>();
  /** Nodes up to this one belong to lower layers. */
  #lower: NodeId = 0;
  /** The folder of the latest member, by what its path had before the name: most members lie in that of the one before. */
  #latest: { readonly path: string; readonly folder: ArchiveNode<M> } | undefined;

  /** `format` begins the codes of its errors and diagnostics. */
  constructor(format: string, label: string, limits: Limits) {
    this.#format = format;
    this.#label = label;
    this.#limits = limits;
  }

  node(id: NodeId): ArchiveNode<M> {
    const node = this.#nodes[id - 1];
    if (!node) throw new ImageError('corrupt', `${this.#format}/bad-node`, `${this.#label} has no node ${id}`);
    return node;
  }

  /** The directory `name` if everything lies under it, which is how some tools wrap a tree; else the root. */
  unwrap(name: string): NodeId {
    const { children } = this.node(ROOT);
    const wrapped = children?.size === 1 ? children.get(name) : undefined;
    return wrapped !== undefined && this.node(wrapped).type === 'directory' ? wrapped : ROOT;
  }

  diagnostics(): Diagnostic[] {
    return [...this.#problems].map(([code, { count, first }]) => {
      const [level, what] = problems[code];
      const message = `${count} members ${what}; the first is ${first.path}`;
      return {
        level,
        code: `${this.#format}/${code}`,
        message,
        location: { source: this.#label, offset: first.offset },
      };
    });
  }

  /**
   * Adds a member, as another name of `target` if that is given. Returns its node; undefined if it could not be placed, which
   * is reported.
   */
  place(member: M, target?: NodeId): NodeId | undefined {
    const placed = this.#insert(member, target);
    if (placed.problem) this.#report(placed.problem, member);
    return placed.node;
  }

  /** What follows is an upper layer: it replaces what is there, whatever that is, and is no duplicate of it. */
  beginLayer(): void {
    this.#lower = this.#nodes.length;
  }

  /** Takes away what lies at `path`, or only what is in it; nothing if there is nothing. Climbs nowhere. */
  remove(path: string, what: 'all' | 'content'): void {
    const names = splitPath(path);
    const name = what === 'all' ? names?.pop() : undefined;
    if (!names || (what === 'all' && name === undefined)) return;
    const children = this.#enter(names, 'find')?.children ?? new Map<string, NodeId>();
    for (const key of name === undefined ? [...children.keys()] : [name]) {
      const node = children.get(key);
      if (node === undefined) continue;
      children.delete(key);
      this.#unlink(node);
    }
  }

  /** Takes a name from a node, and from everything below it. */
  #unlink(start: NodeId): void {
    this.#latest = undefined;
    const stack = [start];
    for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
      const node = this.node(id);
      node.links--;
      for (const child of node.children?.values() ?? []) stack.push(child);
    }
  }

  #insert(member: M, target: NodeId | undefined): { readonly node?: NodeId; readonly problem?: Problem } {
    const names = splitPath(member.path);
    if (!names) return { problem: 'dot-dot' };
    const name = names.pop();
    if (name === undefined) {
      if (member.type !== 'directory') return { problem: 'conflict' };
      this.node(ROOT).member = member;
      return { node: ROOT };
    }
    const children = this.#folderOf(member.path, names, name)?.children;
    if (!children) return { problem: 'conflict' };
    const before = children.get(name);
    const existing = before === undefined ? undefined : this.node(before);
    if (before !== undefined && existing?.type === 'directory' && member.type === 'directory') {
      const isNamedTwice = existing.member !== undefined && before > this.#lower;
      existing.member = member;
      return isNamedTwice ? { node: before, problem: 'duplicate' } : { node: before };
    }
    const isLower = before !== undefined && before <= this.#lower;
    if (existing?.children && existing.children.size > 0 && !isLower) return { problem: 'conflict' };
    const after = target !== undefined && target === before ? before : this.#nodeFor(member, target);
    if (after === before) return { node: after };
    children.set(name, after);
    if (before === undefined) return { node: after };
    this.#unlink(before);
    return isLower ? { node: after } : { node: after, problem: 'duplicate' };
  }

  /** The directory at `folders`, where `path` has `name`; undefined if something else is in the way. */
  #folderOf(path: string, folders: readonly string[], name: string): ArchiveNode<M> | undefined {
    const at = path.length - name.length - (path.endsWith('/') ? 1 : 0);
    // A path may go on behind the name, as `name/.` does.
    if (!path.startsWith(name, at)) return this.#enter(folders, 'create');
    const before = path.slice(0, at);
    if (this.#latest?.path === before) return this.#latest.folder;
    const folder = this.#enter(folders, 'create');
    this.#latest = folder && { path: before, folder };
    return folder;
  }

  #nodeFor(member: M, target: NodeId | undefined): NodeId {
    if (target !== undefined) {
      this.node(target).links++;
      return target;
    }
    return member.type === 'hard-link' ? this.#link(member) : this.#add(nodeOf(member, member.type));
  }

  /** The node a hard link joins; one that cannot be read if there is none. */
  #link(member: M): NodeId {
    const names = splitPath(member.linkPath);
    const name = names?.pop();
    const target = name === undefined ? undefined : this.#enter(names ?? [], 'find')?.children?.get(name);
    const node = target === undefined ? undefined : this.node(target);
    if (target !== undefined && node && node.type !== 'directory') {
      node.links++;
      return target;
    }
    this.#report('bad-hard-link', member);
    const message = `${member.path} is a hard link to ${member.linkPath}, which is not an earlier member`;
    const location = { source: this.#label, offset: member.offset };
    return this.#add(
      nodeOf(member, 'file', new ImageError('corrupt', `${this.#format}/bad-hard-link`, message, { location })),
    );
  }

  /**
   * The directory at `names`, symlinks followed inside the tree; undefined if something else is in the way. What is missing
   * appears only where `names` themselves ask for it, not where a link points.
   */
  #enter(names: readonly string[], missing: 'create' | 'find'): ArchiveNode<M> | undefined {
    const todo = [...names].reverse();
    let trail: ArchiveNode<M>[] = [this.node(ROOT)];
    let links = 0;
    /** How many of `todo` come from `names`: the others are a link's target. */
    let own = todo.length;
    for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
      const isOwn = todo.length < own;
      own = Math.min(own, todo.length);
      if (name === '' || name === '.') continue;
      if (name === '..') {
        if (trail.length > 1) trail.pop();
        continue;
      }
      const children = trail[trail.length - 1]?.children;
      let id = children?.get(name);
      if (id === undefined) {
        if (missing === 'find' || !isOwn) return undefined;
        id = this.#add(newDirectory<M>(undefined));
        children?.set(name, id);
      }
      const next = this.node(id);
      if (next.type === 'directory') trail.push(next);
      else if (next.type === 'symlink' && links++ < this.#limits.symlinks) {
        const target = next.member?.linkPath ?? '';
        if (target.startsWith('/')) trail = [this.node(ROOT)];
        todo.push(...target.split('/').reverse());
      } else return undefined;
    }
    return trail[trail.length - 1];
  }

  #add(node: ArchiveNode<M>): NodeId {
    const count = this.#nodes.push(node);
    if (count > this.#limits.fileSystemEntries) {
      throw limitExceeded('fileSystemEntries', this.#limits, 'an archive', { source: this.#label });
    }
    return count;
  }

  #report(code: Problem, member: M): void {
    const known = this.#problems.get(code);
    if (known) known.count++;
    else this.#problems.set(code, { count: 1, first: member });
  }
}

function newDirectory<M extends ArchiveMember>(member: M | undefined): ArchiveNode<M> {
  return { type: 'directory', member, children: new Map(), links: 1, error: undefined };
}

function nodeOf<M extends ArchiveMember>(member: M, type: NodeType, error?: ImageError): ArchiveNode<M> {
  return type === 'directory' ? newDirectory(member) : { type, member, children: undefined, links: 1, error };
}

/** Components of a member's path without `.` and a leading `/`; undefined if it climbs or holds a NUL. */
function splitPath(path: string): string[] | undefined {
  const names = path.split('/').filter((name) => name !== '' && name !== '.');
  return names.includes('..') || path.includes('\0') ? undefined : names;
}
