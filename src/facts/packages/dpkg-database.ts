/**
 * dpkg's database as dpkg itself loads it: `status`, then the journal of an interrupted run in `updates/` (files of digits,
 * in order), and distroless images' `status.d/`. A damaged file is a gap: what it does not say is not absent.
 */
import { compareNames } from '../../bytes/names.ts';
import { type Diagnostic, damageFrom } from '../../diagnostic.ts';
import { asImageError } from '../../errors.ts';
import type { RootView } from '../../root/root-view.ts';
import type { Gap } from '../fact.ts';
import { parseDpkgStatus, type StatusParser, type StatusText } from './dpkg-status.ts';
import type { InstalledPackage } from './packages-fact.ts';

/** Where dpkg keeps its database, and where images with an empty /var keep the copy a tmpfiles rule links there at boot. */
const places = [
  { database: 'dpkg', path: '/var/lib/dpkg' },
  { database: 'dpkg-immutable', path: '/usr/share/immutable-data/var/lib/dpkg' },
] as const;

export type DpkgPlace = (typeof places)[number];

export interface DpkgDatabase {
  readonly packages: readonly InstalledPackage[];
  readonly gaps: readonly Gap[];
}

/** The first place that holds a database, or remains of one. Throws if that cannot be told. */
export function findDpkgDatabase(view: RootView): DpkgPlace | undefined {
  return (
    places.find(({ path }) => view.find(`${path}/status`) !== undefined || view.list(`${path}/status.d`)) ??
    places.find(({ path }) => (view.list(`${path}/info`) ?? []).length > 0)
  );
}

/** The packages of the database at `path`, in the order of its files. Never throws an ImageError. */
export function readDpkgDatabase(view: RootView, path: string, parse: StatusParser = parseDpkgStatus): DpkgDatabase {
  const packages = new Map<string, InstalledPackage>();
  const gaps: Gap[] = [];

  const readFrom = (file: string, assumedStatus: string): void => {
    const at = view.locate(file);
    const damage = (message: string, line?: number): void => {
      const location = line === undefined ? at : { ...at, line };
      const cause: Diagnostic = { level: 'damage', code: 'packages/bad-status', message, location };
      gaps.push({ cause });
    };
    try {
      const bytes = view.readBytes(file);
      if (bytes === undefined) {
        damage(`${file} is not a regular file: the installed packages cannot be told`);
        return;
      }
      const parsed = parse(bytes);
      keep(packages, parsed, at, assumedStatus);
      for (const problem of parsed.problems)
        damage(`${file}, line ${problem.line}: ${problem.message}; dpkg would refuse this database`, problem.line);
    } catch (error) {
      gaps.push({ cause: damageFrom(asImageError(error)) });
    }
  };

  try {
    const hasStatus = view.find(`${path}/status`) !== undefined;
    const parts = view.list(`${path}/status.d`);
    if (hasStatus) readFrom(`${path}/status`, 'unknown ok not-installed');
    else if (!parts) {
      const message = `${path}/info is there, but no status file: the installed packages cannot be told`;
      gaps.push({ cause: { level: 'damage', code: 'packages/no-status', message, location: view.locate(path) } });
    }
    for (const name of namesIn(view, `${path}/updates`, /^[0-9]+$/)) {
      readFrom(`${path}/updates/${name}`, 'unknown ok not-installed');
    }
    for (const name of namesIn(view, `${path}/status.d`, /^(?!.*\.md5sums$)/)) {
      readFrom(`${path}/status.d/${name}`, 'installed');
    }
  } catch (error) {
    gaps.push({ cause: damageFrom(asImageError(error)) });
  }
  return { packages: [...packages.values()], gaps };
}

function namesIn(view: RootView, directory: string, wanted: RegExp): readonly string[] {
  const names = (view.list(directory) ?? []).filter(({ type }) => type !== 'directory').map(({ name }) => name);
  return names.filter((name) => wanted.test(name)).sort(compareNames);
}

/** A later record of a package replaces the earlier one, and one that is not installed removes it. */
function keep(
  packages: Map<string, InstalledPackage>,
  { records }: StatusText,
  at: InstalledPackage['location'],
  assumedStatus: string,
): void {
  for (const { name, version, architecture, source, line, ...record } of records) {
    const status = record.status.replace(/\s+/g, ' ') || assumedStatus;
    const key = `${name}:${architecture}`;
    if (status.endsWith('not-installed')) {
      packages.delete(key);
      continue;
    }
    packages.set(key, {
      name,
      version,
      architecture,
      status,
      ...(source === '' ? {} : { source }),
      location: { ...at, line },
    });
  }
}
