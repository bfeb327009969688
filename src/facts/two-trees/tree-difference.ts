/** What differs between the files of two roots: plain data, without a judgement. */
import type { NodeType } from '../../filesystems/file-system.ts';
import type { Location } from '../../location.ts';

/** One property of a file: `mode`, `owner`, `target`, `xattr user.x`. Absent: that side has none. */
export interface TreeField {
  readonly name: string;
  readonly a?: string;
  readonly b?: string;
}

export type ContentDifference =
  /** Both sides are text of moderate size. */
  | { readonly kind: 'text'; readonly a: string; readonly b: string }
  /** Not everybody may read it on the machine: it is not shown, either. */
  | { readonly kind: 'private' }
  /** Build id, version, sections. */
  | { readonly kind: 'elf'; readonly fields: readonly TreeField[] }
  /** An archive that was opened: what differs inside is listed by itself, below `path!`. */
  | { readonly kind: 'archive'; readonly inside: number }
  /** The same but for the hashes of store paths. */
  | { readonly kind: 'hashes' }
  /** The first byte that differs, where the sizes are equal. */
  | { readonly kind: 'data'; readonly offset?: number };

export interface TreeDifference {
  /** In the view; of what lies in an archive below `archive!`. */
  readonly path: string;
  readonly type: NodeType;
  readonly state: 'added' | 'removed' | 'changed' | 'moved';
  /** Of what has moved: its path on side A. */
  readonly from?: string;
  readonly size?: { readonly a?: number; readonly b?: number };
  readonly fields: readonly TreeField[];
  readonly content?: ContentDifference;
  readonly at: { readonly a?: Location; readonly b?: Location };
}

/** A file or directory that could not be read on one side: nothing is said about it. */
export interface TreeGap {
  readonly side: 'a' | 'b';
  readonly message: string;
  readonly at?: Location;
}

export interface TreeComparison {
  readonly differences: readonly TreeDifference[];
  readonly gaps: readonly TreeGap[];
  /** Entries that are the same on both sides. */
  readonly equal: number;
  /** Entries whose time of modification differs. */
  readonly touched: number;
}

/** A difference of a tree that lies in another one: `inOuter` makes of a path in it one of the outer. */
export function placeWithin(difference: TreeDifference, inOuter: (path: string) => string): TreeDifference {
  const { path, from, fields } = difference;
  const outer = (value: string | undefined, side: 'a' | 'b') => (value === undefined ? {} : { [side]: inOuter(value) });
  return {
    ...difference,
    path: inOuter(path),
    ...(from === undefined ? {} : { from: inOuter(from) }),
    fields: fields.map((field) =>
      field.name === 'path' ? { name: field.name, ...outer(field.a, 'a'), ...outer(field.b, 'b') } : field,
    ),
  };
}
