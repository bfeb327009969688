/**
 * What of a good image is worth demanding of the next one: what somebody decided, not what every build changes. Units that were
 * enabled or masked, what drop-ins set, kernel parameters and modules below /etc, the release, the packages of the node's role.
 */
import type { Location } from '../../location.ts';
import type { Options } from '../contract.ts';
import type { FactSource } from '../evaluate.ts';

export interface DraftClaim {
  /** Of a group in `draftSections`. */
  readonly section: string;
  readonly title: string;
  /** `unit`, `sysctl`: the kind of claim. */
  readonly kind: string;
  readonly options: Options;
  /** Where the image says so. */
  readonly location?: Location;
}

/** In the order of the draft; the id begins the ids of the checks. */
export const draftSections: readonly { readonly id: string; readonly title: string }[] = [
  { id: 'OS', title: 'The release and the machine' },
  { id: 'UNIT', title: 'What starts at boot because somebody enabled it, and what was masked' },
  { id: 'DROPIN', title: 'What drop-ins set' },
  { id: 'SYSCTL', title: 'Kernel parameters that files below /etc set' },
  { id: 'MODULE', title: 'Kernel modules that are asked for' },
  { id: 'PACKAGE', title: 'Packages of the node; a range stands for the versions to come' },
  { id: 'FILE', title: 'Files that only root may change or read' },
];

/** In JSON: what it escapes, and what no reader sees. */
const unwritable = /\\u[0-9a-f]{4}|\\[bfnrt]|[\p{C}\p{Zl}\p{Zp}]/u;

export async function draftClaims(facts: FactSource): Promise<readonly DraftClaim[]> {
  await facts.prepare?.(['platform', 'startup', 'unit', 'sysctl', 'kernel', 'packages', 'file']);
  const claims = [
    ...draftRelease(facts),
    ...draftUnits(facts),
    ...draftParameters(facts),
    ...draftModules(facts),
    ...draftPackages(facts),
    ...draftFiles(facts),
  ];
  // A name that would have to be escaped is no claim a person would write.
  return claims.filter(({ options }) => {
    const text = JSON.stringify(options);
    return !unwritable.test(text) && !text.includes('${');
  });
}

function draftRelease(facts: FactSource): readonly DraftClaim[] {
  const { osRelease, architecture, osReleaseLocation } = facts.get('platform').value;
  const place = osReleaseLocation ? { location: osReleaseLocation } : {};
  const release = ['ID', 'VERSION_ID'].flatMap((at): DraftClaim[] => {
    const value = osRelease[at];
    if (value === undefined || value === '') return [];
    const options = { path: '/etc/os-release', format: 'env', at, value };
    return [{ section: 'OS', title: `${at} of os-release is ${value}`, kind: 'content', options, ...place }];
  });
  const shell = facts.get('file', '/bin/sh').value;
  if (architecture === undefined || shell.state !== 'present') return release;
  const options = { path: '/bin/sh', architecture };
  return [...release, { section: 'OS', title: `Programs are for ${architecture}`, kind: 'binary', options }];
}

function draftUnits(facts: FactSource): readonly DraftClaim[] {
  const { units } = facts.get('startup').value;
  const chosen = Object.values(units).filter(({ because }) => isBelowEtc(because.at(-1)?.location));
  const started = chosen.flatMap(({ unit, state, because }): DraftClaim[] => {
    const location = because.at(-1)?.location;
    if (state !== 'boot' || !/\.(?:service|socket|timer|path|mount|target)$/.test(unit)) return [];
    const options = { name: unit, started: 'boot' };
    return [
      { section: 'UNIT', title: `${unit} starts at boot`, kind: 'unit', options, ...(location ? { location } : {}) },
    ];
  });
  const masked = Object.values(units).flatMap(({ unit, state }): DraftClaim[] =>
    state === 'masked'
      ? [{ section: 'UNIT', title: `${unit} is masked`, kind: 'unit', options: { name: unit, started: 'never' } }]
      : [],
  );
  const set = chosen.flatMap(({ unit, state }) => (state === 'boot' ? draftDropIns(facts, unit) : []));
  return [...sortByName(started), ...sortByName(masked), ...sortByName(set)];
}

