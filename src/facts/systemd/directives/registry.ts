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

/** Sections a unit of this type may have; others are ignored with a warning. */
export function sectionsOf(type: UnitType): ReadonlySet<string> {
  const own = ownSection[type];
  return new Set(own === undefined ? ['Unit', 'Install'] : ['Unit', own, 'Install']);
}

/** The section named after the type, if it has one. */
export function ownSectionOf(type: UnitType): Section | undefined {
  return ownSection[type];
}

let table: ReadonlyMap<string, DirectiveRow> | undefined;

/** The row of a key in a section, its targets spelled out; undefined if systemd does not know the key there. */
export function findDirective(section: string, key: string): DirectiveRow | undefined {
  table ??= buildTable();
  return table.get(`${section}.${key}`);
}

/** All directives as `Section.Key`, for documentation and completeness tests. */
export function listDirectives(): readonly string[] {
  table ??= buildTable();
  return [...table.keys()];
}

/** Sections in which a key has a meaning. */
export function sectionsWithKey(key: string): readonly string[] {
  return Object.keys(sections).filter((section) => findDirective(section, key) !== undefined);
}

function buildTable(): ReadonlyMap<string, DirectiveRow> {
  const map = new Map<string, DirectiveRow>();
  for (const [section, groups] of Object.entries(sections)) {
    for (const row of groups.flat()) {
      const target = row.target?.startsWith('.') ? section + row.target : row.target;
      map.set(`${section}.${row.key}`, target === undefined ? row : { ...row, target });
    }
  }
  return map;
}
