/** Everything a diff found out, as JSON: schemas/diff-1.schema.json. */
import type { Change, ChangeSide } from '../../diff/change.ts';
import { formatLocation, type Location } from '../../location.ts';
import { formatJson } from '../escape.ts';
import type { DiffReporter } from './diff-reporter.ts';

export const jsonDiff: DiffReporter = {
  render: ({ tool, a, b, contract, failOn, exitCode, counts, changes, unverified, upkeep }) =>
    formatJson({
      schema: 'check-image/diff-1',
      tool,
      exitCode,
      failOn,
      contract,
      a,
      b,
      counts,
      changes: changes.map(changeJson),
      unverified: unverified.map(({ at, ...rest }) => ({ ...rest, ...placed(at) })),
      ...(upkeep.length > 0 ? { upkeep: upkeep.map(({ at, ...rest }) => ({ ...rest, ...placed(at) })) } : {}),
    }),
};

function changeJson({ a, b, has: _, ...change }: Change): object {
  return { ...change, ...(a ? { a: sideJson(a) } : {}), ...(b ? { b: sideJson(b) } : {}) };
}

function sideJson({ values, at }: ChangeSide): object {
  return { values, ...placed(at) };
}

/** The location's parts, and its one-line form. */
function placed(at: Location | undefined): object {
  return at ? { location: { text: formatLocation(at), ...at } } : {};
}
