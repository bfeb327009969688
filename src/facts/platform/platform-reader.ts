/** The fact `platform`: which system this is, for which architecture, and how it calls itself. */
import { type Diagnostic, damageFrom } from '../../diagnostic.ts';
import { asImageError } from '../../errors.ts';
import { storeNameOf } from '../../root/nixos/store-path.ts';
import type { RootView } from '../../root/root-view.ts';
import { createTable } from '../../table.ts';
import type { FactContext, FactReader, FactResult, Gap } from '../fact.ts';
import { chooseArchitecture, findArchitectures } from './architecture.ts';
import { type Evidence, findIsarEvidence } from './isar-evidence.ts';
import { formatOsName, type OsRelease, readOsRelease } from './os-release.ts';
import type { Platform, PlatformFact } from './platform-fact.ts';

export const platformReader: FactReader<'platform'> = {
  id: 'platform',
  title: 'Which system this is: ISAR, Debian or NixOS, its release, architecture and host name',
  reads: ['/etc/os-release', '/usr/lib/os-release', '/etc/fstab', '/etc/hostname', '/etc/ld.so.conf.d/*', '/nix/store'],
  needs: ['packages'],
  read: readPlatform,
};

function readPlatform(view: RootView, context: FactContext): FactResult<PlatformFact> {
  const causes: Diagnostic[] = [];
  const attempt = <T>(read: () => T, otherwise: T): T => {
    try {
      return read();
    } catch (thrown) {
      causes.push(damageFrom(asImageError(thrown)));
      return otherwise;
    }
  };
  const osRelease = attempt(() => readOsRelease(view), undefined);
  const kind = attempt(() => findKind(view, context, osRelease), { platform: 'unknown', evidence: [] } as const);
  const witnesses = attempt(() => findArchitectures(view, context), []);
  const architecture = chooseArchitecture(witnesses);
  const hostname = attempt(() => readHostname(view), undefined);
  const values = osRelease?.values ?? createTable<string>();
  return {
    value: {
      ...kind,
      ...(architecture === undefined ? {} : { architecture }),
      architectureEvidence: witnesses,
      osRelease: values,
      ...(osRelease ? { osReleaseLocation: osRelease.location, osReleaseLines: osRelease.lines } : {}),
      name: formatOsName(values),
      ...(hostname ? { hostname } : {}),
    },
    diagnostics: causes,
    gaps: [...causes.map((cause) => ({ cause })), ...packageGaps(context, kind.platform)],
  };
}

/** Without a package database a weaker answer may be the wrong one. */
function packageGaps(context: FactContext, platform: Platform): readonly Gap[] {
  if (platform === 'isar' || platform === 'nixos') return [];
  return context.get('packages').gaps.filter(({ keys }) => keys === undefined);
}

type Kind = Pick<PlatformFact, 'platform' | 'evidence'>;

function findKind(view: RootView, context: FactContext, osRelease: OsRelease | undefined): Kind {
  const nixos = findNixosEvidence(view, context, osRelease);
  if (nixos.length > 0) return { platform: 'nixos', evidence: nixos };
  const debian = findDebianEvidence(view, context, osRelease);
  if (debian.length === 0) return { platform: 'unknown', evidence: [] };
  const isar = findIsarEvidence(view, context, osRelease);
  return isar.length > 0 ? { platform: 'isar', evidence: isar } : { platform: 'debian', evidence: debian };
}

function findNixosEvidence(view: RootView, { image }: FactContext, osRelease: OsRelease | undefined): Evidence[] {
  const evidence: Evidence[] = [];
  for (const { toplevel, because, location } of image.nixos?.candidates ?? [])
    if (toplevel === image.nixos?.toplevel)
      evidence.push({ text: `${because} starts ${storeNameOf(toplevel)}`, location });
  if (osRelease?.values.ID === 'nixos')
    evidence.push({ text: 'os-release says ID=nixos', location: osRelease.location });
  // A Debian with Nix on it has a store, too.
  const hasOther = osRelease !== undefined || view.find('/var/lib/dpkg') !== undefined;
  if (!hasOther && view.find('/nix/store'))
    evidence.push({ text: 'the root has a Nix store and no other system', location: view.locate('/nix/store') });
  return evidence;
}

function findDebianEvidence(view: RootView, context: FactContext, osRelease: OsRelease | undefined): Evidence[] {
  const evidence: Evidence[] = [];
  const { ID = '', ID_LIKE = '' } = osRelease?.values ?? {};
  if (osRelease && [ID, ...ID_LIKE.split(' ')].includes('debian'))
    evidence.push({ text: `os-release says ID=${ID}`, location: osRelease.location });
  const { database, databaseLocation } = context.get('packages').value;
  if (databaseLocation && (database === 'dpkg' || database === 'dpkg-immutable'))
    evidence.push({ text: 'it has a dpkg database', location: databaseLocation });
  if (view.find('/etc/debian_version'))
    evidence.push({ text: 'it has /etc/debian_version', location: view.locate('/etc/debian_version') });
  return evidence;
}

/** The first line of /etc/hostname that is no comment (hostname(5)). */
function readHostname(view: RootView): PlatformFact['hostname'] {
  const path = '/etc/hostname';
  const lines = view.readText(path)?.split('\n') ?? [];
  const index = lines.findIndex((line) => line.trim() !== '' && !line.trim().startsWith('#'));
  const value = lines[index]?.trim();
  return value === undefined ? undefined : { value, location: view.locate(path, index + 1) };
}
