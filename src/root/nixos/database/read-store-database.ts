/**
 * The database of a Nix store (`/nix/var/nix/db/db.sqlite`, schema 10): the tables ValidPaths and Refs. Rows that only the
 * write-ahead log of a running system holds are not read.
 */
import { ImageError } from '../../../errors.ts';
import { limitExceeded } from '../../../limits.ts';
import type { RootView } from '../../root-view.ts';
import type { RegisteredPath } from '../registration.ts';
import { parseStorePath } from '../store-path.ts';
import { SqliteFile } from './sqlite-file.ts';

/** Every valid path with its references; ImageError if the database is damaged or is none of Nix. */
export function readStoreDatabase(view: RootView, path: string): readonly RegisteredPath[] {
  const file = new SqliteFile(view.open(path));
  const location = view.locate(path);
  const damaged = (what: string): ImageError =>
    new ImageError('corrupt', 'nix/bad-database', `the database of the Nix store ${what}`, { location });
  const [validPaths, refs] = ['ValidPaths', 'Refs'].map((name) => file.findTable(name));
  if (validPaths === undefined || refs === undefined) throw damaged('lacks its tables');
  const max = view.limits.fileSystemEntries;
  const paths = new Map<number, { path: string; narHash: string; narSize: number; references: string[] }>();
  for (const { id, values } of file.rows(validPaths, 6)) {
    const [, name, hash, , , size] = values;
    if (typeof name !== 'string' || parseStorePath(name)?.rest !== '') throw damaged('names what is no store path');
    if (paths.size >= max) throw limitExceeded('fileSystemEntries', view.limits, path, location);
    paths.set(id, {
      path: name,
      narHash: typeof hash === 'string' ? hash : '',
      narSize: typeof size === 'number' ? size : 0,
      references: [],
    });
  }
  let count = 0;
  for (const { values } of file.rows(refs, 2)) {
    if (++count > max) throw limitExceeded('fileSystemEntries', view.limits, path, location);
    const [from, to] = values;
    const referrer = typeof from === 'number' ? paths.get(from) : undefined;
    const reference = typeof to === 'number' ? paths.get(to) : undefined;
    if (!referrer || !reference) throw damaged('has a reference to or from a path it does not list');
    referrer.references.push(reference.path);
  }
  return [...paths.values()];
}
