/** Dependencies a unit brings along, as `systemctl show` prints them. Those that other units add to it need the whole graph. */
import { dependenciesOf, dependencyKinds } from '../dependencies.ts';
import { mountsFor } from '../mounts-for.ts';
import { formatWord } from '../values/words.ts';
import { nonEmpty, type PropertyRow, property } from './property.ts';

export const dependencyProperties: readonly PropertyRow[] = [
  ...dependencyKinds.map((kind) =>
    property(kind, ({ unit }) => nonEmpty([...(dependenciesOf(unit).get(kind) ?? [])].join(' '))),
  ),
  property('RequiresMountsFor', ({ unit }) => nonEmpty([...mountsFor(unit).requires].map(formatWord).join(' '))),
  property('WantsMountsFor', ({ unit }) => nonEmpty([...mountsFor(unit).wants].map(formatWord).join(' '))),
];
