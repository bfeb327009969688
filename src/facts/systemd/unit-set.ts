/**
 * The units of an image, each loaded when it is asked for. unit_load(), unit_load_fragment(), unit_load_dropin() of systemd:
 * fragment, then drop-ins of the unit, its aliases, template, dash prefixes and type, merged by file name.
 */
import { compareNames } from '../../bytes/names.ts';
import { damageFrom } from '../../diagnostic.ts';
import { asImageError, ImageError } from '../../errors.ts';
import type { Location } from '../../location.ts';
import type { BootSetup } from '../../root/image-facts.ts';
import type { RootView } from '../../root/root-view.ts';
import { locateEntry } from '../conf-files/conf-files.ts';
import type { Gap } from '../fact.ts';
import { resolveUnitReference } from './directives/list-kinds.ts';
import { findDirective, sectionsOf, sectionsWithKey } from './directives/registry.ts';
import { EnablementLinks } from './enablement.ts';
import type { GeneratedAlias, GeneratedLink } from './generators/generated.ts';
import { type GeneratorResult, runGenerators } from './generators/run-generators.ts';
import { isHiddenOrBackup } from './hidden-names.ts';
import { HostReader } from './host-names.ts';
import { type LinkKind, LoadedUnit } from './loaded-unit.ts';
import { ManagerDefaults } from './manager-defaults.ts';
import { isPerpetual } from './perpetual.ts';
import { Presets } from './presets.ts';
import { expandSpecifiers } from './specifiers.ts';
import { findSystemdVersion, type SystemdVersion } from './systemd-version.ts';
import { type ParsedUnitFile, parseUnitFile } from './unit-file-parser.ts';
import { type DropInDirectory, UnitIndex } from './unit-index.ts';
import { dropInNames, instantiate, parseUnitName, type UnitName } from './unit-name.ts';
import { findLoadError } from './verify-unit.ts';

/** As many units as the manager itself would hold are more than any image has; templates can name each other without end. */
const maxUnits = 8192;
/** Assignments of one unit, and of all units together: drop-ins count for every unit they apply to. */
const maxAssignments = 10_000;
const maxAssignmentsInAll = 2_000_000;

/** A unit file after reading. */
export interface ReadFile {
  readonly parsed: ParsedUnitFile;
  readonly place: Location;
  /** The place is the line that a generated file comes from. */
  readonly isLine: boolean;
}

export interface UnitSetOptions {
  /** Debian's name of the architecture, for `%a`. */
  readonly architecture?: () => string | undefined;
  /** Kernel command line of the boot entry, for generators and conditions. */
  readonly commandLine?: { readonly text: string; readonly location: Location };
  /** What takes part in booting, for mounts by partition type. */
  readonly boot?: BootSetup;
  /** Instead of the one found in the image. */
  readonly version?: SystemdVersion;
}

export class UnitSet {
  readonly view: RootView;
  readonly index: UnitIndex;
  readonly host: HostReader;
  readonly commandLine: UnitSetOptions['commandLine'] | undefined;
  readonly boot: BootSetup | undefined;
  readonly #generators: GeneratorResult;
  readonly #units = new Map<string, LoadedUnit>();
  readonly #files = new Map<string, ReadFile>();
  readonly #texts = new Map<string, string | undefined>();
  #assignments = 0;
  #manager: ManagerDefaults | undefined;
  #version: SystemdVersion | undefined;
  #links: EnablementLinks | undefined;
  #presets: Presets | undefined;

