/**
 * Checks of the contract that one side fails and the other passes, and the changes they come from: those of what the check
 * looked at, and of these the ones at the places it names, or missing and named by its sentence, else the ones its sentence names,
 * else all, if it looked at single things.
 */
import type { Location } from '../location.ts';
import type { Change } from './change.ts';
import type { Portrait, PortraitVerdict, VerdictSubject } from './portrait/portrait.ts';

export interface Violation {
  /** The verdict of the side that fails. */
  readonly verdict: PortraitVerdict;
  readonly side: 'a' | 'b';
  /** Whose checks they are: another contract proves nothing. */
  readonly passed: PortraitVerdict;
}

/** Nothing if the sides were judged by different contracts. */
export function findViolations(a: Portrait, b: Portrait): readonly Violation[] {
  if (!haveOneContract(a, b)) return [];
  const others = new Map(b.verdicts.map((verdict) => [verdict.id, verdict]));
  return a.verdicts.flatMap((ours): readonly Violation[] => {
    const theirs = others.get(ours.id);
    if (ours.status === 'fail' && theirs?.status === 'pass') return [{ verdict: ours, side: 'a', passed: theirs }];
    if (ours.status === 'pass' && theirs?.status === 'fail') return [{ verdict: theirs, side: 'b', passed: ours }];
    return [];
  });
}

export function haveOneContract(a: Portrait, b: Portrait): boolean {
  return a.contract.name === b.contract.name && a.contract.version === b.contract.version;
}

/** Which concern tells what a fact says. */
const concernsOf: Readonly<Record<string, readonly string[]>> = {
  accounts: ['users', 'groups'],
  binary: ['files'],
  boot: ['boot', 'mounts'],
  file: ['files'],
  firewall: ['ports'],
  initrd: ['files'],
  k3s: ['k3s'],
  kernel: ['modules', 'kernel-options'],
  network: ['network'],
  packages: ['packages'],
  platform: ['system'],
  startup: ['units', 'system'],
  sysctl: ['sysctl'],
  text: ['files'],
  tmpfiles: ['tmpfiles'],
  unit: ['units'],
};

/** Facts whose parts are no names of things, but `interfaces`, `ip6`, `settings`: a part of them is all of them. */
const partedFacts: ReadonlySet<string> = new Set(['boot', 'firewall', 'k3s', 'network']);

/** The changes behind a violation; none if nothing that was compared explains it. */
export function findCauses({ verdict, side }: Violation, changes: readonly Change[]): readonly Change[] {
  const message = verdict.message ?? '';
  const looked = changes.filter((change) => verdict.subjects.some((subject) => isAbout(subject, change)));
  const placed = looked.filter((change) => isAtOneOf(change[side]?.at, verdict.places));
  const named = looked.filter((change) => namesOf(change).some((name) => hasWord(message, name)));
  const both = placed.filter((change) => named.includes(change));
  // What is not there has no place.
  const missed = named.filter((change) => change[side] === undefined);
  const asked = looked.filter((change) => verdict.subjects.some((one) => isNarrow(one) && isAbout(one, change)));
  return [both, missed, placed, named].find((list) => list.length > 0) ?? asked;
}

function isAbout({ fact, key, records }: VerdictSubject, { concern, name, otherName }: Change): boolean {
  if (!concernsOf[fact]?.includes(concern)) return false;
  // Options of the kernel are asked for without their prefix.
  const names = [name, otherName ?? name, name.replace(/^CONFIG_/, '')];
  if (key !== '') return names.includes(key);
  if (!records) return true;
  // The words of the command say more than flags: where they are run from, in which role.
  if (fact === 'k3s' && name.startsWith('--')) return records.includes('settings') || records.includes(name.slice(2));
  return partedFacts.has(fact) || names.some((each) => records.includes(each));
}

/** Whether it is one thing that was looked at, not all a fact says: parts of `boot` are the menu and fstab, with much in them. */
const isNarrow = ({ fact, key, records }: VerdictSubject): boolean =>
  key !== '' || (records !== undefined && fact !== 'boot');

function isAtOneOf(at: Location | undefined, places: readonly Location[]): boolean {
  return places.some(
    (place) => at?.path !== undefined && at.source === place.source && at.path === place.path && at.line === place.line,
  );
}

/** What a sentence about a change would say: `KillMode`, the name of the package, the port. */
function namesOf({ name, otherName, field }: Change): readonly string[] {
  const key = field?.slice(field.indexOf('.') + 1);
  if (field?.includes('.')) return key === undefined ? [] : [key];
  const last = name.slice(name.lastIndexOf(' ') + 1);
  return [last, ...(otherName === undefined ? [] : [otherName])];
}

/** Whether a text has a word that is no part of a longer one. */
function hasWord(text: string, word: string): boolean {
  const isPart = (letter: string | undefined): boolean => letter !== undefined && /[A-Za-z0-9_-]/.test(letter);
  for (let at = text.indexOf(word); at >= 0 && word !== ''; at = text.indexOf(word, at + 1))
    if (!isPart(text[at - 1]) && !isPart(text[at + word.length])) return true;
  return false;
}
