/**
 * Dependencies as `systemctl show` prints them: those the unit brings along, or with the graph of all units also what others add.
 */
import { type DependencyKind, dependenciesOf, dependencyKinds } from '../dependencies.ts';
import { mountsFor } from '../mounts-for.ts';
import { type EdgeKind, edgeKinds } from '../unit-graph.ts';
import { formatWord } from '../values/words.ts';
import { nonEmpty, type PropertyRow, property } from './property.ts';

const ownKinds: ReadonlySet<string> = new Set(dependencyKinds);

function isOwn(kind: EdgeKind): kind is DependencyKind {
  return ownKinds.has(kind);
}

export const dependencyProperties: readonly PropertyRow[] = [
  ...edgeKinds.map((kind) =>
    property(kind, ({ unit, graph }) => {
      const names = graph ? graph.dependencies(unit, kind) : isOwn(kind) ? dependenciesOf(unit).get(kind) : undefined;
      return names === undefined ? undefined : nonEmpty([...names].map(formatWord).join(' '));
    }),
  ),
  property('SliceOf', ({ unit, graph }) =>
    unit.name.type === 'slice' && graph ? nonEmpty(graph.members(unit).map(formatWord).join(' ')) : undefined,
  ),
  property('RequiresMountsFor', ({ unit }) => nonEmpty([...mountsFor(unit).requires].map(formatWord).join(' '))),
  property('WantsMountsFor', ({ unit }) => nonEmpty([...mountsFor(unit).wants].map(formatWord).join(' '))),
];