/** Single values only: a list is what many files agree on. */
function draftDropIns(facts: FactSource, unit: string): readonly DraftClaim[] {
  const { directives, dropInPaths } = facts.get('unit', unit).value;
  return Object.values(directives).flatMap(({ section, key, values }): DraftClaim[] => {
    const [first] = values;
    if (!first || values.length > 1 || !dropInPaths.some((path) => path === first.location.path)) return [];
    const options = { name: unit, directive: `${section}.${key}`, value: first.value };
    const title = `${key} of ${unit} is ${first.value}`;
    return [{ section: 'DROPIN', title, kind: 'unit', options, location: first.location }];
  });
}

function draftParameters(facts: FactSource): readonly DraftClaim[] {
  const { values } = facts.get('sysctl').value;
  const set = Object.values(values).flatMap(({ key, value, set: { location } }): DraftClaim[] =>
    isBelowEtc(location)
      ? [{ section: 'SYSCTL', title: `${key} is ${value}`, kind: 'sysctl', options: { key, value }, location }]
      : [],
  );
  return sortByName(set);
}

function draftModules(facts: FactSource): readonly DraftClaim[] {
  const { requests } = facts.get('kernel').value;
  const byName = new Map(requests.map((request) => [request.name, request]));
  const asked = [...byName.values()].map(({ name, location }) => {
    return { section: 'MODULE', title: `${name} is loaded`, kind: 'kernel-module', options: { name }, location };
  });
  return sortByName(asked);
}

const rolePackages = /^(?:systemd|k3s(?:-.*)?|containerd|openssh-server)$/;

function draftPackages(facts: FactSource): readonly DraftClaim[] {
  return facts.get('packages').value.packages.flatMap(({ name, version, location }): DraftClaim[] => {
    const major = /^[0-9]+(?:\.[0-9]+)?/.exec(version.replace(/^[0-9]+:/, ''))?.[0];
    if (!rolePackages.test(name) || major === undefined) return [];
    const options = { name, version: { version: `>= ${major}` } };
    return [{ section: 'PACKAGE', title: `${name} is installed`, kind: 'package', options, location }];
  });
}

function draftFiles(facts: FactSource): readonly DraftClaim[] {
  const isThere = (path: string): boolean => facts.get('file', path).value.state === 'present';
  const guarded = ['/etc/passwd', '/etc/group', '/etc/sudoers'].filter(isThere).map((path) => {
    const options = { path, mode: { within: '0644' }, owner: '0:0' };
    return { section: 'FILE', title: `Only root changes ${path}`, kind: 'file', options };
  });
  const secret = ['/etc/shadow'].filter(isThere).map((path) => {
    return { section: 'FILE', title: `${path} is a secret`, kind: 'file', options: { path, mode: { within: '0640' } } };
  });
  return [...guarded, ...secret];
}

const isBelowEtc = (location: Location | undefined): boolean => location?.path?.startsWith('/etc/') ?? false;

function sortByName(claims: readonly DraftClaim[]): readonly DraftClaim[] {
  return claims.toSorted((a, b) => (a.title < b.title ? -1 : a.title > b.title ? 1 : 0));
}

/** What all drafts have; the first one's places and order. */
export function intersectClaims(drafts: readonly (readonly DraftClaim[])[]): readonly DraftClaim[] {
  const [first = [], ...others] = drafts;
  const known = others.map((claims) => new Set(claims.map(keyOf)));
  return first.filter((claim) => known.every((keys) => keys.has(keyOf(claim))));
}

const keyOf = ({ kind, options }: DraftClaim): string => JSON.stringify([kind, options]);
