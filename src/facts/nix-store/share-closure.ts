/**
 * The closure of the system that runs, worked out once per image when somebody asks for it: by the records of Nix if they know the
 * system, else by a scan of its files.
 */
import { type Diagnostic, damageFrom } from '../../diagnostic.ts';
import { asImageError } from '../../errors.ts';
import { databasePath, type KnownPaths, readKnownPaths } from '../../root/nixos/known-paths.ts';
import { isStoreName, storeDirectory } from '../../root/nixos/store-path.ts';
import type { RootView } from '../../root/root-view.ts';
import type { FactContext } from '../fact.ts';
import { walkClosure } from './closure.ts';
import type { StoreClosure } from './nix-store-fact.ts';
import { scanClosure } from './scan-references.ts';

/** SQLite's write-ahead log. */
const logPath = `${databasePath}-wal`;

export interface ClosureResult {
  /** Absent if the store or its records cannot be read. */
  readonly closure?: StoreClosure;
  /** Why the closure is not to be relied on. */
  readonly causes: readonly Diagnostic[];
}

/** The store paths there are. */
export function sharePresentPaths(view: RootView, context: FactContext): ReadonlySet<string> {
  return context.share('nix-store/present', () => {
    const names = (view.list(storeDirectory) ?? []).map(({ name }) => name).filter(isStoreName);
    return new Set(names.map((name) => `${storeDirectory}/${name}`));
  });
}

/** What Nix wrote down about them, undefined if nothing. Throws if that is damaged. */
export function shareKnownPaths(view: RootView, context: FactContext): KnownPaths | undefined {
  return context.share('nix-store/known', () => readKnownPaths(view));
}

export function shareClosure(view: RootView, context: FactContext, toplevel: string): ClosureResult {
  return context.share('nix-store/closure', () => {
    try {
      return findClosure(view, context, toplevel);
    } catch (thrown) {
      return { causes: [damageFrom(asImageError(thrown))] };
    }
  });
}

function findClosure(view: RootView, context: FactContext, toplevel: string): ClosureResult {
  const present = sharePresentPaths(view, context);
  const known = shareKnownPaths(view, context);
  const records = new Set(known?.paths.map(({ path }) => path));
  if (!known || !records.has(toplevel)) {
    const { damage, ...closure } = scanClosure(view, toplevel, present);
    return { closure, causes: damage ? [damageFrom(damage)] : [] };
  }
  const closure = walkClosure(toplevel, known, (path) => present.has(path));
  const unrecorded = [...closure.paths].find((path) => present.has(path) && !records.has(path));
  if (unrecorded !== undefined) return { closure, causes: [unrecordedPath(known, unrecorded)] };
  const isInUse = known.from === 'database' && (view.stat(logPath)?.size ?? 0) > 0;
  return { closure, causes: isInUse ? [unreadLog(view)] : [] };
}

function unrecordedPath({ from, location }: KnownPaths, path: string): Diagnostic {
  const message = `the ${from} has no record of ${path}, which is in the store: what it refers to is not known`;
  return { level: 'damage', code: 'nix/unrecorded-path', message, location };
}

function unreadLog(view: RootView): Diagnostic {
  const message = 'the database was in use when the image was taken: records that only its log holds are not read';
  return { level: 'damage', code: 'nix/database-log', message, location: view.locate(logPath) };
}
