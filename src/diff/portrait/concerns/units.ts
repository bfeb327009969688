/**
 * Units: whether they are enabled and start, and every directive with the assignments that count. What generators make is told
 * where it comes from: fstab under mounts, the command line under boot, the default target under system.
 */
import type { Directive } from '../../../facts/systemd/unit-fact.ts';
import { type Concern, type FieldSource, makeRecord } from '../concern.ts';

export const unitsConcern: Concern = {
  id: 'units',
  title: 'units',
  needs: ['unit-files', 'unit', 'startup'],
  describe: (facts) => {
    const starts = facts.get('startup').units;
    const files = facts
      .get('unit-files')
      .files.filter(({ name, state }) => state !== 'generated' && !(name === 'default.target' && state === 'alias'));
    return files.map(({ name, state }) => {
      const unit = facts.get('unit', name);
      const start = starts[name];
      const isAlias = unit.id !== name && unit.loadState === 'loaded';
      const fields: Record<string, FieldSource> = {
        // Being enabled and being started are one thing to tell, not two; what starts on demand follows from what demands it.
        state: { values: [state, ...(start?.state === 'boot' ? ['boot'] : [])], ...placeOf(unit.enabledBy) },
        load: unit.loadState === 'loaded' ? undefined : unit.loadState,
        'alias of': isAlias ? unit.id : undefined,
      };
      // An alias has the directives of the unit it stands for, which is listed itself.
      if (!isAlias) for (const [id, directive] of Object.entries(unit.directives)) fields[id] = effective(directive);
      return makeRecord(name, fields, unit.fragment);
    });
  },
};

const placeOf = (at: Directive['values'][number]['location'] | undefined) => (at ? { at } : {});

/** The assignments that count; nothing after a reset. */
function effective({ values }: Directive): FieldSource {
  if (values.length === 0) return undefined;
  return { values: values.map(({ value }) => value), ...placeOf(values.at(-1)?.location) };
}
