/**
 * From members to a tree, as extracting them one after the other would build it: the last of several members of one path
 * counts, hard links join an earlier member, missing parents appear. Nothing leaves the tree: `..` in a member's path is
 * refused, a parent that is a symlink is followed inside.
 */
import type { Diagnostic } from '../../diagnostic.ts';
import { ImageError } from '../../errors.ts';
import { type Limits, limitExceeded } from '../../limits.ts';
import type { NodeId, NodeType } from '../file-system.ts';
import type { TarMember } from './members.ts';

export interface TarNode {
  readonly type: NodeType;
  /** Undefined for directories that no member names. */
  member: TarMember | undefined;
  /** By name, of a directory. */
  readonly children: Map<string, NodeId> | undefined;
  /** Names of this node; of a directory 1. */
  links: number;
  /** Why the node cannot be told: the target of its hard link is not there. */
  readonly error: ImageError | undefined;
}

/** What can go wrong with single members, told once each with a count. */
const problems = {
  'tar/dot-dot': ['note', 'would lie outside the archive (..) and were left out'],
  'tar/duplicate': ['note', 'replace an earlier one of the same path, as extracting would'],
  'tar/conflict': ['damage', 'cannot be placed, because a file is in the way of a directory or the reverse'],
  'tar/bad-hard-link': ['damage', 'are hard links to something that is not an earlier member'],
} as const satisfies Record<string, readonly [Diagnostic['level'], string]>;

type Problem = keyof typeof problems;

const ROOT: NodeId = 1;

export class TarTree {
  readonly #label: string;
  readonly #limits: Limits;
  readonly #nodes: TarNode[] = [newDirectory(undefined)];
  readonly #problems = new Map<Problem, { count: number; readonly first: TarMember }>();

  constructor(label: string, limits: Limits) {
    this.#label = label;
    this.#limits = limits;
  }

  node(id: NodeId): TarNode {
    const node = this.#nodes[id - 1];
    if (!node) throw new ImageError('corrupt', 'tar/bad-node', `${this.#label} has no node ${id}`);
    return node;
  }

  /** The root; `rootfs` instead if everything lies under it, which is how some tools wrap a tree. */
  root(): NodeId {
    const { children } = this.node(ROOT);
    const wrapped = children?.size === 1 ? children.get('rootfs') : undefined;
    return wrapped !== undefined && this.node(wrapped).type === 'directory' ? wrapped : ROOT;
  }

  diagnostics(): Diagnostic[] {
    return [...this.#problems].map(([code, { count, first }]) => {
      const [level, what] = problems[code];
      const message = `${count} members ${what}; the first is ${first.path}`;
      return { level, code, message, location: { source: this.#label, offset: first.offset } };
    });
  }

  place(member: TarMember): void {
    const problem = this.#insert(member);
    if (problem) this.#report(problem, member);
  }

  #insert(member: TarMember): Problem | undefined {
    const names = splitPath(member.path);
    if (!names) return 'tar/dot-dot';
    const name = names.pop();
    if (name === undefined) {
      if (member.type !== 'directory') return 'tar/conflict';
      this.node(ROOT).member = member;
      return undefined;
    }
    const children = this.#enter(names, 'create')?.children;
    if (!children) return 'tar/conflict';
    const before = children.get(name);
    const existing = before === undefined ? undefined : this.node(before);
    if (existing?.type === 'directory' && member.type === 'directory') {
      const isNamedTwice = existing.member !== undefined;
      existing.member = member;
      return isNamedTwice ? 'tar/duplicate' : undefined;
    }
    if (existing?.children && existing.children.size > 0) return 'tar/conflict';
    const after = member.type === 'hard-link' ? this.#link(member) : this.#add(nodeOf(member, member.type));
    if (after === before) return undefined;
    children.set(name, after);
    if (!existing) return undefined;
    existing.links--;
    return 'tar/duplicate';
  }

  /** The node a hard link joins; one that cannot be read if there is none. */
  #link(member: TarMember): NodeId {
    const names = splitPath(member.linkPath);
    const name = names?.pop();
    const target = name === undefined ? undefined : this.#enter(names ?? [], 'find')?.children?.get(name);
    const node = target === undefined ? undefined : this.node(target);
    if (target !== undefined && node && node.type !== 'directory') {
      node.links++;
      return target;
    }
    this.#report('tar/bad-hard-link', member);
    const message = `${member.path} is a hard link to ${member.linkPath}, which is not an earlier member`;
    const location = { source: this.#label, offset: member.offset };
    return this.#add(nodeOf(member, 'file', new ImageError('corrupt', 'tar/bad-hard-link', message, { location })));
  }

  /**
   * The directory at `names`, symlinks followed inside the tree; undefined if something else is in the way. What is missing
   * appears only where `names` themselves ask for it, not where a link points.
   */
  #enter(names: readonly string[], missing: 'create' | 'find'): TarNode | undefined {
    const todo = [...names].reverse();
    let trail: TarNode[] = [this.node(ROOT)];
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
        id = this.#add(newDirectory(undefined));
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

  #add(node: TarNode): NodeId {
    const count = this.#nodes.push(node);
    if (count > this.#limits.fileSystemEntries) {
      throw limitExceeded('fileSystemEntries', this.#limits, 'an archive', { source: this.#label });
    }
    return count;
  }

  #report(code: Problem, member: TarMember): void {
    const known = this.#problems.get(code);
    if (known) known.count++;
    else this.#problems.set(code, { count: 1, first: member });
  }
}

function newDirectory(member: TarMember | undefined): TarNode {
  return { type: 'directory', member, children: new Map(), links: 1, error: undefined };
}

function nodeOf(member: TarMember, type: NodeType, error?: ImageError): TarNode {
  return type === 'directory' ? newDirectory(member) : { type, member, children: undefined, links: 1, error };
}

/** Components of a member's path without `.` and a leading `/`; undefined if it climbs or holds a NUL. */
function splitPath(path: string): string[] | undefined {
  const names = path.split('/').filter((name) => name !== '' && name !== '.');
  return names.includes('..') || path.includes('\0') ? undefined : names;
}
