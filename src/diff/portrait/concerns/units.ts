/**
 * Units: whether they are enabled and start, and every directive with the assignments that count. What generators make is told
 * where it comes from: fstab under mounts, the command line under boot, the default target under system.
 */
import { findDirective } from '../../../facts/systemd/directives/registry.ts';
import type { Directive, UnitFact } from '../../../facts/systemd/unit-fact.ts';
import { type Concern, type FieldSource, makeRecord } from '../concern.ts';

export const unitsConcern: Concern = {
  id: 'units',
  title: 'units',
  needs: ['unit-files', 'unit', 'startup'],
  describe: (facts) => {
    const starts = facts.get('startup').units;
    const files = facts
      .get('unit-files')
      .files.filter(
        ({ name, state, isGenerated }) =>
          state !== 'generated' && !isGenerated && !(name === 'default.target' && state === 'alias'),
      );
    return files.map(({ name, state }) => {
      const unit = facts.get('unit', name);
      const isAlias = unit.id !== name && unit.loadState === 'loaded';
      // Being enabled and being started are one thing to tell, not two; what starts on demand follows from what demands it.
      const told = starts[name]?.state === 'boot' ? `${state}, starts at boot` : state;
      const fields: Record<string, FieldSource> = {
        state: { values: [told], ...placeOf(unit.enabledBy) },
        load: unit.loadState === 'loaded' ? undefined : unit.loadState,
        'alias of': isAlias ? unit.id : undefined,
      };
      // An alias has the directives of the unit it stands for, which is listed itself.
      return makeRecord(name, isAlias ? fields : { ...fields, ...describeDirectives(unit) }, unit.fragment);
    });
  },
};

/**
 * Each assignment once: an older name (`TimeoutSec`) is told by the settings that it writes; what fills one list under several
 * names (`OnCalendar`, `ListenStream`) is told by these, as far as the list still has it.
 */
function describeDirectives({ directives }: UnitFact): Readonly<Record<string, FieldSource>> {
  const fields: Record<string, FieldSource> = {};
  const lists = new Set<string>();
  for (const [id, directive] of Object.entries(directives)) {
    const target = findDirective(directive.section, directive.key)?.target;
    const list = target === undefined ? undefined : directives[target];
    if (!list) fields[id] = effective(directive);
    else if (!isDirective(list)) {
      lists.add(`${list.section}.${list.key}`);
      const left = new Set(list.values);
      fields[id] = effective({ ...directive, values: directive.values.filter((value) => left.has(value)) });
    }
  }
  for (const list of lists) delete fields[list];
  return fields;
}

const isDirective = ({ section, key }: Directive): boolean => findDirective(section, key) !== undefined;

const placeOf = (at: Directive['values'][number]['location'] | undefined) => (at ? { at } : {});

/** The assignments that count; nothing after a reset. */
function effective({ values }: Directive): FieldSource {
  if (values.length === 0) return undefined;
  return { values: values.map(({ value }) => value), ...placeOf(values.at(-1)?.location) };
}
