/**
 * What Nix itself wrote down about the paths of a store: the registration file that an image carries until its first boot,
 * or the database of a store that was already in use. With both, the database counts: it is the one Nix reads.
 */
import type { Location } from '../../location.ts';
import type { RootView } from '../root-view.ts';
import { readStoreDatabase } from './database/read-store-database.ts';
import { parseRegistration, type RegisteredPath } from './registration.ts';

export interface KnownPaths {
  readonly from: 'registration' | 'database';
  readonly paths: readonly RegisteredPath[];
  readonly location: Location;
}

/** In the root, or among the paths of a store that is a volume of its own. */
export const registrationPaths = ['/nix-path-registration', '/nix/store/nix-path-registration'] as const;
export const databasePath = '/nix/var/nix/db/db.sqlite';

/** The records; undefined if there are none. ImageError if they are damaged. */
export function readKnownPaths(view: RootView): KnownPaths | undefined {
  const database = view.find(databasePath) && readStoreDatabase(view, databasePath);
  if (database) return { from: 'database', paths: database, location: view.locate(databasePath) };
  for (const path of registrationPaths) {
    const text = view.readText(path);
    if (text === undefined) continue;
    const location = view.locate(path);
    return { from: 'registration', paths: parseRegistration(text, location), location };
  }
  return undefined;
}
