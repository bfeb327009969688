/**
 * The files of systemd-networkd and of udev's net_setup_link: `*.network`, `*.netdev`, `*.link` in the systemd/network
 * directories, sorted by name over all of them, each with its `NAME.d/*.conf` drop-ins (systemd.network(5)).
 */
import { damageFrom } from '../../diagnostic.ts';
import { asImageError } from '../../errors.ts';
import type { Location } from '../../location.ts';
import type { RootView } from '../../root/root-view.ts';
import { listConfigStack } from '../conf-files/cat-config.ts';
import { confDirectories, listConfFiles, type MaskedFile, readConfTexts } from '../conf-files/conf-files.ts';
import type { Gap } from '../fact.ts';
import { parseUnitFile } from '../systemd/unit-file-parser.ts';
import type { MatchCondition, NetworkProblem, Sourced } from './network-fact.ts';

export interface NetworkdAssignment extends Sourced {
  readonly section: string;
  readonly key: string;
}

export interface NetworkdFile {
  readonly name: string;
  readonly location: Location;
  /** Of the file and its drop-ins, in the order they are applied. */
  readonly assignments: readonly NetworkdAssignment[];
}

export interface NetworkdFiles {
  readonly files: readonly NetworkdFile[];
  readonly masked: readonly MaskedFile[];
  readonly problems: readonly NetworkProblem[];
  readonly gaps: readonly Gap[];
}

/** All files with one suffix, as their program reads them. A broken file keeps what precedes the fault, and is a problem. */
export function readNetworkdFiles(view: RootView, suffix: '.network' | '.netdev' | '.link'): NetworkdFiles {
  const listed = listConfFiles(view, confDirectories('systemd/network'), suffix);
  const read = readConfTexts(view, listed.files);
  const gaps: Gap[] = [...listed.gaps, ...read.gaps];
  const masked: MaskedFile[] = [...listed.masked];
  const problems: NetworkProblem[] = [];
  const files = read.texts.map(({ file, text }): NetworkdFile => {
    const dropIns = listConfFiles(view, confDirectories(`systemd/network/${file.name}.d`), '.conf');
    const more = readConfTexts(view, dropIns.files);
    gaps.push(...dropIns.gaps, ...more.gaps);
    masked.push(...dropIns.masked);
    const assignments = [{ file, text }, ...more.texts].flatMap((one) =>
      parseAssignments(one.text, one.file.location, problems),
    );
    return { name: file.name, location: file.location, assignments };
  });
  return { files, masked, problems, gaps };
}

/** networkd.conf(5) with its drop-ins, as one file. */
export function readNetworkdSettings(view: RootView): NetworkdFiles {
  const stack = listConfigStack(view, 'systemd/networkd.conf');
  const gaps: Gap[] = [...stack.gaps];
  const problems: NetworkProblem[] = [];
  const assignments = stack.files.flatMap((path) => {
    try {
      return parseAssignments(view.readText(path) ?? '', view.locate(path), problems);
    } catch (thrown) {
      gaps.push({ cause: damageFrom(asImageError(thrown)) });
      return [];
    }
  });
  const location = view.locate('/etc/systemd/networkd.conf');
  return { files: [{ name: 'networkd.conf', location, assignments }], masked: stack.masked, problems, gaps };
}

function parseAssignments(text: string, place: Location, problems: NetworkProblem[]): readonly NetworkdAssignment[] {
  const parsed = parseUnitFile(text, () => true);
  const complaints = parsed.fatal ? [...parsed.problems, parsed.fatal] : parsed.problems;
  for (const { message, line } of complaints) problems.push({ message, location: { ...place, line } });
  return parsed.assignments.map(({ section, key, value, line }) => {
    return { section, key, value, location: { ...place, line } };
  });
}

/** The last assignment of a key, if it is not empty: an empty one restores the default. */
export function lastValue(file: NetworkdFile, section: string, key: string): Sourced | undefined {
  const last = file.assignments.findLast((one) => one.section === section && one.key === key);
  return last && last.value !== '' ? last : undefined;
}

/** Every assignment of some keys since the last empty one of the same key. */
export function listValues(file: NetworkdFile, section: string, ...keys: readonly string[]): readonly Sourced[] {
  let values: NetworkdAssignment[] = [];
  for (const one of file.assignments) {
    if (one.section !== section || !keys.includes(one.key)) continue;
    if (one.value === '') values = values.filter(({ key }) => key !== one.key);
    else values.push(one);
  }
  return values;
}

/** The [Match] section: lists of words; a `!` before the first turns the list round. */
export function parseMatch(file: NetworkdFile): readonly MatchCondition[] {
  const keys = new Set(file.assignments.flatMap(({ section, key }) => (section === 'Match' ? [key] : [])));
  return [...keys].flatMap((key): readonly MatchCondition[] => {
    const words = listValues(file, 'Match', key).flatMap(({ value }) => value.split(/\s+/));
    const [first] = words;
    if (first === undefined) return [];
    const negated = first.startsWith('!');
    return [{ key, negated, patterns: negated ? [first.slice(1), ...words.slice(1)] : words }];
  });
}
