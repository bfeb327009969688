/** No slice above a unit limits its tasks: a finite TasksMax= there undercuts the unit's own. */
import { directiveRow } from '../assertions/directive-domains.ts';
import { directiveEvidence } from '../assertions/unit.ts';
import { fail, pass } from '../verdict.ts';
import type { Rule } from './rule.ts';

interface Options {
  readonly unit: string;
}

export const sliceTasks: Rule<Options> = {
  id: 'slice-tasks',
  title: 'No slice above the unit has a finite TasksMax',
  needs: ['unit'],
  options: { unit: 'text' },
  evaluate: ({ unit: name }, facts) => {
    const unit = facts.get('unit', name);
    const slice = unit.directives['Service.Slice']?.values.at(-1)?.value ?? 'system.slice';
    for (const above of slicesUpTo(slice)) {
      const fact = facts.get('unit', above);
      const directive = fact.directives['Slice.TasksMax'];
      const value = directive?.values.at(-1)?.value;
      if (value === undefined || directiveRow('Service.TasksMax').domain.parse(value)?.key === infinite) continue;
      return fail(`${name} runs in ${above}, whose TasksMax is ${value}`, {
        expected: 'infinity',
        found: value,
        evidence: directiveEvidence(fact, 'TasksMax', directive),
      });
    }
    return pass();
  },
};

const infinite = directiveRow('Service.TasksMax').domain.parse('infinity')?.key;

/** `a-b.slice` lies in `a.slice`, which lies in `-.slice` (systemd.slice(5)). */
export function slicesUpTo(slice: string): readonly string[] {
  const stem = slice.replace(/\.slice$/, '');
  if (stem === '-') return ['-.slice'];
  const parts = stem.split('-');
  const slices = parts.map((_, i) => `${parts.slice(0, parts.length - i).join('-')}.slice`);
  return [...slices, '-.slice'];
}
