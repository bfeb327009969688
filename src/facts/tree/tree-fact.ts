/** Every entry of the composed root: mounts entered, links shown with where they lead. */
import type { NodeType } from '../../filesystems/file-system.ts';
import type { Location } from '../../location.ts';
import type { Standing } from '../../root/root-view.ts';

export interface TreeLink {
  /** As stored. */
  readonly target: string;
  readonly end: 'present' | 'missing' | 'dangling' | 'not-a-directory' | 'loop' | 'unreadable';
  /** Canonical path where it ends; for what is not there the path that is missing. */
  readonly resolved: string;
}

export interface TreeEntry {
  /** Canonical path in the view. */
  readonly path: string;
  readonly type: NodeType;
  /** Low 12 bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of a file; as the file system says for anything else. */
  readonly size: number;
  /** Of files with several names: equal for all of them, `<file system label>#<node>`. */
  readonly identity?: string;
  /** Of executable files, as getcap(8) prints them: `cap_net_raw=ep`. */
  readonly capabilities?: string;
  /** Of symlinks. */
  readonly link?: TreeLink;
  readonly standing: Standing;
  readonly location: Location;
}

export interface TreeFact {
  /** Parents before children, names in the order of their bytes. */
  readonly entries: readonly TreeEntry[];
  /** Labels of the file systems that nobody can write to, whatever the modes say. */
  readonly readOnly: readonly string[];
  /** Labels of those that keep extended attributes where they cannot be read. */
  readonly withoutAttributes: readonly string[];
}