  constructor(view: RootView, options: UnitSetOptions = {}) {
    this.view = view;
    this.#generators = runGenerators(view, options.commandLine, options.boot);
    this.index = new UnitIndex(view, this.#generators.generated);
    this.host = new HostReader(view, options.architecture);
    this.#version = options.version;
    this.commandLine = options.commandLine;
    this.boot = options.boot;
  }

  /** Evidence that could not be read and may hide any unit: unit directories, files that generators read. */
  get gaps(): readonly Gap[] {
    const directories = this.index.failures.map(({ path, error }) => ({
      cause: { location: this.view.locate(path), ...damageFrom(error) },
    }));
    return [...directories, ...this.#generators.gaps];
  }

  /** Links that generators make at boot. */
  get generatedLinks(): readonly GeneratedLink[] {
    return this.#generators.generated.links;
  }

  /** Names that generators give to units at boot. */
  get generatedAliases(): readonly GeneratedAlias[] {
    return this.#generators.generated.aliases ?? [];
  }

  /** The systemd of the image. */
  get version(): SystemdVersion {
    this.#version ??= findSystemdVersion(this.view);
    return this.#version;
  }

  get manager(): ManagerDefaults {
    this.#manager ??= new ManagerDefaults(this.view);
    return this.#manager;
  }

  get links(): EnablementLinks {
    this.#links ??= new EnablementLinks(this);
    return this.#links;
  }

  get presets(): Presets {
    this.#presets ??= new Presets(this.view, this.version);
    return this.#presets;
  }

  /** The parsed files of a unit in the order they are applied. */
  filesOf(unit: LoadedUnit): readonly ParsedUnitFile[] {
    return this.readFilesOf(unit).map(({ parsed }) => parsed);
  }

  /** The same with their places. Throws if one cannot be read. */
  readFilesOf(unit: LoadedUnit): readonly ReadFile[] {
    const paths = [...(unit.fragmentPath === undefined ? [] : [unit.fragmentPath]), ...this.#findDropIns(unit)];
    return paths.flatMap((path) => {
      const file = this.index.pathState(path) === 'file' ? this.#readFile(unit.name, path) : undefined;
      return file ? [file] : [];
    });
  }

  /** The unit a name stands for; undefined if it is no unit name. Not-found units are units too. */
  load(name: string): LoadedUnit | undefined {
    const known = this.#units.get(name);
    if (known) return known;
    const asked = parseUnitName(name);
    if (!asked) return undefined;
    if (this.#units.size >= maxUnits) throw tooMuch(`more than ${maxUnits} names of units are in use`);
    const fragment = this.index.findFragment(name);
    const path = typeof fragment === 'object' ? fragment.path : undefined;
    const main = path === undefined ? asked : mainName(asked, path);
    const names = path === undefined ? new Set([name]) : this.index.namesOf(name, path);
    const unit = this.#units.get(main.name) ?? this.#read(main, names, path);
    for (const each of unit.names) this.#units.set(each, unit);
    this.#units.set(name, unit);
    return unit;
  }

  /** Whether enabling the unit could make a link: false only if its file was read, says nothing of [Install], and has no drop-ins. */
  mayHaveInstall(name: string): boolean {
    const parsed = parseUnitName(name);
    const file = this.index.findFile(name);
    if (!parsed || typeof file !== 'object') return false;
    const directories = [...dropInNames(parsed), parsed.type].map((each) => `${each}.d`);
    if (directories.some((each) => this.index.dropInDirectories(each).length > 0)) return true;
    try {
      return this.#readText(file.path)?.includes('[Install]') ?? false;
    } catch (thrown) {
      asImageError(thrown);
      return true;
    }
  }

  #read(name: UnitName, names: ReadonlySet<string>, path: string | undefined): LoadedUnit {
    const scope = { name, fragmentPath: path, host: () => this.host.read() };
    const context = { unit: name, expand: (text: string) => expandSpecifiers(text, scope) };
    const sorted = [...names].filter((each) => each !== name.name).sort(compareNames);
    const unit = new LoadedUnit(name, [name.name, ...sorted], context, this.version);
    if (path !== undefined) this.#readFragment(unit, path);
    else if (loadsWithoutFile(name)) unit.loadState = 'loaded';
    if (unit.loadState === 'not-found' || unit.loadState === 'error' || unit.loadError !== undefined) return unit;
    this.#readLinks(unit);
    unit.dropInPaths = this.#findDropIns(unit);
    if (unit.loadState === 'masked') return unit;
    for (const dropIn of unit.dropInPaths) this.#readDropIn(unit, dropIn);
    const error = findLoadError(unit);
    if (error !== undefined) {
      unit.loadState = 'bad-setting';
      unit.loadError = error;
    }
    return unit;
  }

  #readFragment(unit: LoadedUnit, path: string): void {
    try {
      const state = this.index.pathState(path);
      if (state === 'missing') return;
      unit.fragmentPath = path;
      unit.fragment = this.index.generatedFile(path)?.origin ?? this.view.locate(path);
      if (state === 'masked') {
        if (parseUnitName(unit.id)?.type === 'target' || !isPerpetual(unit.name)) unit.loadState = 'masked';
        else unit.loadState = 'loaded';
        unit.fragment = this.index.generatedFile(path)?.origin ?? locateEntry(this.view, path);
        return;
      }
      const file = state === 'file' ? this.#readFile(unit.name, path) : undefined;
      if (!file) {
        unit.loadState = 'error';
        unit.loadError = `${path} is not a regular file`;
        return;
      }
      unit.loadState = 'loaded';
      const fatal = this.#apply(unit, file);
      if (fatal !== undefined) {
        unit.loadState = fatal === 'syntax' ? 'error' : 'bad-setting';
        unit.loadError ??= 'the unit file has a fatal error';
      }
    } catch (thrown) {
      const error = asImageError(thrown);
      unit.damage.push(damageFrom(error));
      unit.loadState = 'error';
      unit.loadError = error.message;
      unit.fragmentPath = path;
    }
  }

  #readDropIn(unit: LoadedUnit, path: string): void {
    try {
      if (this.index.pathState(path) !== 'file') return;
      const file = this.#readFile(unit.name, path);
      const before = unit.loadError;
      if (file) this.#apply(unit, file);
      unit.loadError = before;
    } catch (thrown) {
      unit.damage.push(damageFrom(asImageError(thrown)));
    }
  }

  #readText(path: string): string | undefined {
    if (!this.#texts.has(path)) this.#texts.set(path, this.view.readText(path));
    return this.#texts.get(path);
  }

  #readFile(name: UnitName, path: string): ReadFile | undefined {
    const key = `${name.type}:${path}`;
    const known = this.#files.get(key);
    if (known) return known;
    const generated = this.index.generatedFile(path);
    const text = generated?.text ?? this.#readText(path);
    if (text === undefined) return undefined;
    const sections = sectionsOf(name.type);
    const parsed = parseUnitFile(text, (section) => sections.has(section));
    const file = generated
      ? { parsed, place: generated.origin, isLine: true }
      : { parsed, place: this.view.locate(path), isLine: false };
    this.#files.set(key, file);
    return file;
  }

