/**
 * extlinux and syslinux configuration, which U-Boot's distro boot reads too (syslinux.cfg(5)): `DEFAULT`, `LABEL`, `LINUX`
 * or `KERNEL`, `INITRD`, `FDT`, `APPEND`, `MENU LABEL`, `MENU DEFAULT`, `INCLUDE`. Keywords in any case. isolinux is the same
 * on a CD.
 */
import type { BootEntry, BootLine, BootLoader, BootMenu, BootPlace } from './boot-entry.ts';

const paths = [
  ...['/extlinux/extlinux.conf', '/boot/extlinux/extlinux.conf', '/syslinux/syslinux.cfg', '/syslinux.cfg'],
  ...['/EFI/syslinux/syslinux.cfg', '/boot/syslinux/syslinux.cfg'],
  ...['/boot/isolinux/isolinux.cfg', '/isolinux/isolinux.cfg', '/isolinux.cfg'],
];
const MAX_INCLUDES = 16;
const keywords = new Set([
  ...['DEFAULT', 'ONTIMEOUT', 'LABEL', 'LINUX', 'KERNEL', 'INITRD', 'FDT', 'DEVICETREE', 'APPEND', 'INCLUDE'],
  ...['MENU LABEL', 'MENU DEFAULT'],
]);

/** What KERNEL may start besides a kernel: modules of syslinux, boot sectors. */
const otherProgram = /\.(?:c32|com|cbt|bin|bs|bss|0)$/i;

interface ConfLine extends BootLine {
  /** Upper case. */
  readonly keyword: string;
}

/** An entry while its lines are read. */
interface Draft {
  readonly label: string;
  readonly lines: Map<string, ConfLine>;
}

export const extlinux: BootLoader = {
  id: 'extlinux',
  read(places): BootMenu | undefined {
    for (const place of places) {
      const path = paths.find((each) => place.view.find(each) !== undefined);
      if (path === undefined) continue;
      const menu = readMenu(place, path);
      if (menu.entries.length > 0) return menu;
    }
    return undefined;
  },
};

function readMenu(place: BootPlace, path: string): BootMenu {
  const lines = readLines(place, path);
  const drafts: Draft[] = [];
  const global = new Map<string, ConfLine>();
  let wanted: string | undefined;
  let menuDefault: string | undefined;
  for (const line of lines) {
    const draft = drafts.at(-1);
    if (line.keyword === 'LABEL') drafts.push({ label: line.text, lines: new Map() });
    else if (line.keyword === 'DEFAULT' || line.keyword === 'ONTIMEOUT') wanted = line.text.split(/\s/)[0];
    else if (line.keyword === 'MENU DEFAULT') menuDefault ??= draft?.label;
    else (draft?.lines ?? global).set(line.keyword, line);
  }
  const entries = drafts.flatMap((draft) => createEntry(draft, global, place, path) ?? []);
  // DEFAULT may name a menu program, such as vesamenu.c32, instead of an entry.
  const named = (label: string | undefined): BootEntry | undefined => entries.find(({ id }) => id === label);
  const chosen = named(wanted) ?? named(menuDefault) ?? entries[0];
  return {
    loader: extlinux.id,
    location: place.view.locate(path),
    entries,
    ...(chosen ? { default: chosen } : {}),
    diagnostics: [],
  };
}

function createEntry(draft: Draft, global: Draft['lines'], place: BootPlace, path: string): BootEntry | undefined {
  const { lines } = draft;
  const folder = path.slice(0, path.lastIndexOf('/'));
  const inPlace = (line: ConfLine): BootLine => ({
    text: line.text.startsWith('/') ? line.text : `${folder}/${line.text}`,
    location: line.location,
  });
  const linux = lines.get('LINUX') ?? lines.get('KERNEL');
  if (!linux || otherProgram.test(linux.text)) return undefined;
  const options = lines.get('APPEND') ?? global.get('APPEND');
  const initrd = lines.get('INITRD');
  const title = lines.get('MENU LABEL');
  const deviceTree = lines.get('FDT') ?? lines.get('DEVICETREE');
  return {
    loader: extlinux.id,
    id: draft.label,
    ...(title ? { title: { text: title.text.replace('^', ''), location: title.location } } : {}),
    linux: inPlace(linux),
    initrd: initrd
      ? initrd.text.split(',').map((text) => inPlace({ ...initrd, text }))
      : appendedInitrd(options, inPlace),
    ...(deviceTree ? { deviceTree: inPlace(deviceTree) } : {}),
    ...(options && options.text !== '-' ? { options: { text: options.text, location: options.location } } : {}),
    source: place.device.label,
  };
}

/** syslinux also takes `initrd=a,b` from the command line. */
function appendedInitrd(options: ConfLine | undefined, inPlace: (line: ConfLine) => BootLine): BootLine[] {
  const names = /(?:^|\s)initrd=(\S+)/.exec(options?.text ?? '')?.[1];
  return options && names !== undefined ? names.split(',').map((text) => inPlace({ ...options, text })) : [];
}

/** The lines of a file and, in place, of those it includes. */
function readLines(place: BootPlace, path: string, seen = new Set<string>()): ConfLine[] {
  if (seen.has(path) || seen.size >= MAX_INCLUDES) return [];
  seen.add(path);
  const text = place.view.readText(path) ?? '';
  return text.split('\n').flatMap((raw, index) => {
    const { keyword, value } = parseLine(raw.trim());
    if (!keywords.has(keyword)) return [];
    if (keyword !== 'INCLUDE') return [{ keyword, text: value, location: place.view.locate(path, index + 1) }];
    const folder = path.slice(0, path.lastIndexOf('/'));
    return readLines(place, value.startsWith('/') ? value : `${folder}/${value}`, seen);
  });
}

function parseLine(line: string): { keyword: string; value: string } {
  const [first, rest] = cutWord(line);
  const keyword = first.toUpperCase();
  if (keyword !== 'MENU') return { keyword, value: rest };
  const [second, value] = cutWord(rest);
  return { keyword: `MENU ${second.toUpperCase()}`, value };
}

function cutWord(text: string): [word: string, rest: string] {
  const blank = text.search(/\s/);
  return blank < 0 ? [text, ''] : [text.slice(0, blank), text.slice(blank).trimStart()];
}
