/** Every directive of every section, by `Section.Key`, and which sections a type of unit has. load-fragment-gperf, 257. */
import type { UnitType } from '../unit-name.ts';
import { cgroupDirectives } from './cgroup-directives.ts';
import type { DirectiveRow, Section } from './directive.ts';
import { execDirectives, killDirectives } from './exec-directives.ts';
import {
  automountDirectives,
  mountDirectives,
  pathDirectives,
  swapDirectives,
  timerDirectives,
} from './other-directives.ts';
import { scopeDirectives, serviceDirectives } from './service-directives.ts';
import { socketDirectives } from './socket-directives.ts';
import { installDirectives, unitDirectives } from './unit-directives.ts';

const sections: Readonly<Record<Section, readonly (readonly DirectiveRow[])[]>> = {
  Unit: [unitDirectives],
  Install: [installDirectives],
  Service: [serviceDirectives, execDirectives, cgroupDirectives, killDirectives],
  Socket: [socketDirectives, execDirectives, cgroupDirectives, killDirectives],
  Mount: [mountDirectives, execDirectives, cgroupDirectives, killDirectives],
  Swap: [swapDirectives, execDirectives, cgroupDirectives, killDirectives],
  Automount: [automountDirectives],
  Timer: [timerDirectives],
  Path: [pathDirectives],
  Slice: [cgroupDirectives],
  Scope: [scopeDirectives, cgroupDirectives, killDirectives],
};

const ownSection: Readonly<Record<UnitType, Section | undefined>> = {
  service: 'Service',
  socket: 'Socket',
  mount: 'Mount',
  automount: 'Automount',
  swap: 'Swap',
  timer: 'Timer',
  path: 'Path',
  slice: 'Slice',
  scope: 'Scope',
  target: undefined,
  device: undefined,
};

const sectionsByType = new Map<UnitType, ReadonlySet<string>>();

/** Sections a unit of this type may have; others are ignored with a warning. */
export function sectionsOf(type: UnitType): ReadonlySet<string> {
  const known = sectionsByType.get(type);
  if (known) return known;
  const own = ownSection[type];
  const names = new Set(own === undefined ? ['Unit', 'Install'] : ['Unit', own, 'Install']);
  sectionsByType.set(type, names);
  return names;
}

/** The section named after the type, if it has one. */
export function ownSectionOf(type: UnitType): Section | undefined {
  return ownSection[type];
}

/** A row with the setting it writes spelled out. */
export interface KnownDirective extends DirectiveRow {
  /** `Section.Key`. */
  readonly id: string;
}

let table: ReadonlyMap<string, ReadonlyMap<string, KnownDirective>> | undefined;

/** The row of a key in a section, its targets spelled out; undefined if systemd does not know the key there. */
export function findDirective(section: string, key: string): KnownDirective | undefined {
  table ??= buildTable();
  return table.get(section)?.get(key);
}

/** All directives as `Section.Key`, for documentation and completeness tests. */
export function listDirectives(): readonly string[] {
  table ??= buildTable();
  return [...table.values()].flatMap((rows) => [...rows.values()].map(({ id }) => id));
}

/** Sections in which a key has a meaning. */
export function sectionsWithKey(key: string): readonly string[] {
  return Object.keys(sections).filter((section) => findDirective(section, key) !== undefined);
}

function buildTable(): ReadonlyMap<string, ReadonlyMap<string, KnownDirective>> {
  const bySection = new Map<string, ReadonlyMap<string, KnownDirective>>();
  for (const [section, groups] of Object.entries(sections)) {
    const rows = new Map<string, KnownDirective>();
    for (const group of groups) {
      for (const row of group) {
        const { key, kind, since, target, also } = row;
        const id = `${section}.${key}`;
        rows.set(key, {
          id,
          key,
          kind,
          since,
          ...(target === undefined ? {} : { target: target.startsWith('.') ? section + target : target }),
          ...(also === undefined ? {} : { also }),
        });
      }
    }
    bySection.set(section, rows);
  }
  return bySection;
}