  /** Applies the assignments of one file; the answer says what kind of error ended it early. */
  #apply(unit: LoadedUnit, file: ReadFile): 'syntax' | 'value' | undefined {
    const { parsed } = file;
    const at = (line: number): Location => placeOfLine(file, line);
    for (const { kind, line, message } of parsed.problems) unit.problems.push({ kind, message, location: at(line) });
    unit.assignments += parsed.assignments.length;
    this.#assignments += parsed.assignments.length;
    if (unit.assignments > maxAssignments) throw tooMuch(`${unit.id} has more than ${maxAssignments} assignments`);
    if (this.#assignments > maxAssignmentsInAll)
      throw tooMuch(`the units have more than ${maxAssignmentsInAll} assignments in all`);
    for (const { section, key, value, line } of parsed.assignments) {
      const row = findDirective(section, key);
      if (!row) {
        if (key.startsWith('X-')) continue;
        const wrongSection = sectionsWithKey(key).length > 0;
        const message = `Unknown key '${key}' in section [${section}], ignoring.`;
        unit.problems.push({ kind: wrongSection ? 'wrong-section' : 'unknown-key', message, location: at(line) });
      } else if (!unit.assign(row, { value, location: at(line) })) return 'value';
    }
    if (!parsed.fatal) return undefined;
    const { kind, line, message } = parsed.fatal;
    unit.problems.push({ kind, message, location: at(line) });
    unit.loadError = message;
    return 'syntax';
  }

