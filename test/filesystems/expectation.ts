/**
 * What an independent oracle says a file system holds: a table of absolute paths, `/` included, complete (a path that is
 * not in it must not be in the file system). Names are in surrogate-escape form (`\udcff` in JSON is the byte 0xff).
 * A field that is left out is not checked: the oracle or the format does not have it.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { NodeType } from '../../src/filesystems/file-system.ts';

export interface ExpectedNode {
  readonly type: NodeType;
  /** Low 12 bits as four or five octal digits: `0644`, `4755`, `1777`. */
  readonly mode?: string;
  readonly uid?: number;
  readonly gid?: number;
  readonly size?: number;
  readonly links?: number;
  /** Whole seconds since 1970, rounded down. */
  readonly mtime?: number;
  /** Nanoseconds to add, 0..999999999. */
  readonly mtimeNs?: number;
  readonly crtime?: number;
  /** `major:minor`. */
  readonly device?: string;
  /** Target of a symlink. */
  readonly target?: string;
  /** All of them, by full name, values in hex. `{}` says that there are none. */
  readonly xattrs?: Readonly<Record<string, string>>;
  /** Of the whole content, lower-case hex. */
  readonly sha256?: string;
  /** Of parts of the content, for files too large to hash. */
  readonly parts?: readonly { readonly offset: number; readonly length: number; readonly sha256: string }[];
}

/** Another name of a node that has its own row: a hard link. */
export interface ExpectedLink {
  readonly sameAs: string;
}

export type Expectation = Readonly<Record<string, ExpectedNode | ExpectedLink>>;

/** An expectation file, `.json` or `.json.gz`. */
export function readExpectation(path: string): Expectation {
  const bytes = readFileSync(path);
  return JSON.parse((path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'));
}
