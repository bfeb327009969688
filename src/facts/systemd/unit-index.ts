/**
 * The names in the unit directories, read once: which file or alias a name stands for, and which drop-in directories exist.
 * unit-file.c (unit_file_build_name_map). No unit file is opened here.
 */
import { asImageError, type ImageError } from '../../errors.ts';
import type { RootView } from '../../root/root-view.ts';
import {
  type Generated,
  type GeneratedUnit,
  generatedPath,
  generatorDirectory,
  nothing,
} from './generators/generated.ts';
import { findSearchDirectories, type SearchDirectory, unitSearchPath } from './search-path.ts';
import { instantiate, isValidAliasLink, parseUnitName, templateOf } from './unit-name.ts';

const earlyGeneratorDirectory = '/run/systemd/generator.early';
const longestAliasChain = 8;
const dropInSuffixes = ['.d', '.wants', '.requires', '.upholds'];

/** What a path of the view is, as far as masks go. */
export type PathState = 'file' | 'masked' | 'missing' | 'other';

/** A directory such as `foo.service.d`. */
export interface DropInDirectory {
  readonly path: string;
  /** Place of its unit directory in the search path; lower wins. */
  readonly rank: number;
}

const noDirectories: readonly DropInDirectory[] = [];

export class UnitIndex {
  readonly directories: readonly SearchDirectory[];
  /** A directory of the search path that could not be read: every unit may be affected. */
  readonly failures: readonly { readonly path: string; readonly error: ImageError }[];
  /** Links in unit directories that are broken as aliases, with the reason. */
  readonly badLinks: readonly { readonly path: string; readonly target: string }[];
  readonly #view: RootView;
  /** Name to the path of its file, or to the name it is an alias of. */
  readonly #ids = new Map<string, string>();
  /** `foo.service.d`, `foo.target.wants` to the directories of that name, by priority. */
  readonly #dropIns = new Map<string, DropInDirectory[]>();
  /** Files that generators would make, by their path. */
  readonly #generated: Map<string, GeneratedUnit>;
  readonly #generatedAliases = new Set<string>();
  #aliases: ReadonlyMap<string, readonly string[]> | undefined;

  constructor(view: RootView, generated: Generated = nothing) {
    this.#view = view;
    this.#generated = new Map(generated.units.map((unit) => [generatedPath(unit), unit]));
    for (const { name, origin } of generated.masks) {
      const path = `${earlyGeneratorDirectory}/${name}`;
      this.#ids.set(name, path);
      this.#generated.set(path, { name, text: '', origin });
    }
    const failures: { path: string; error: ImageError }[] = [];
    const badLinks: { path: string; target: string }[] = [];
    let directories: readonly SearchDirectory[] = [];
    try {
      directories = findSearchDirectories(view, unitSearchPath);
    } catch (thrown) {
      failures.push({ path: '/etc/systemd/system', error: asImageError(thrown) });
    }
    const roots = new Set(directories.flatMap(({ path, resolved }) => [path, resolved]));
    let waiting = generated;
    for (const directory of directories) {
      if (unitSearchPath.indexOf(directory.path) > unitSearchPath.indexOf(generatorDirectory)) {
        this.#addGenerated(waiting, false);
        waiting = nothing;
      }
      try {
        this.#addDirectory(directory, roots, badLinks);
      } catch (thrown) {
        failures.push({ path: directory.path, error: asImageError(thrown) });
      }
    }
    this.#addGenerated(waiting, false);
    this.#addGenerated(generated, true);
    this.directories = directories;
    this.failures = failures;
    this.badLinks = badLinks;
  }

