import type { NodeType } from '../../filesystems/file-system.ts';
import type { Location } from '../../location.ts';
import type { LinkStep, Standing } from '../../root/root-view.ts';

export interface FileStat {
  readonly type: NodeType;
  /** Low 12 bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly links: number;
  /** As getcap(8) prints them without the path: `cap_net_raw=ep`; absent if none. */
  readonly capabilities?: string;
  /** There may be some: the attribute is damaged, or kept where it cannot be read (a host directory). */
  readonly capabilitiesUnknown?: true;
  readonly location: Location;
}

/** A path asked for, with and without following the last link. */
export interface FileFact {
  readonly path: string;
  readonly state: 'present' | 'missing' | 'unreadable';
  /** For `missing`: why; for `unreadable`: the error's message. */
  readonly reason?: 'missing' | 'dangling' | 'not-a-directory' | 'loop' | string;
  /** The thing itself (lstat), absent if missing. A dangling link has `link` but state `missing`. */
  readonly link?: FileStat & { readonly target: string };
  /** The thing after following all links (stat); present when state is `present`. */
  readonly stat?: FileStat;
  /** Canonical path in the view where it ends (for `missing`: the path that is not there). */
  readonly resolved: string;
  /** Identity of the final node, equal for hard links: `<file system label>#<node>`. */
  readonly identity?: string;
  readonly links: readonly LinkStep[];
  readonly standing?: Standing;
  /** Where it is, or where it would be. */
  readonly location: Location;
}
