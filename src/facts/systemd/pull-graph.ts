/** Which units a unit's start job pulls in, each with the line or link that says so. transaction.c, unit.c. */
import type { Location } from '../../location.ts';
import { dependenciesOf } from './dependencies.ts';
import { resolveUnitReference } from './directives/list-kinds.ts';
import type { LoadedUnit } from './loaded-unit.ts';
import { mountDependencies } from './mounts-for.ts';
import type { PullStep } from './unit-fact.ts';
import type { UnitSet } from './unit-set.ts';
import { splitWords } from './values/words.ts';

/** Dependencies that start the other unit too. */
export const pullingKinds = ['Requires', 'BindsTo', 'Wants', 'Upholds'] as const;
export type PullingKind = (typeof pullingKinds)[number];

/** The units pulled in, each once, with how. */
export function pulledBy(set: UnitSet, unit: LoadedUnit): readonly PullStep[] {
  const steps = new Map<string, PullStep>();
  const own = unit.fragment;
  for (const kind of pullingKinds) {
    const links = kind === 'BindsTo' ? [] : unit.links[kind];
    for (const link of links)
      addStep(steps, { unit: link.unit, by: `.${kind.toLowerCase()}/`, location: link.location });
    for (const { name, location } of namedUnits(unit, kind)) addStep(steps, { unit: name, by: `${kind}=`, location });
    if (!own) continue;
    for (const name of dependenciesOf(unit).get(kind) ?? [])
      addStep(steps, { unit: name, by: `${kind}= (implied)`, location: own });
  }
  for (const { kind, unit: mount } of own ? mountDependencies(set, unit) : []) {
    if (kind !== 'After' && own) addStep(steps, { unit: mount, by: `${kind}MountsFor=`, location: own });
  }
  return [...steps.values()];
}

function addStep(steps: Map<string, PullStep>, step: PullStep): void {
  if (!steps.has(step.unit)) steps.set(step.unit, step);
}

/** What the lines of a dependency name, each with its line. */
export function namedUnits(
  unit: LoadedUnit,
  kind: PullingKind | 'Requisite' | 'Conflicts',
): readonly { readonly name: string; readonly location: Location }[] {
  return (unit.settings.get(`Unit.${kind}`)?.values ?? []).flatMap(({ value, location }) =>
    splitWords(value, 'retain').words.flatMap((word) => {
      const name = resolveUnitReference(unit.context.expand(word), unit.context);
      return name === undefined ? [] : [{ name, location }];
    }),
  );
}
