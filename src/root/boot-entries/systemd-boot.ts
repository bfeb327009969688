/**
 * systemd-boot: `loader/loader.conf`, type #1 entries in `loader/entries/*.conf` and type #2 entries in `EFI/Linux/*.efi` of
 * the ESP and of an extended boot partition (UAPI.1, boot loader specification). Sorted and chosen as systemd-boot does
 * without EFI variables; entries whose kernel is missing are not offered.
 */
import type { Location } from '../../location.ts';
import { matchesGlob } from '../match-glob.ts';
import { type BootLine, type BootLoader, type BootMenu, type BootPlace, isEfiPlace } from './boot-entry.ts';
import { type Candidate, compareCandidates, parseCounter } from './loader-candidate.ts';
import { readUnifiedCandidates } from './unified-candidates.ts';

const confPath = '/loader/loader.conf';
const entriesPath = '/loader/entries';

export const systemdBoot: BootLoader = {
  id: 'systemd-boot',
  read(places): BootMenu | undefined {
    const own = places.filter(isEfiPlace);
    const unified = own.map((place) => readUnifiedCandidates(place, systemdBoot.id));
    const candidates = [...own.flatMap(readCandidates), ...unified.flatMap((each) => each.candidates)];
    const diagnostics = unified.flatMap((each) => each.diagnostics);
    const [first] = candidates.sort(compareCandidates);
    if (!first) return diagnostics.length > 0 ? { ...noMenu(own), diagnostics } : undefined;
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
      diagnostics,
    };
  },
};

/** What stands for the entries where none could be read. */
function noMenu([place]: readonly BootPlace[]): Pick<BootMenu, 'loader' | 'location' | 'entries'> {
  return { loader: systemdBoot.id, location: { source: place?.device.label ?? '' }, entries: [] };
}

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
