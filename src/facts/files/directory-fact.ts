import type { NodeType } from '../../filesystems/file-system.ts';
import type { Location } from '../../location.ts';

/** The entries of one directory, links to it followed. */
export interface DirectoryFact {
  readonly path: string;
  /** `missing`: nothing there, or no directory. */
  readonly state: 'present' | 'missing' | 'unreadable';
  /** In the order of the bytes of their names; links are shown as such. */
  readonly entries: readonly { readonly name: string; readonly type: NodeType; readonly location: Location }[];
  readonly location: Location;
}