  /** Names of all unit files and aliases, templates included, in no order. */
  names(): readonly string[] {
    return [...this.#ids.keys()];
  }

  /** Whether any unit directory has an entry of that name. */
  hasName(name: string): boolean {
    return this.#ids.has(name) || this.badLinks.some(({ path }) => path.endsWith(`/${name}`));
  }

  /** Directories called `name` (with its suffix) in the unit directories, by priority. */
  dropInDirectories(name: string): readonly DropInDirectory[] {
    return this.#dropIns.get(name) ?? noDirectories;
  }

  /** Names of all directories with that suffix. */
  dropInDirectoryNames(suffix: string): readonly string[] {
    return [...this.#dropIns.keys()].filter((name) => name.endsWith(suffix));
  }

  /** Path of the file a name leads to through aliases; `broken` if the chain ends nowhere or in a loop. */
  findFile(name: string): { readonly path: string } | 'missing' | 'broken' {
    let id = name;
    for (let hop = 0; hop < longestAliasChain; hop++) {
      let target = this.#ids.get(id);
      if (target === undefined) {
        if (hop === 0) return 'missing';
        const parsed = parseUnitName(id);
        const template = parsed && templateOf(parsed);
        target = template === undefined ? undefined : this.#ids.get(template);
        if (target === undefined) return 'broken';
      }
      if (target.startsWith('/')) return { path: target };
      id = target;
    }
    return 'broken';
  }

  /** Path of the file of a unit: under its own name, else (instances) under its template's. */
  findFragment(name: string): { readonly path: string } | 'missing' | 'broken' {
    const own = this.findFile(name);
    const parsed = parseUnitName(name);
    if (own !== 'missing' || parsed?.form !== 'instance') return own;
    const template = templateOf(parsed);
    return template === undefined ? own : this.findFile(template);
  }

  /** All names of the unit `name` whose file is `fragment`: itself, the file's, and every alias. */
  namesOf(name: string, fragment: string): ReadonlySet<string> {
    const names = new Set([name]);
    const parsed = parseUnitName(name);
    const base = fragment.slice(fragment.lastIndexOf('/') + 1);
    const instance = parsed?.form === 'instance' ? parsed.instance : undefined;
    for (const start of [base, name]) {
      this.#addName(start, instance, base, names);
      for (const alias of this.#aliasMap().get(start) ?? []) this.#addName(alias, instance, base, names);
    }
    return names;
  }

  /** A file that only exists once the generators ran. */
  generatedFile(path: string): GeneratedUnit | undefined {
    return this.#generated.get(path);
  }

  /** Whether only a generator gives a unit that name. */
  isGeneratedAlias(name: string): boolean {
    return this.#generatedAliases.has(name);
  }

  /** Whether the path is a mask: empty, or a link that ends at /dev/null. Unreadable paths throw. */
  pathState(path: string): PathState {
    const generated = this.#generated.get(path);
    if (generated) return generated.text === '' ? 'masked' : 'file';
    const resolution = this.#view.resolve(path);
    if (resolution.state === 'unreadable') throw resolution.error;
    if (resolution.path === '/dev/null') return 'masked';
    if (resolution.state === 'missing') return 'missing';
    const stat = resolution.fileSystem.stat(resolution.node);
    if (stat.type === 'character' || stat.type === 'block') return 'masked';
    if (stat.type !== 'file') return 'other';
    return stat.size === 0 ? 'masked' : 'file';
  }

  #addGenerated({ units, aliases = [] }: Generated, late: boolean): void {
    const isNow = (one: { readonly name: string; readonly late?: true }): boolean =>
      (one.late ?? false) === late && !this.#ids.has(one.name);
    for (const { name, to } of aliases.filter(isNow)) {
      this.#ids.set(name, to);
      this.#generatedAliases.add(name);
    }
    for (const unit of units.filter(isNow)) this.#ids.set(unit.name, generatedPath(unit));
  }

  #addName(name: string, instance: string | undefined, base: string, names: Set<string>): void {
    const parsed = parseUnitName(name);
    if (!parsed) return;
    if (parsed.form !== 'template' || instance === undefined) {
      if (parsed.form !== 'template') names.add(name);
      return;
    }
    const instantiated = instantiate(parsed, instance);
    if (instantiated === undefined) return;
    const file = this.findFile(instantiated);
    if (typeof file === 'object' && !file.path.endsWith(`/${base}`)) return;
    names.add(instantiated);
  }

  /** Main name (of the file) to every name that leads to it. */
  #aliasMap(): ReadonlyMap<string, readonly string[]> {
    if (this.#aliases) return this.#aliases;
    const map = new Map<string, string[]>();
    for (const [name, target] of this.#ids) {
      if (target.startsWith('/')) continue;
      const file = this.findFile(name);
      if (typeof file !== 'object') continue;
      const main = file.path.slice(file.path.lastIndexOf('/') + 1);
      map.set(main, [...(map.get(main) ?? []), name]);
    }
    this.#aliases = map;
    return map;
  }

  #addDirectory(
    directory: SearchDirectory,
    roots: ReadonlySet<string>,
    badLinks: { path: string; target: string }[],
  ): void {
    for (const entry of this.#view.list(directory.path) ?? []) {
      const path = `${directory.path}/${entry.name}`;
      const parsed = parseUnitName(entry.name);
      if (!parsed) {
        if (entry.type !== 'directory' && entry.type !== 'symlink') continue;
        if (!dropInSuffixes.some((suffix) => entry.name.endsWith(suffix))) continue;
        const list = this.#dropIns.get(entry.name);
        const found = { path, rank: unitSearchPath.indexOf(directory.path) };
        if (list) list.push(found);
        else this.#dropIns.set(entry.name, [found]);
        continue;
      }
      if (this.#ids.has(entry.name)) continue;
      if (entry.type === 'file') this.#ids.set(entry.name, path);
      else if (entry.type === 'symlink') {
        const id = this.#followLink(directory, entry.name, roots);
        if (id.valid) this.#ids.set(entry.name, id.target);
        else badLinks.push({ path, target: id.target });
      }
    }
  }

  /** A link into the search path is an alias (of a name); any other is a file of its own (linked unit or mask). */
  #followLink(
    directory: SearchDirectory,
    name: string,
    roots: ReadonlySet<string>,
  ): { readonly valid: boolean; readonly target: string } {
    const path = `${directory.path}/${name}`;
    const stored = this.#view.readLink(path) ?? '';
    const target = stored.startsWith('/') ? stored : `${directory.path}/${stored}`;
    const resolution = this.#view.resolve(target, 'parents');
    const simplified = resolution.state === 'unreadable' ? target : resolution.path;
    const parent = ancestors(simplified).find((ancestor) => roots.has(ancestor));
    if (parent === undefined) return { valid: true, target: path };
    const targetName = simplified.slice(simplified.lastIndexOf('/') + 1);
    return { valid: isValidAliasLink(name, targetName), target: targetName };
  }
}

function ancestors(path: string): readonly string[] {
  const parts = path.split('/');
  return parts.slice(1, -1).map((_, i) => parts.slice(0, i + 2).join('/'));
}
