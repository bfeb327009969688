/**
 * Everything in an image that names the NixOS system to run, each with its origin: boot menus (`init=`), the system profile,
 * links of garbage collector roots, /sbin/init of containers. Only where none of these speaks, the store itself is asked:
 * the registration of its paths, its database, and the toplevels that lie in it.
 */
import { asImageError } from '../../errors.ts';
import type { Location } from '../../location.ts';
import type { BootEntry, BootMenu } from '../boot-entries/boot-entry.ts';
import { findParameter } from '../boot-entries/command-line.ts';
import type { RootView } from '../root-view.ts';
import { readKnownPaths } from './known-paths.ts';
import { isStoreName, parseStorePath, storeDirectory } from './store-path.ts';
import type { CandidateOrigin, Generation, SystemCandidate } from './system-candidate.ts';
import { isToplevel, isToplevelName, listSpecialisations, toplevelOf } from './toplevel.ts';

export const profilesDirectory = '/nix/var/nix/profiles';
const rootLinks = ['/nix/var/nix/gcroots/current-system', '/nix/var/nix/gcroots/booted-system', '/run/current-system'];
const initPaths = ['/sbin/init', '/init'];
/** Bytes of an init script that are searched. */
const MAX_INIT = 256 << 10;

/** The best first; several of one origin where that origin does not decide. */
export function findSystemCandidates(view: RootView, menus: readonly BootMenu[]): readonly SystemCandidate[] {
  const named = [...fromBootMenu(view, menus), ...fromProfile(view), ...fromRootLinks(view), ...fromInit(view)];
  return named.length > 0 ? named : fromStore(view);
}

/** Numbered generations: those of the profile, then those only a boot menu knows, the highest first. */
export function findGenerations(view: RootView, menus: readonly BootMenu[]): readonly Generation[] {
  const found = new Map<number, Generation>();
  for (const { name } of view.list(profilesDirectory) ?? []) {
    const number = numberIn(/^system-(\d{1,9})-link$/, name);
    const path = `${profilesDirectory}/${name}`;
    const toplevel = number === undefined ? undefined : toplevelOf(followProfile(view, path) ?? '');
    if (number !== undefined && toplevel !== undefined)
      found.set(number, { number, toplevel, from: 'profile', location: locateLink(view, path) });
  }
  for (const { id, options } of menus.flatMap(({ entries }) => entries)) {
    const number = numberIn(/^nixos-(?:generation-)?(\d{1,9})(?:\.conf)?$/, id);
    const toplevel = toplevelOf(findParameter(options?.text ?? '', 'init') ?? '');
    if (options && number !== undefined && toplevel !== undefined && !found.has(number))
      found.set(number, { number, toplevel, from: 'boot entry', location: options.location });
  }
  return [...found.values()].sort((a, b) => b.number - a.number);
}

/** Whether the view holds that store path. */
export function isInStore(view: RootView, toplevel: string): boolean {
  return view.find(toplevel, 'parents') !== undefined;
}

