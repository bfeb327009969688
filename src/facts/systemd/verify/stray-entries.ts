/**
 * What lies in and around the unit directories and is not read as it was meant: unit files elsewhere, links that are no aliases,
 * entries of `.wants` directories that are no links, drop-ins of units that do not exist. unit-file.c, load-dropin.c, path-lookup.c.
 */
import type { RootView } from '../../../root/root-view.ts';
import { locateEntry } from '../../conf-files/conf-files.ts';
import { isHiddenOrBackup } from '../hidden-names.ts';
import { dropInNames, instantiate, isUnitType, parseUnitName, templateOf, type UnitName } from '../unit-name.ts';
import type { UnitSet } from '../unit-set.ts';
import type { StrayEntry } from './unit-audit-fact.ts';

/** Directories where unit files are put by mistake: near the search path, or where other systems have them. */
const wrongDirectories: readonly string[] = [
  '/etc/systemd',
  '/usr/lib/systemd',
  '/usr/local/lib/systemd',
  '/usr/systemd/system',
  '/usr/lib64/systemd/system',
  '/usr/local/systemd/system',
  '/usr/local/etc/systemd/system',
  '/usr/local/share/systemd/system',
  '/usr/share/systemd/system',
  '/etc/init/system',
  '/systemd/system',
];
const linkSuffixes = ['.wants', '.requires', '.upholds'] as const;

export function findStrayEntries(set: UnitSet): readonly StrayEntry[] {
  return [...misplaced(set), ...badAliases(set), ...badLinks(set), ...strayDropIns(set), ...badModes(set)];
}

function misplaced({ view, index }: UnitSet): readonly StrayEntry[] {
  const searched = new Set(index.directories.map(({ resolved }) => resolved));
  const seen = new Set<string>();
  const nested = index.directories.flatMap(({ path }) => nestedDirectories(view, path));
  return [...wrongDirectories, ...nested].flatMap((directory) => {
    const resolution = view.resolve(directory);
    if (resolution.state !== 'found' || searched.has(resolution.path) || seen.has(resolution.path)) return [];
    seen.add(resolution.path);
    return (view.list(directory) ?? []).flatMap(({ name, type }): readonly StrayEntry[] => {
      if ((type !== 'file' && type !== 'symlink') || !isUnitFileName(name)) return [];
      const path = `${directory}/${name}`;
      return [{ kind: 'outside', path, location: locateEntry(view, path), unit: name }];
    });
  });
}

/** Directories inside a unit directory that hold no drop-ins or links: nothing looks into them. */
function nestedDirectories(view: RootView, directory: string): readonly string[] {
  return (view.list(directory) ?? []).flatMap(({ name, type }) =>
    type === 'directory' && ![...linkSuffixes, '.d'].some((suffix) => name.endsWith(suffix))
      ? [`${directory}/${name}`]
      : [],
  );
}

/** Configuration of the managers themselves ends in `.conf`; a scope or device has no file. */
function isUnitFileName(name: string): boolean {
  const parsed = parseUnitName(name);
  return parsed !== undefined && parsed.type !== 'device' && parsed.type !== 'scope';
}

function badAliases({ view, index }: UnitSet): readonly StrayEntry[] {
  const wrong = index.badLinks.map(({ path, target }): StrayEntry => {
    return { kind: 'bad-alias', path, location: locateEntry(view, path), unit: baseName(path), target };
  });
  const dangling = index.names().flatMap((name): readonly StrayEntry[] => {
    const file = index.findFile(name);
    const path = linkPath({ view, index }, name);
    const isLost = file === 'broken' || (typeof file === 'object' && !isThere({ view, index }, file.path));
    if (path === undefined || !isLost) return [];
    const target = view.readLink(path) ?? '';
    return [{ kind: 'dangling-alias', path, location: locateEntry(view, path), unit: name, target }];
  });
  return [...wrong, ...dangling];
}

function isThere({ view, index }: Pick<UnitSet, 'view' | 'index'>, path: string): boolean {
  if (index.generatedFile(path)) return true;
  const resolution = view.resolve(path);
  return resolution.state !== 'missing' || resolution.path.startsWith('/run/') || resolution.path === '/dev/null';
}

/** The symlink of that name that counts. */
function linkPath({ view, index }: Pick<UnitSet, 'view' | 'index'>, name: string): string | undefined {
  for (const { path } of index.directories) {
    const entry = `${path}/${name}`;
    if (view.resolve(entry, 'parents').state !== 'found') continue;
    return view.readLink(entry) === undefined ? undefined : entry;
  }
  return undefined;
}

