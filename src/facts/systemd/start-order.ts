/** Which of two units has its turn first when one start brings both: After= and Before= of either, mounts of paths, targets. */
import { type DependencyKind, dependenciesOf } from './dependencies.ts';
import { usesDefaults } from './implicit-dependencies.ts';
import type { LoadedUnit } from './loaded-unit.ts';
import { mountDependencies } from './mounts-for.ts';
import type { UnitSet } from './unit-set.ts';

/** When a unit starts, seen from the other: `after`, `before`, or in no order that their own lines give. */
export type StartOrder = 'after' | 'before' | 'none';

/** Only what the two say of each other: an order by way of a third unit is none. */
export function orderOfStart(set: UnitSet, unit: LoadedUnit, other: LoadedUnit): StartOrder {
  const isBefore = comesAfter(set, other, unit);
  const isAfter = comesAfter(set, unit, other) || (!isBefore && isTargetAfter(unit, other));
  if (isAfter === isBefore) return 'none';
  return isAfter ? 'after' : 'before';
}

function comesAfter(set: UnitSet, later: LoadedUnit, earlier: LoadedUnit): boolean {
  return (
    names(later, 'After', earlier) ||
    names(earlier, 'Before', later) ||
    mountDependencies(set, later).some(({ kind, unit }) => kind === 'After' && unit === earlier.id)
  );
}

function names(unit: LoadedUnit, kind: DependencyKind, other: LoadedUnit): boolean {
  const named = dependenciesOf(unit).get(kind);
  return named !== undefined && other.names.some((name) => named.has(name));
}

/** Targets come after what they pull in. */
function isTargetAfter(target: LoadedUnit, other: LoadedUnit): boolean {
  if (target.name.type !== 'target' || !usesDefaults(target) || !usesDefaults(other)) return false;
  return (['Requires', 'Requisite', 'Wants', 'BindsTo', 'Upholds'] as const).some((kind) => names(target, kind, other));
}
