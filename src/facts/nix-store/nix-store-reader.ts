/** The fact `nix-store`: which NixOS system runs and who says so, and the closure of it. */
import { type Diagnostic, damageFrom } from '../../diagnostic.ts';
import { asImageError } from '../../errors.ts';
import { databasePath, type KnownPaths, readKnownPaths, registrationPaths } from '../../root/nixos/known-paths.ts';
import type { NixosSystem } from '../../root/nixos/running-system.ts';
import { isStoreName, storeDirectory } from '../../root/nixos/store-path.ts';
import { listSpecialisations } from '../../root/nixos/toplevel.ts';
import type { RootView } from '../../root/root-view.ts';
import type { FactContext, FactReader, FactResult, Gap } from '../fact.ts';
import { walkClosure } from './closure.ts';
import type { NixStoreFact, RunningSystemFact, StoreClosure } from './nix-store-fact.ts';
import { scanClosure } from './scan-references.ts';

/** SQLite's write-ahead log. */
const logPath = `${databasePath}-wal`;

export const nixStoreReader: FactReader<'nix-store'> = {
  id: 'nix-store',
  title: 'The NixOS system that runs, who says so, its generations, and whether its store is complete',
  reads: [`${storeDirectory}/*`, ...registrationPaths, databasePath, '/nix/var/nix/profiles/system*'],
  needs: [],
  read: readNixStore,
};

function readNixStore(view: RootView, context: FactContext): FactResult<NixStoreFact> {
  const { nixos } = context.image;
  if (!nixos) return { value: { present: 0 }, diagnostics: [], gaps: [] };
  const causes: Diagnostic[] = [];
  const attempt = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (thrown) {
      causes.push(damageFrom(asImageError(thrown)));
      return undefined;
    }
  };
  const system = attempt(() => describeSystem(view, nixos));
  const present = attempt(() => sharePresentPaths(view, context));
  const closure = present && attempt(() => findClosure(view, context, nixos.toplevel, present, causes));
  const value: NixStoreFact = {
    ...(system ? { system } : {}),
    present: present?.size ?? 0,
    ...(closure ? { closure } : {}),
  };
  return { value, diagnostics: causes, gaps: causes.map((cause): Gap => ({ cause, keys: ['closure'] })) };
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

function findClosure(
  view: RootView,
  context: FactContext,
  toplevel: string,
  present: ReadonlySet<string>,
  causes: Diagnostic[],
): StoreClosure {
  const known = shareKnownPaths(view, context);
  const records = new Set(known?.paths.map(({ path }) => path));
  if (known && records.has(toplevel)) {
    const closure = walkClosure(toplevel, known, (path) => present.has(path));
    const unrecorded = [...closure.paths].find((path) => present.has(path) && !records.has(path));
    if (unrecorded !== undefined) causes.push(unrecordedPath(known, unrecorded));
    else if (known.from === 'database' && (view.stat(logPath)?.size ?? 0) > 0) causes.push(unreadLog(view));
    return closure;
  }
  const { damage, ...closure } = scanClosure(view, toplevel, present);
  if (damage) causes.push(damageFrom(damage));
  return closure;
}

function unrecordedPath({ from, location }: KnownPaths, path: string): Diagnostic {
  const message = `the ${from} has no record of ${path}, which is in the store: what it refers to is not known`;
  return { level: 'damage', code: 'nix/unrecorded-path', message, location };
}

function unreadLog(view: RootView): Diagnostic {
  const message = 'the database was in use when the image was taken: records that only its log holds are not read';
  return { level: 'damage', code: 'nix/database-log', message, location: view.locate(logPath) };
}

function describeSystem(view: RootView, nixos: NixosSystem): RunningSystemFact {
  const { toplevel, because, generation, specialisation, candidates, generations } = nixos;
  const path = `${toplevel}/system`;
  const platform = view.readText(path)?.trim();
  const version = view.readText(`${toplevel}/nixos-version`)?.trim();
  return {
    toplevel,
    because,
    ...(generation === undefined ? {} : { generation }),
    ...(specialisation === undefined ? {} : { specialisation }),
    ...(platform === undefined ? {} : { platform: { value: platform, location: view.locate(path) } }),
    ...(version === undefined ? {} : { version }),
    specialisations: [...listSpecialisations(view, toplevel).keys()],
    sources: candidates.map(({ isInStore, ...source }) => source),
    generations: generations.map(({ number, toplevel: path, location }) => ({ number, toplevel: path, location })),
  };
}
