/** Other units that a unit cannot do without, or is there for, and that cannot be had. transaction.c, socket.c (socket_load_service_unit). */
import type { Location } from '../../../location.ts';
import { resolveUnitReference } from '../directives/list-kinds.ts';
import type { LoadedUnit } from '../loaded-unit.ts';
import { triggeredUnits } from '../triggers.ts';
import type { UnitSet } from '../unit-set.ts';
import { splitWords } from '../values/words.ts';
import { probeInstance } from './audited-settings.ts';
import type { AuditedReference, AuditedTrigger, DroppedDependency } from './unit-audit-fact.ts';

/** Settings without which the unit does not start. */
const needing = ['Requires', 'BindsTo', 'Requisite'] as const;

/** Needed units that are not loaded, and links of `.wants` directories that lead to none. */
export function auditReferences(set: UnitSet, unit: LoadedUnit): readonly AuditedReference[] {
  const found: AuditedReference[] = [];
  // A generator links to what systemd usually has, whether it is there or not.
  const generated = new Set(set.generatedLinks.map(({ origin }) => origin));
  const add = (by: string, name: string, location: Location): void => {
    if (name.includes(probeInstance) || unit.names.includes(name)) return;
    const other = set.load(name);
    if (other && (other.loadState === 'loaded' || other.damage.length > 0 || other.name.type === 'device')) return;
    found.push({ by, unit: name, loadState: other?.loadState ?? 'not-found', location });
  };
  for (const by of needing) for (const { name, location } of namesIn(unit, by)) add(by, name, location);
  for (const kind of ['Requires', 'Wants', 'Upholds'] as const)
    for (const { unit: name, location } of unit.links[kind])
      if (!generated.has(location) && (kind === 'Requires' || set.load(name)?.loadState === 'not-found'))
        add(`.${kind.toLowerCase()}/`, name, location);
  return found;
}

function namesIn(unit: LoadedUnit, key: string): readonly { readonly name: string; readonly location: Location }[] {
  return (unit.settings.get(`Unit.${key}`)?.values ?? []).flatMap(({ value, location }) =>
    splitWords(value, 'retain').words.flatMap((word) => {
      const name = resolveUnitReference(unit.context.expand(word), unit.context);
      return name === undefined ? [] : [{ name, location }];
    }),
  );
}

/** Kinds of which a dependency of a unit on itself is worth a warning. */
const notOnItself = ['Before', 'After', 'Conflicts', 'OnFailure', 'OnSuccess'] as const;

/** Dependencies that systemd drops: on the unit itself, of devices on an order, of what cannot fail. unit.c (unit_add_dependency). */
export function auditDropped(unit: LoadedUnit): readonly DroppedDependency[] {
  return notOnItself.flatMap((directive) =>
    namesIn(unit, directive).flatMap(({ name, location }): readonly DroppedDependency[] => {
      const entry = { directive, unit: name, location };
      if (unit.names.includes(name)) return [{ reason: 'itself', ...entry }];
      if (directive === 'Before' && name.endsWith('.device')) return [{ reason: 'device', ...entry }];
      const isResult = directive === 'OnFailure' || directive === 'OnSuccess';
      return isResult && unit.name.type === 'slice' ? [{ reason: 'no-failure', ...entry }] : [];
    }),
  );
}

/** The unit that a socket, timer or path starts, if it is not there; undefined if all is well. */
export function auditTrigger(set: UnitSet, unit: LoadedUnit): AuditedTrigger | undefined {
  const location = unit.fragment;
  if (!location || unit.name.type === 'automount') return undefined;
  for (const name of triggeredUnits(unit)) {
    const loadState = stateOf(set, name);
    if (loadState === undefined || name.includes(probeInstance)) continue;
    const instead = counterpart(set, unit);
    const place = triggerLocation(unit) ?? location;
    return { unit: name, loadState, location: place, ...(instead === undefined ? {} : { instead }) };
  }
  return undefined;
}

/** Its load state if it cannot be started; a template is asked for by any instance. */
function stateOf(set: UnitSet, name: string): AuditedTrigger['loadState'] | undefined {
  const unit = set.load(name.replace('@.', `@${probeInstance}.`));
  if (!unit || unit.loadState === 'loaded' || unit.damage.length > 0) return undefined;
  return unit.loadState;
}

/** `NAME.service` for a socket that wants `NAME@.service`, and the other way round, if that is there. */
function counterpart(set: UnitSet, unit: LoadedUnit): string | undefined {
  if (unit.name.type !== 'socket' || unit.text('Socket.Service') !== undefined) return undefined;
  const { prefix } = unit.name;
  const name = unit.flag('Socket.Accept') === true ? `${prefix}.service` : `${prefix}@.service`;
  return typeof set.index.findFile(name) === 'object' ? name : undefined;
}

function triggerLocation(unit: LoadedUnit): Location | undefined {
  const keys = { socket: 'Socket.Service', timer: 'Timer.Unit', path: 'Path.Unit' } as const;
  const { type } = unit.name;
  if (type !== 'socket' && type !== 'timer' && type !== 'path') return undefined;
  const accept = type === 'socket' ? unit.settings.get('Socket.Accept')?.values[0] : undefined;
  return (unit.settings.get(keys[type])?.values[0] ?? accept)?.location;
}
