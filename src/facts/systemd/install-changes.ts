/** Links that `systemctl enable`, `preset` and `preset-all` would make and remove. install.c. Nothing is written. */
import { hasInstallRules, readInstallSection } from './install-section.ts';
import type { LoadedUnit } from './loaded-unit.ts';
import { instantiate, parseUnitName } from './unit-name.ts';
import type { UnitSet } from './unit-set.ts';

export interface InstallChanges {
  /** Link path to what it points to. */
  readonly made: ReadonlyMap<string, string>;
  readonly removed: ReadonlySet<string>;
}

const configDirectory = '/etc/systemd/system';

/** The links of enabling these units and all that their Also= names. */
export function linksOfEnabling(set: UnitSet, names: readonly string[]): ReadonlyMap<string, string> {
  const links = new Map<string, string>();
  for (const name of withAlso(set, names)) addLinks(set, name, links);
  return links;
}

/** What applying the presets to these units changes in /etc. */
export function changesOfPresets(set: UnitSet, names: readonly string[]): InstallChanges {
  const enable: string[] = [];
  const removed = new Set<string>();
  for (const name of names) {
    const { action, instances } = set.presets.decide(name);
    const parsed = parseUnitName(name);
    if (action === 'enable' && instances.length > 0 && parsed?.form === 'template')
      enable.push(...instances.flatMap((instance) => instantiate(parsed, instance) ?? []));
    else if (action === 'enable') enable.push(name);
    else if (action === 'disable') for (const path of linksTo(set, name)) removed.add(path);
  }
  const made = new Map([...linksOfEnabling(set, enable)].filter(([path]) => set.view.lstat(path) === undefined));
  return { made, removed };
}

/** Names of unit files that presets apply to: not masks, aliases or what generators made. `among` spares loading the others. */
export function presetCandidates(set: UnitSet, among: (name: string) => boolean = () => true): readonly string[] {
  return set.index.names().filter((name) => {
    if (!among(name)) return false;
    const unit = set.load(name);
    return unit?.id === name && unit.fragmentPath !== undefined && unit.loadState !== 'masked';
  });
}

function withAlso(set: UnitSet, names: readonly string[]): ReadonlySet<string> {
  const all = new Set<string>();
  const todo = [...names];
  for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
    if (all.has(name)) continue;
    all.add(name);
    const unit = set.load(name);
    if (unit) todo.push(...readInstallSection(set, unit).also);
  }
  return all;
}

function addLinks(set: UnitSet, name: string, links: Map<string, string>): void {
  const unit = set.load(name);
  if (unit?.fragmentPath === undefined || unit.loadState === 'masked') return;
  const install = readInstallSection(set, unit);
  if (!hasInstallRules(install)) return;
  for (const alias of install.aliases) links.set(`${configDirectory}/${alias}`, unit.fragmentPath);
  const linkName = linkNameOf(unit, install.defaultInstance);
  if (linkName === undefined) return;
  const kinds = [
    ['wants', install.wantedBy],
    ['requires', install.requiredBy],
    ['upholds', install.upheldBy],
  ] as const;
  for (const [suffix, targets] of kinds) {
    for (const target of targets) links.set(`${configDirectory}/${target}.${suffix}/${linkName}`, unit.fragmentPath);
  }
}

/** A template is linked as its default instance, or not at all. */
function linkNameOf(unit: LoadedUnit, defaultInstance: string | undefined): string | undefined {
  if (unit.name.form !== 'template') return unit.id;
  return defaultInstance === undefined ? undefined : instantiate(unit.name, defaultInstance);
}

function linksTo(set: UnitSet, name: string): readonly string[] {
  return set.links
    .find(configDirectory, name)
    .filter((link) => !(link.direct && link.name === name))
    .map((link) => link.path);
}
