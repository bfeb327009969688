/**
 * What looking up a path answers. Kept apart from the walk so that facts and reports can name the types alone.
 */
import type { ImageError } from '../errors.ts';
import type { FileSystem, NodeId } from '../filesystems/file-system.ts';

/**
 * How sure the view is that the running machine will have this: `present` in the image, `derived` from it by activation
 * rules (NixOS), `declared` to be made at boot (tmpfiles, StateDirectory).
 */
export type Standing = 'present' | 'derived' | 'declared';

const bySureness: readonly Standing[] = ['present', 'derived', 'declared'];

export function leastSure(a: Standing, b: Standing): Standing {
  return bySureness.indexOf(a) >= bySureness.indexOf(b) ? a : b;
}

export interface Mount {
  /** Canonical absolute path in the view, `/` for the root. */
  readonly path: string;
  readonly fileSystem: FileSystem;
  /** Node of that file system which appears at `path`; its root unless given. */
  readonly node?: NodeId;
  /** Path of `node` inside its file system, `/` unless given: the start of every inner path below. */
  readonly innerPath?: string;
  /** Standing of everything below, `present` unless given. */
  readonly standing?: Standing | ((node: NodeId) => Standing);
  /** Inner path of what a node is a copy of, so that places point at what somebody can edit. */
  readonly origin?: (node: NodeId) => string | undefined;
  /** One of many that make one directory of two: where mounts are listed, it is left out. */
  readonly isPart?: boolean;
  /** Why it is mounted there, with evidence, for reports: `fstab`, `root=`. */
  readonly because?: string;
}

export interface LinkStep {
  /** View path of the link and its stored target. */
  readonly path: string;
  readonly target: string;
}

interface Walk {
  /** Canonical view path: for `missing`, the path that does not exist. */
  readonly path: string;
  /** Symlinks followed, in order. */
  readonly links: readonly LinkStep[];
}

export interface Found extends Walk {
  readonly state: 'found';
  readonly fileSystem: FileSystem;
  readonly node: NodeId;
  /** Path of the node inside its own file system. */
  readonly innerPath: string;
  /** Of the node and of every link that led to it, the least sure. */
  readonly standing: Standing;
}

export interface Missing extends Walk {
  readonly state: 'missing';
  /** `dangling`: a symlink on the way points to nothing. */
  readonly reason: 'missing' | 'dangling' | 'not-a-directory' | 'loop';
}

export interface Unreadable extends Walk {
  readonly state: 'unreadable';
  readonly error: ImageError;
}

export type Resolution = Found | Missing | Unreadable;
