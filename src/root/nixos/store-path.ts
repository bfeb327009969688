/**
 * The grammar of store paths: `/nix/store/`, 32 characters of Nix's base 32 (no e, o, t, u), `-`, and a name of 1 to 211
 * characters. Other things lie in a store, too (`.links`, `*.lock`): what does not follow the grammar is no store path.
 */

export const storeDirectory = '/nix/store';
/** A store path's last component. */
const baseName = /^[0-9a-df-np-sv-z]{32}-(?!\.{1,2}(?:-|$))[A-Za-z0-9+\-._?=]{1,211}$/;
/** Characters of a hash. */
export const storePathHash = 32;

export interface StorePath {
  /** `/nix/store/HASH-NAME`. */
  readonly path: string;
  readonly hash: string;
  readonly name: string;
  /** What follows: empty, or from a slash on. */
  readonly rest: string;
}

/** Whether a directory entry of the store is a store path. */
export function isStoreName(name: string): boolean {
  return baseName.test(name);
}

/** Takes an absolute path into the store apart; undefined if it is none. */
export function parseStorePath(path: string): StorePath | undefined {
  const start = `${storeDirectory}/`;
  if (!path.startsWith(start)) return undefined;
  const slash = path.indexOf('/', start.length);
  const end = slash < 0 ? path.length : slash;
  const base = path.slice(start.length, end);
  if (!isStoreName(base)) return undefined;
  return {
    path: path.slice(0, end),
    hash: base.slice(0, storePathHash),
    name: base.slice(storePathHash + 1),
    rest: path.slice(end),
  };
}

/** `nixos-system-edge-1-24.11` of a store path: the part for people. */
export function storeNameOf(path: string): string {
  return parseStorePath(path)?.name ?? path;
}
