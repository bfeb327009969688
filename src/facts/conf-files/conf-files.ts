/**
 * The `*.d` search of systemd (src/basic/conf-files.c): directories in order of rank, files sorted by the bytes of their base
 * name, the first directory wins by name. An empty file or a link to /dev/null masks; so does anything else of that name that
 * cannot be read as text (a dangling link, a directory), because it takes the place of the lower file and yields nothing.
 */
import { compareNames } from '../../bytes/names.ts';
import { damageFrom } from '../../diagnostic.ts';
import { asImageError } from '../../errors.ts';
import type { DirectoryEntry } from '../../filesystems/file-system.ts';
import type { Location } from '../../location.ts';
import type { RootView } from '../../root/root-view.ts';
import type { Gap } from '../fact.ts';

export interface ConfFile {
  /** Base name, which decides order and precedence. */
  readonly name: string;
  /** Path as found in its directory. */
  readonly path: string;
  /** `text` has content to parse; the others give nothing and hide what is below. */
  readonly kind: 'text' | 'empty' | 'null' | 'dangling' | 'not-a-file';
  /** Where the content is, links followed; for anything but `text` the entry itself. */
  readonly location: Location;
}

export interface MaskedFile {
  readonly file: Location;
  readonly by: Location;
}

export interface ConfFiles {
  /** In the order they are read. */
  readonly files: readonly ConfFile[];
  readonly masked: readonly MaskedFile[];
  readonly gaps: readonly Gap[];
}

/** The four configuration prefixes, and /lib for trees that are not merged. */
const prefixes = ['/etc', '/run', '/usr/local/lib', '/usr/lib', '/lib'];

/** CONF_PATHS of systemd: `sysctl.d` to `/etc/sysctl.d`, `/run/sysctl.d` ... */
export function confDirectories(name: string): readonly string[] {
  return prefixes.map((prefix) => `${prefix}/${name}`);
}

export interface ListOptions {
  /** kmod passes over a directory called `x.conf`; systemd lets it hide files below. */
  readonly skipDirectories?: boolean;
}

/** Files ending in `suffix` of the directories, highest rank first; hidden ones are passed over. A directory that cannot be read is a gap. */
export function listConfFiles(
  view: RootView,
  directories: readonly string[],
  suffix: string,
  options: ListOptions = {},
): ConfFiles {
  const byName = new Map<string, ConfFile>();
  const masked: MaskedFile[] = [];
  const gaps: Gap[] = [];
  const seen = new Set<string>();
  for (const directory of directories) {
    const entries = gapsAt(view, directory, gaps, () => listOnce(view, directory, seen));
    for (const entry of entries ?? []) {
      if (!entry.name.endsWith(suffix) || entry.name.startsWith('.')) continue;
      const path = `${directory}/${entry.name}`;
      const file = gapsAt(view, path, gaps, () => readEntry(view, path, entry.name));
      if (!file || (options.skipDirectories && file.kind === 'not-a-file')) continue;
      const winner = byName.get(entry.name);
      if (winner) masked.push({ file: file.location, by: winner.location });
      else byName.set(entry.name, file);
    }
  }
  const files = [...byName.values()].sort((a, b) => compareNames(a.name, b.name));
  return { files, masked, gaps };
}

/** Entries of a directory; undefined if there is none, or if it was listed before under another name (/lib -> usr/lib). */
function listOnce(view: RootView, directory: string, seen: Set<string>): readonly DirectoryEntry[] | undefined {
  const found = view.find(directory);
  if (!found || seen.has(found.path)) return undefined;
  seen.add(found.path);
  return view.list(directory);
}

/** The result of `read`, or undefined and a gap when `path` could not be read. */
function gapsAt<T>(view: RootView, path: string, gaps: Gap[], read: () => T): T | undefined {
  try {
    return read();
  } catch (thrown) {
    const error = asImageError(thrown);
    gaps.push({ cause: { location: view.locate(path), ...damageFrom(error) } });
    return undefined;
  }
}

function readEntry(view: RootView, path: string, name: string): ConfFile {
  const resolution = view.resolve(path);
  if (resolution.state === 'unreadable') throw resolution.error;
  if (resolution.path === '/dev/null') return { name, path, kind: 'null', location: locateEntry(view, path) };
  if (resolution.state === 'missing') return { name, path, kind: 'dangling', location: locateEntry(view, path) };
  const { type, size } = resolution.fileSystem.stat(resolution.node);
  if (type === 'character' || type === 'block') return { name, path, kind: 'null', location: locateEntry(view, path) };
  if (type !== 'file') return { name, path, kind: 'not-a-file', location: locateEntry(view, path) };
  if (size === 0) return { name, path, kind: 'empty', location: locateEntry(view, path) };
  return { name, path, kind: 'text', location: { source: resolution.fileSystem.label, path: resolution.innerPath } };
}

/** Where the entry itself lies: its last link is not followed. */
export function locateEntry(view: RootView, path: string): Location {
  const resolution = view.resolve(path, 'parents');
  return resolution.state === 'found'
    ? { source: resolution.fileSystem.label, path: resolution.innerPath }
    : view.locate(path);
}

export interface ConfText {
  readonly file: ConfFile;
  readonly text: string;
}

/** The texts of the files that have one. A file that cannot be read is a gap. */
export function readConfTexts(
  view: RootView,
  files: readonly ConfFile[],
): { readonly texts: readonly ConfText[]; readonly gaps: readonly Gap[] } {
  const texts: ConfText[] = [];
  const gaps: Gap[] = [];
  for (const file of files) {
    if (file.kind !== 'text') continue;
    const text = gapsAt(view, file.path, gaps, () => view.readText(file.path));
    if (text !== undefined) texts.push({ file, text });
  }
  return { texts, gaps };
}