function badLinks({ view, index }: UnitSet): readonly StrayEntry[] {
  return linkSuffixes.flatMap((suffix) =>
    index.dropInDirectoryNames(suffix).flatMap((directoryName) =>
      index.dropInDirectories(directoryName).flatMap(({ path: directory }) =>
        (view.list(directory) ?? []).flatMap(({ name }): readonly StrayEntry[] => {
          if (isHiddenOrBackup(name)) return [];
          const path = `${directory}/${name}`;
          const entry = { path, location: locateEntry(view, path), unit: directoryName.slice(0, -suffix.length) };
          const target = view.readLink(path);
          if (target === undefined || !parseUnitName(name)) return [{ kind: 'bad-link', ...entry }];
          const instance = instanceOf(name, entry.unit);
          if (instance !== undefined) return [{ kind: 'template-link', ...entry, target: instance }];
          return leadsElsewhere(view, path, name, target) ? [{ kind: 'renamed-link', ...entry, target }] : [];
        }),
      ),
    ),
  );
}

/** A link to a template starts the instance that its owner's name makes, which nobody means unless the owner has instances itself. */
function instanceOf(name: string, owner: string): string | undefined {
  const link = parseUnitName(name);
  const unit = parseUnitName(owner);
  return link?.form === 'template' && unit?.form === 'plain' ? instantiate(link, unit.prefix) : undefined;
}

/** The unit is found by the link's own name; a different name of its target misleads. */
function leadsElsewhere(view: RootView, path: string, name: string, target: string): boolean {
  const link = parseUnitName(name);
  const other = parseUnitName(baseName(target));
  if (!link || view.resolve(path).path === '/dev/null') return false;
  if (!other) return true;
  return other.name !== link.name && !(link.form === 'instance' && templateOf(link) === other.name);
}

function strayDropIns(set: UnitSet): readonly StrayEntry[] {
  const { view, index } = set;
  return index.dropInDirectoryNames('.d').flatMap((directoryName) => {
    const owner = directoryName.slice(0, -'.d'.length);
    return index.dropInDirectories(directoryName).flatMap(({ path: directory }) => {
      const entries = (view.list(directory) ?? []).filter(({ name }) => !isHiddenOrBackup(name));
      const ignored = entries.filter(({ name, type }) => type !== 'directory' && !name.endsWith('.conf'));
      const found = ignored.map(({ name }): StrayEntry => {
        const path = `${directory}/${name}`;
        return { kind: 'ignored-drop-in', path, location: locateEntry(view, path), unit: owner };
      });
      const isUsed = entries.length === ignored.length || hasUnit(set, owner);
      return isUsed
        ? found
        : [
            ...found,
            { kind: 'orphan-drop-in', path: directory, location: view.locate(directory), unit: owner } as const,
          ];
    });
  });
}

/** Whether a unit exists that drop-ins of that name apply to. Units without files (slices, scopes, devices) come and go. */
function hasUnit(set: UnitSet, owner: string): boolean {
  if (isUnitType(owner)) return true;
  const parsed = parseUnitName(owner);
  if (!parsed || ['slice', 'scope', 'device', 'mount', 'swap'].includes(parsed.type)) return true;
  if (typeof set.index.findFragment(owner) === 'object') return true;
  return set.index.names().some((name) => appliesTo(owner, parsed, parseUnitName(name)));
}

function appliesTo(owner: string, { form }: UnitName, unit: UnitName | undefined): boolean {
  if (!unit) return false;
  if (form === 'template' && templateOf(unit) === owner) return true;
  return dropInNames(unit).includes(owner);
}

function badModes({ view, index }: UnitSet): readonly StrayEntry[] {
  return index.names().flatMap((name): readonly StrayEntry[] => {
    const file = index.findFile(name);
    if (typeof file !== 'object' || index.generatedFile(file.path) || baseName(file.path) !== name) return [];
    const resolution = view.resolve(file.path);
    if (resolution.state !== 'found') return [];
    const { type, mode } = resolution.fileSystem.stat(resolution.node);
    if (type !== 'file') return [];
    const entry = { path: file.path, location: view.locate(file.path), unit: name };
    if ((mode & 0o111) !== 0) return [{ kind: 'executable', ...entry }];
    return (mode & 0o002) !== 0 ? [{ kind: 'writable', ...entry }] : [];
  });
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
