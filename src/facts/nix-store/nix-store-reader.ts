/** The fact `nix-store`: which NixOS system runs and who says so, and the closure of it. */
import { type Diagnostic, damageFrom } from '../../diagnostic.ts';
import { asImageError } from '../../errors.ts';
import { databasePath, registrationPaths } from '../../root/nixos/known-paths.ts';
import type { NixosSystem } from '../../root/nixos/running-system.ts';
import { storeDirectory } from '../../root/nixos/store-path.ts';
import { listSpecialisations } from '../../root/nixos/toplevel.ts';
import type { RootView } from '../../root/root-view.ts';
import type { FactContext, FactReader, FactResult, Gap } from '../fact.ts';
import type { MissingPath, NixStoreFact, RunningSystemFact } from './nix-store-fact.ts';
import { shareClosure, sharePresentPaths } from './share-closure.ts';

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
  const { closure, causes: doubts } = present ? shareClosure(view, context, nixos.toplevel) : { causes: [] };
  causes.push(...doubts);
  const value: NixStoreFact = {
    ...(system ? { system } : {}),
    present: present?.size ?? 0,
    ...(closure ? { closure: { ...closure, missing: [...listAbsent(nixos), ...closure.missing] } } : {}),
  };
  return { value, diagnostics: causes, gaps: causes.map((cause): Gap => ({ cause, keys: ['closure'] })) };
}

/** The system that boots, if it is not in the store. */
function listAbsent({ absent }: NixosSystem): readonly MissingPath[] {
  return absent ? [{ path: absent.toplevel, referrer: absent.because, location: absent.location }] : [];
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
