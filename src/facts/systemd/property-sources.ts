/** Which lines of which files make a property of `systemctl show`: the provenance behind `--why`. */
import type { Location } from '../../location.ts';
import { locateEntry } from '../conf-files/conf-files.ts';
import { ownSectionOf } from './directives/registry.ts';
import { findEnablement } from './enablement.ts';
import type { LinkKind, LoadedUnit } from './loaded-unit.ts';
import type { UnitSet } from './unit-set.ts';

export interface SourceLine {
  /** `Restart=always`; for what no line says, the path of a file or link. */
  readonly text: string;
  readonly location: Location;
}

export interface PropertySources {
  /** What the value comes from. Empty: systemd's own default. */
  readonly set: readonly SourceLine[];
  /** What it overrides, latest first. */
  readonly beats: readonly SourceLine[];
}

/** Settings behind a property whose name is not theirs: keys of the unit's own section, or `Section.Key`. */
const settingsOf: Readonly<Record<string, readonly string[]>> = {
  CPUQuotaPerSecUSec: ['CPUQuota'],
  DelegateControllers: ['Delegate'],
  EnvironmentFiles: ['EnvironmentFile'],
  Paths: ['Watch'],
  SyslogPriority: ['SyslogFacility', 'SyslogLevel'],
  TimersCalendar: ['Elapse'],
  TimersMonotonic: ['Elapse'],
};

/** Defaults of system.conf for settings that a unit does not make. */
const defaultOf: Readonly<Record<string, string>> = {
  StartLimitIntervalSec: 'DefaultStartLimitIntervalSec',
  AccuracySec: 'DefaultTimerAccuracySec',
  JobRunningTimeoutSec: 'DefaultDeviceTimeoutSec',
  MemoryPressureThresholdSec: 'DefaultMemoryPressureThresholdSec',
};

const linkKinds: ReadonlySet<string> = new Set<LinkKind>(['Wants', 'Requires', 'Upholds']);

/** The lines behind a property of a loaded unit. Throws if a unit directory cannot be read. */
export function findPropertySources(set: UnitSet, unit: LoadedUnit, property: string): PropertySources {
  switch (property) {
    case 'LoadState':
    case 'FragmentPath':
    case 'Id':
      return only(unit.fragment ? [{ text: unit.fragmentPath ?? '', location: unit.fragment }] : []);
    case 'DropInPaths':
      return only(unit.dropInPaths.map((path) => ({ text: path, location: locateEntry(set.view, path) })));
    case 'UnitFileState':
      return only(located(unit.id, findEnablement(set, unit.id).because));
    case 'UnitFilePreset':
      return only(located(unit.id, set.presets.decide(unit.id).location));
    default:
      return fromSettings(set, unit, property);
  }
}

function fromSettings(set: UnitSet, unit: LoadedUnit, property: string): PropertySources {
  const keys = settingsOf[property] ?? [directiveName(property)];
  const section = ownSectionOf(unit.name.type) ?? 'Unit';
  const lines: SourceLine[] = [];
  const beats: SourceLine[] = [];
  for (const key of keys) {
    const ids = key.includes('.') ? [key] : [`${section}.${key}`, ...(section === 'Unit' ? [] : [`Unit.${key}`])];
    for (const id of ids) {
      const setting = unit.settings.get(id);
      const name = id.slice(id.indexOf('.') + 1);
      if (setting?.reset) lines.push({ text: `${name}=`, location: setting.reset.location });
      for (const { value, location } of setting?.values ?? []) lines.push({ text: `${name}=${value}`, location });
      for (const { value, location } of setting?.beats ?? []) beats.push({ text: `${name}=${value}`, location });
    }
    if (lines.length === 0) lines.push(...fromManager(set, key));
  }
  if (isLinkKind(property)) lines.push(...unit.links[property].map(({ path, location }) => ({ text: path, location })));
  return { set: lines, beats };
}

/** The last line of system.conf that makes the default. */
function fromManager(set: UnitSet, key: string): readonly SourceLine[] {
  const name = defaultOf[key] ?? `Default${key}`;
  const last = set.manager.assignments.get(name)?.at(-1);
  return last ? [{ text: `${name}=${last.value}`, location: last.location }] : [];
}

/** The directive's spelling: `RestartSec` for `RestartUSec`, `ExecStart` for `ExecStartEx`, `LimitNOFILE` for its soft limit. */
function directiveName(property: string): string {
  if (property.startsWith('Exec')) return property.replace(/Ex$/, '');
  if (property.startsWith('Limit')) return property.replace(/Soft$/, '');
  return property.replace(/USec$/, 'Sec');
}

function only(set: readonly SourceLine[]): PropertySources {
  return { set, beats: [] };
}

function located(text: string, location: Location | undefined): readonly SourceLine[] {
  return location ? [{ text, location }] : [];
}

function isLinkKind(property: string): property is LinkKind {
  return linkKinds.has(property);
}