  /** Directories `NAME.suffix` of every name of the unit, by priority and then by how specific they are, type level last. */
  #dropInDirectories(unit: LoadedUnit, suffix: string): readonly string[] {
    const paths = new Set<string>();
    for (const names of unit.dropInNames) {
      const found: DropInDirectory[] = [];
      for (const each of names) found.push(...this.index.dropInDirectories(each + suffix));
      if (found.length > 1) found.sort((a, b) => a.rank - b.rank);
      for (const { path } of found) paths.add(path);
    }
    for (const { path } of this.index.dropInDirectories(unit.name.type + suffix)) paths.add(path);
    return [...paths];
  }

  /** Files of those directories, the first directory that has a name wins. */
  #dropInFiles(unit: LoadedUnit, suffix: string, accepts: (name: string) => boolean): ReadonlyMap<string, string> {
    const files = new Map<string, string>();
    for (const directory of this.#dropInDirectories(unit, suffix)) {
      try {
        for (const { name } of this.view.list(directory) ?? []) {
          if (!isHiddenOrBackup(name) && accepts(name) && !files.has(name)) files.set(name, `${directory}/${name}`);
        }
      } catch (thrown) {
        unit.damage.push(damageFrom(asImageError(thrown)));
      }
    }
    return files;
  }

  #findDropIns(unit: LoadedUnit): readonly string[] {
    const files = this.#dropInFiles(unit, '.d', (name) => name.endsWith('.conf'));
    return [...files].sort(([a], [b]) => compareNames(a, b)).map(([, path]) => path);
  }

  #readLinks(unit: LoadedUnit): void {
    for (const { from, kind, to, origin } of this.generatedLinks) {
      if (unit.names.includes(from)) unit.links[kind].push({ unit: to, location: origin, path: origin.path ?? '' });
    }
    const kinds: readonly (readonly [LinkKind, string])[] = [
      ['Wants', '.wants'],
      ['Requires', '.requires'],
      ['Upholds', '.upholds'],
    ];
    for (const [kind, suffix] of kinds) {
      if (kind === 'Upholds' && !this.version.atLeast(254)) continue;
      const files = this.#dropInFiles(unit, suffix, () => true);
      for (const [entry, path] of [...files].sort(([a], [b]) => compareNames(a, b))) {
        const target = this.#linkedUnit(unit, entry, path);
        if (target !== undefined) unit.links[kind].push({ unit: target, location: locateEntry(this.view, path), path });
      }
    }
  }

  /** The unit a link in a `.wants` directory names: by the link's own name, whatever it points to. */
  #linkedUnit(unit: LoadedUnit, entry: string, path: string): string | undefined {
    try {
      if (this.view.readLink(path) === undefined || this.index.pathState(path) === 'masked') return undefined;
      return resolveUnitReference(entry, unit.context);
    } catch (thrown) {
      unit.damage.push(damageFrom(asImageError(thrown)));
      return undefined;
    }
  }
}

/** A line of a unit file; of a generated one the line that it comes from. */
export function placeOfLine({ place, isLine }: ReadFile, line: number): Location {
  return isLine ? place : { source: place.source, path: place.path ?? '', line };
}

function tooMuch(message: string): ImageError {
  return new ImageError('limit', 'systemd/too-many-units', message, {
    remedy: 'no real image has that many: look at what fills its unit directories',
  });
}

/** The file's name is the unit's; a template's takes the instance asked for. */
function mainName(asked: UnitName, path: string): UnitName {
  const base = parseUnitName(path.slice(path.lastIndexOf('/') + 1));
  if (!base) return asked;
  if (base.form !== 'template' || asked.form !== 'instance') return base;
  const instance = instantiate(base, asked.instance ?? '');
  return (instance === undefined ? undefined : parseUnitName(instance)) ?? asked;
}

/** Units that exist without a file. */
function loadsWithoutFile(name: UnitName): boolean {
  return name.type === 'slice' || name.type === 'device' || isPerpetual(name);
}
