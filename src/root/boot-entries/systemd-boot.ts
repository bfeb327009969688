/**
 * systemd-boot: `loader/loader.conf` and type #1 entries in `loader/entries/*.conf` of the ESP and of an extended boot
 * partition (UAPI.1, boot loader specification). Sorted and chosen as systemd-boot does without EFI variables; entries
 * whose kernel is missing are not offered. Unified kernels (type #2) are read elsewhere.
 */
import type { Location } from '../../location.ts';
import { matchesGlob } from '../match-glob.ts';
import type { BootEntry, BootLine, BootLoader, BootMenu, BootPlace } from './boot-entry.ts';
import { compareVersions } from './version-order.ts';

const confPath = '/loader/loader.conf';
const entriesPath = '/loader/entries';

interface Candidate {
  readonly entry: BootEntry;
  readonly sortKey: string;
  readonly machineId: string;
  readonly version: string;
  /** Boot counting; -1 if the entry is not counted. */
  readonly triesLeft: number;
  readonly triesDone: number;
  readonly isBootable: boolean;
}

export const systemdBoot: BootLoader = {
  id: 'systemd-boot',
  read(places): BootMenu | undefined {
    const own = places.filter(({ kind }) => kind !== 'root');
    const candidates = own.flatMap(readCandidates).sort(compareCandidates);
    const first = candidates[0];
    if (!first) return undefined;
    const bootable = candidates.filter(({ isBootable }) => isBootable);
    const pattern = readDefault(own);
    const wanted = pattern?.text.toLowerCase() ?? '';
    const chosen = bootable.find(({ entry }) => matchesGlob(wanted, entry.id.toLowerCase())) ?? bootable[0] ?? first;
    return {
      loader: systemdBoot.id,
      location: pattern?.location ??
        (first.entry.linux ?? first.entry.options)?.location ?? { source: first.entry.source },
      entries: candidates.map(({ entry }) => entry),
      default: chosen.entry,
      diagnostics: [],
    };
  },
};

/** The value of `default` in loader.conf; the last one counts. */
function readDefault(places: readonly BootPlace[]): BootLine | undefined {
  for (const { view } of places) {
    const text = view.readText(confPath);
    const line = text === undefined ? undefined : parseLines(text).findLast(({ key }) => key === 'default');
    if (line) return { text: line.value, location: view.locate(confPath, line.number) };
  }
  return undefined;
}

function readCandidates(place: BootPlace): Candidate[] {
  const files = (place.view.list(entriesPath) ?? []).filter(
    ({ name }) => /\.conf$/i.test(name) && !/^auto-/i.test(name),
  );
  return files.flatMap(({ name }) => {
    const path = `${entriesPath}/${name}`;
    const text = place.view.readText(path);
    return text === undefined ? [] : (parseEntry(place, name, text, (line) => place.view.locate(path, line)) ?? []);
  });
}

function parseEntry(
  place: BootPlace,
  file: string,
  text: string,
  locate: (line: number) => Location,
): Candidate | undefined {
  const lines = parseLines(text);
  const all = (key: string): BootLine[] =>
    lines.filter((line) => line.key === key).map((line) => ({ text: line.value, location: locate(line.number) }));
  const last = (key: string): BootLine | undefined => all(key).at(-1);
  const linux = last('linux') ?? last('efi') ?? last('uki');
  if (!linux) return undefined;
  const options = all('options');
  const [title, deviceTree] = [last('title'), last('devicetree')];
  const { id, triesLeft, triesDone } = parseCounter(file);
  return {
    entry: {
      loader: systemdBoot.id,
      id,
      ...(title ? { title } : {}),
      linux,
      initrd: all('initrd'),
      ...(deviceTree ? { deviceTree } : {}),
      ...(options[0]
        ? { options: { text: options.map((line) => line.text).join(' '), location: options[0].location } }
        : {}),
      source: place.device.label,
    },
    sortKey: last('sort-key')?.text ?? '',
    machineId: last('machine-id')?.text ?? '',
    version: last('version')?.text ?? '',
    triesLeft,
    triesDone,
    isBootable: place.view.exists(linux.text.replaceAll('\\', '/')) !== 'no',
  };
}

/** Splits the boot counter off: `name+3-1.conf` has 3 tries left and 1 done. */
function parseCounter(file: string): { id: string; triesLeft: number; triesDone: number } {
  const counted = /^(.*)\+(\d{1,9})(?:-(\d{1,9}))?(\.conf)$/i.exec(file);
  if (!counted) return { id: file, triesLeft: -1, triesDone: -1 };
  const [, name = '', left, done = '0', suffix = ''] = counted;
  return { id: name + suffix, triesLeft: Number(left), triesDone: Number(done) };
}

/** The order of the menu: first what is tried first. */
function compareCandidates(a: Candidate, b: Candidate): number {
  return (
    Number(a.triesLeft === 0) - Number(b.triesLeft === 0) ||
    Number(a.sortKey === '') - Number(b.sortKey === '') ||
    (a.sortKey === '' ? 0 : compareSorted(a, b)) ||
    compareVersions(b.entry.id.toLowerCase(), a.entry.id.toLowerCase()) ||
    (a.triesLeft < 0 || b.triesLeft < 0 ? 0 : b.triesLeft - a.triesLeft || a.triesDone - b.triesDone)
  );
}

function compareSorted(a: Candidate, b: Candidate): number {
  const byKey = a.sortKey < b.sortKey ? -1 : Number(a.sortKey > b.sortKey);
  const byMachine = a.machineId < b.machineId ? -1 : Number(a.machineId > b.machineId);
  return byKey || byMachine || compareVersions(b.version, a.version);
}

interface ConfLine {
  readonly key: string;
  readonly value: string;
  readonly number: number;
}

function parseLines(text: string): ConfLine[] {
  return text.split('\n').flatMap((raw, index) => {
    const line = raw.trim();
    const blank = line.search(/[ \t]/);
    if (line.startsWith('#') || blank < 0) return [];
    return [{ key: line.slice(0, blank), value: line.slice(blank).trim(), number: index + 1 }];
  });
}