function numberIn(pattern: RegExp, name: string): number | undefined {
  const digits = pattern.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function fromBootMenu(view: RootView, [menu]: readonly BootMenu[]): SystemCandidate[] {
  const entry = menu?.default;
  const toplevel = toplevelOf(findParameter(entry?.options?.text ?? '', 'init') ?? '');
  if (!entry?.options || toplevel === undefined) return [];
  return [candidate(view, toplevel, 'boot entry', `the boot entry ${nameOf(entry)}`, entry.options.location)];
}

/** GRUB numbers its entries: people know them by their titles. */
function nameOf({ id, title }: BootEntry): string {
  return title && /^[0-9>]+$/.test(id) ? `"${title.text}"` : id;
}

/** The profile's own link; without it, its highest generation. */
function fromProfile(view: RootView): SystemCandidate[] {
  const path = `${profilesDirectory}/system`;
  const toplevel = toplevelOf(followProfile(view, path) ?? '');
  if (toplevel !== undefined)
    return [candidate(view, toplevel, 'profile', `the system profile`, locateLink(view, path))];
  const highest = findGenerations(view, [])[0];
  if (!highest) return [];
  return [candidate(view, highest.toplevel, 'profile', `generation ${highest.number}`, highest.location)];
}

/** Where a chain of profile links leads, be that in the store or not; undefined if it does not end in the store. */
function followProfile(view: RootView, path: string): string | undefined {
  const end = view.resolve(path);
  if (end.state === 'unreadable') throw end.error;
  if (end.links.length === 0) return undefined;
  const target = end.links.find((link) => parseStorePath(link.target))?.target;
  return target ?? end.path;
}

function fromRootLinks(view: RootView): SystemCandidate[] {
  return rootLinks.flatMap((path) => {
    const toplevel = toplevelOf(view.readLink(path) ?? '');
    return toplevel === undefined ? [] : [candidate(view, toplevel, 'root', path, locateLink(view, path))];
  });
}

/** A link into a toplevel, or the script that is a copy of its `init`. */
function fromInit(view: RootView): SystemCandidate[] {
  return initPaths.flatMap((path) => {
    const linked = toplevelOf(view.readLink(path) ?? '');
    if (linked !== undefined) return [candidate(view, linked, 'init', path, locateLink(view, path))];
    const line = findSystemConfig(view, path);
    return line ? [candidate(view, line.toplevel, 'init', path, view.locate(path, line.number))] : [];
  });
}

function findSystemConfig(view: RootView, path: string): { toplevel: string; number: number } | undefined {
  const stat = view.stat(path);
  if (stat?.type !== 'file' || stat.size > MAX_INIT) return undefined;
  const lines = (view.readText(path) ?? '').split('\n');
  for (const [index, line] of lines.entries()) {
    const value = /^\s*systemConfig=['"]?([^'"\s]+)/.exec(line)?.[1];
    const toplevel = value === undefined ? undefined : toplevelOf(value);
    if (toplevel !== undefined) return { toplevel, number: index + 1 };
  }
  return undefined;
}

/** Toplevels nothing refers to, by registration or database, else every toplevel that is no one's specialisation. */
function fromStore(view: RootView): SystemCandidate[] {
  const known = attempt(() => readKnownPaths(view));
  if (known) {
    const referred = new Set(known.paths.flatMap(({ path, references }) => references.filter((one) => one !== path)));
    const roots = known.paths.filter(
      ({ path }) => isToplevelName(parseStorePath(path)?.name ?? '') && !referred.has(path),
    );
    if (roots.length > 0)
      return roots.map(({ path }) => candidate(view, path, known.from, `the ${known.from}`, known.location));
  }
  const toplevels = (view.list(storeDirectory) ?? [])
    .filter(({ name }) => isStoreName(name) && isToplevelName(name.slice(33)))
    .map(({ name }) => `${storeDirectory}/${name}`)
    .filter((path) => isToplevel(view, path));
  const special = new Set(toplevels.flatMap((path) => [...listSpecialisations(view, path).values()]));
  return toplevels
    .filter((path) => !special.has(path))
    .map((path) => candidate(view, path, 'store', 'it lies in the store', view.locate(path)));
}

/** Damage of a list of paths leaves the store itself to look at. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (thrown) {
    asImageError(thrown);
    return undefined;
  }
}

function candidate(
  view: RootView,
  toplevel: string,
  origin: CandidateOrigin,
  because: string,
  location: Location,
): SystemCandidate {
  return { toplevel, origin, because, location, isInStore: isInStore(view, toplevel) };
}

/** Where a link itself lies. */
function locateLink(view: RootView, path: string): Location {
  const found = view.find(path, 'parents');
  return found ? { source: found.fileSystem.label, path: found.innerPath } : view.locate(path);
}
