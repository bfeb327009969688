/**
 * UnitFileState: what `systemctl is-enabled` answers. It looks at links by name and at [Install], never at what the manager
 * would pull in: that is `startup`. install.c (unit_file_lookup_state, find_symlinks_in_scope).
 */
import type { Location } from '../../location.ts';
import { locateEntry } from '../conf-files/conf-files.ts';
import type { Standing } from '../fact.ts';
import { hasInstallRules, type InstallSection, readInstallSection } from './install-section.ts';
import { isGeneratorDirectory, isRuntimeDirectory } from './search-path.ts';
import type { UnitFileState } from './unit-fact.ts';
import { parseUnitName, templateOf } from './unit-name.ts';
import type { UnitSet } from './unit-set.ts';

export interface Enablement {
  readonly state: UnitFileState;
  /** The link or file that decides, where there is one. */
  readonly because?: Location;
}

const configDirectory = '/etc/systemd/system';

/** A symlink in a unit directory or in one of its `.wants` and `.requires` directories. */
interface UnitLink {
  readonly name: string;
  /** Base name of what it points to. */
  readonly target: string;
  readonly path: string;
  /** Directly in the unit directory: an alias or a linked unit. */
  readonly direct: boolean;
}

/** The links of all unit directories, read once, and the states that were told. */
export class EnablementLinks {
  readonly states = new Map<string, { readonly value: Enablement; readonly standing: Standing }>();
  readonly #set: UnitSet;
  readonly #byDirectory = new Map<string, ReadonlyMap<string, readonly UnitLink[]>>();

  constructor(set: UnitSet) {
    this.#set = set;
  }

  /** Links of one unit directory that carry or point to `name`. */
  find(directory: string, name: string): readonly UnitLink[] {
    let links = this.#byDirectory.get(directory);
    if (!links) {
      links = byName(this.#read(directory));
      this.#byDirectory.set(directory, links);
    }
    return links.get(name) ?? [];
  }

  #read(directory: string): readonly UnitLink[] {
    const suffixes = ['.wants', '.requires', ...(this.#set.version.atLeast(254) ? ['.upholds'] : [])];
    const links: UnitLink[] = [];
    for (const { name, type } of this.#set.view.list(directory) ?? []) {
      if (type === 'symlink') this.#add(links, directory, name, true);
      if (type === 'file' || !suffixes.some((suffix) => name.endsWith(suffix))) continue;
      for (const entry of this.#set.view.list(`${directory}/${name}`) ?? []) {
        if (entry.type === 'symlink') this.#add(links, `${directory}/${name}`, entry.name, false);
      }
    }
    return links;
  }

  #add(links: UnitLink[], directory: string, name: string, direct: boolean): void {
    const path = `${directory}/${name}`;
    const stored = this.#set.view.readLink(path);
    if (stored !== undefined) links.push({ name, target: stored.slice(stored.lastIndexOf('/') + 1), path, direct });
  }
}

/** Under its own name and under that of what it points to. */
function byName(links: readonly UnitLink[]): ReadonlyMap<string, readonly UnitLink[]> {
  const named = new Map<string, UnitLink[]>();
  for (const link of links) {
    for (const name of new Set([link.name, link.target])) {
      const others = named.get(name);
      if (others) others.push(link);
      else named.set(name, [link]);
    }
  }
  return named;
}

/** The state of the unit file behind a name. Throws if a unit directory cannot be read. */
export function findEnablement(set: UnitSet, name: string): Enablement {
  const known = set.links.states.get(name);
  if (known) {
    set.view.restOn(known.standing);
    return known.value;
  }
  const found = set.view.observe(() => lookUpState(set, name));
  set.links.states.set(name, found);
  return found.value;
}

function lookUpState(set: UnitSet, name: string): Enablement {
  const unit = set.load(name);
  const path = unit?.fragmentPath;
  if (!unit || path === undefined) return { state: set.index.hasName(name) ? 'bad' : 'not-found' };
  const directory = path.slice(0, path.lastIndexOf('/'));
  const at = unit.fragment ?? locateEntry(set.view, path);
  if (set.index.pathState(path) === 'masked')
    return { state: isRuntimeDirectory(directory) ? 'masked-runtime' : 'masked', because: at };
  const parsed = parseUnitName(name);
  const base = path.slice(path.lastIndexOf('/') + 1);
  const isInstance = parsed?.form === 'instance' && templateOf(parsed) === base;
  if (base !== name && !isInstance) return { state: 'alias', because: at };
  if (isGeneratorDirectory(directory)) return { state: 'generated', because: at };
  if (directory === '/run/systemd/transient') return { state: 'transient', because: at };
  const install = readInstallSection(set, unit);
  const linked = findByLinks(set, name, directory, (link) => isKnownName(link, name, install));
  if (linked) return linked;
  const elsewhere = findByLinks(set, name, directory, () => true);
  if (elsewhere) return { ...elsewhere, state: 'indirect' };
  return { state: hasInstallRules(install) ? 'disabled' : install.also.length > 0 ? 'indirect' : 'static' };
}

/** The state that links make. `counts` says which names of links are those that enabling would have made. */
function findByLinks(
  set: UnitSet,
  name: string,
  home: string,
  counts: (link: string) => boolean,
): Enablement | undefined {
  let runtime: UnitLink | undefined;
  let elsewhere: UnitLink | undefined;
  let sameNameConfig: UnitLink | undefined;
  let sameNameRuntime: UnitLink | undefined;
  let belowFile = false;
  for (const { path: directory } of set.index.directories) {
    const isRuntime = isRuntimeDirectory(directory);
    for (const link of set.links.find(directory, name)) {
      const byName = link.name === name && !belowFile;
      const byTarget = link.target === name;
      if (!byName && !byTarget) continue;
      if (link.direct && byName && byTarget) {
        if (directory === configDirectory) sameNameConfig = link;
        else if (isRuntime) sameNameRuntime = link;
        continue;
      }
      if (!counts(link.name)) continue;
      if (directory === configDirectory) return { state: 'enabled', because: locateEntry(set.view, link.path) };
      if (isRuntime) runtime ??= link;
      else elsewhere ??= link;
    }
    belowFile ||= directory === home;
  }
  const made = set.generatedLinks.find(({ to }) => (to === name || templateName(to) === name) && counts(to));
  if (made) return { state: 'enabled-runtime', because: made.origin };
  const alias = set.generatedAliases.find((each) => each.to === name && counts(each.name));
  if (alias) return { state: 'enabled-runtime', because: alias.origin };
  const found = (state: UnitFileState, link: UnitLink): Enablement => ({
    state,
    because: locateEntry(set.view, link.path),
  });
  if (runtime) return found('enabled-runtime', runtime);
  if (elsewhere && parseUnitName(name)?.form === 'instance') return found('static', elsewhere);
  if (sameNameConfig) return found('linked', sameNameConfig);
  if (sameNameRuntime) return found('linked-runtime', sameNameRuntime);
  return undefined;
}

function templateName(name: string): string | undefined {
  const parsed = parseUnitName(name);
  return parsed && templateOf(parsed);
}

/** Whether enabling the unit would have made a link of that name. */
function isKnownName(link: string, name: string, { aliases, defaultInstance }: InstallSection): boolean {
  if (link === name || aliases.includes(link)) return true;
  const parsed = parseUnitName(link);
  return (
    defaultInstance !== undefined &&
    parsed?.form === 'instance' &&
    templateOf(parsed) === name &&
    parsed.instance === defaultInstance
  );
}
