/** The fact `packages`: what dpkg says is installed or lies in the Nix store, and the lists that lie beside the image. */
import { type Diagnostic, damageFrom } from '../../diagnostic.ts';
import { asImageError } from '../../errors.ts';
import type { NixosSystem } from '../../root/nixos/running-system.ts';
import { storeDirectory } from '../../root/nixos/store-path.ts';
import type { RootView } from '../../root/root-view.ts';
import type { FactContext, FactReader, FactResult, Gap } from '../fact.ts';
import { type ClosureResult, shareClosure, sharePresentPaths } from '../nix-store/share-closure.ts';
import { readSystemArchitecture } from '../platform/nix-system.ts';
import { findDpkgDatabase, readDpkgDatabase } from './dpkg-database.ts';
import { createStatusParser } from './dpkg-status.ts';
import { readNixPackages } from './nix-packages.ts';
import type { PackagesFact } from './packages-fact.ts';
import { parseSideFile } from './side-manifest.ts';

export const packagesReader: FactReader<'packages'> = {
  id: 'packages',
  title: 'Installed packages, and the package lists beside the image',
  reads: [
    '/var/lib/dpkg/status',
    '/var/lib/dpkg/status.d/*',
    '/var/lib/dpkg/updates/*',
    '/usr/share/immutable-data/var/lib/dpkg/*',
    '/nix/store/*',
  ],
  needs: [],
  read: readPackages,
};

function readPackages(view: RootView, context: FactContext): FactResult<PackagesFact> {
  const parseStatus = createStatusParser();
  const lists = context.image.sideFiles.filter(({ kind }) => kind === 'manifest' || kind === 'dpkg-status');
  const sides = lists.map((file) => parseSideFile(file, parseStatus));
  const beside = sides.map(({ manifest }) => manifest);
  const diagnostics = sides.flatMap((side) => side.diagnostics);
  const none = (gaps: readonly Gap[]): FactResult<PackagesFact> => ({
    value: { database: 'none', packages: [], beside },
    diagnostics,
    gaps,
  });
  try {
    const { nixos } = context.image;
    if (nixos) return readNix(view, context, nixos);
    const place = findDpkgDatabase(view);
    if (!place) return none(unreadStore(view));
    const { packages, gaps } = readDpkgDatabase(view, place.path, parseStatus);
    const databaseLocation = view.locate(`${place.path}/status`);
    return { value: { database: place.database, databaseLocation, packages, beside }, diagnostics, gaps };
  } catch (error) {
    return none([{ cause: damageFrom(asImageError(error)) }]);
  }
}

/** The packages of the system that runs; ImageError where the store or its database is damaged. */
function readNix(view: RootView, context: FactContext, { toplevel }: NixosSystem): FactResult<PackagesFact> {
  const present = sharePresentPaths(view, context);
  const architecture = readSystemArchitecture(view, toplevel)?.architecture ?? 'unknown';
  let result: ClosureResult | undefined;
  const closure = (): ReadonlySet<string> | undefined => {
    result ??= shareClosure(view, context, toplevel);
    return result.closure?.paths;
  };
  const packages = readNixPackages(view, { toplevel, present, architecture, closure });
  const value: PackagesFact = { database: 'nix', databaseLocation: view.locate(storeDirectory), packages, beside: [] };
  return {
    value,
    diagnostics: [],
    get gaps() {
      return (result?.causes ?? []).map((cause): Gap => ({ cause, keys: ['levels'] }));
    },
  };
}

/** A store without a system is a package database of its own kind: as long as it is not read, nothing is absent from it. */
function unreadStore(view: RootView): readonly Gap[] {
  if (view.find('/nix/store') === undefined) return [];
  const cause: Diagnostic = {
    level: 'damage',
    code: 'packages/nix-store',
    message: 'the packages of a Nix store are not read',
    location: view.locate('/nix/store'),
  };
  return [{ cause }];
}
