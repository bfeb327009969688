/**
 * Settings of the server that exclude each other (k3s: pkg/cli/server/server.go): three pairs end the service at once; an external
 * datastore beside an embedded one leaves unsaid which of them holds the cluster.
 */
import type { K3sFact, K3sSetting } from '../../facts/k3s/k3s-fact.ts';
import type { FactLookup, Severity, Verdict } from '../check.ts';
import { at, fail, joinVerdicts, pass, skip } from '../verdict.ts';
import type { Rule } from './rule.ts';

interface Conflict {
  readonly flag: string;
  /** That must not be given with it, or that must. */
  readonly with?: string;
  readonly without?: string;
  readonly severity: Severity;
  readonly because: string;
}

const conflicts: readonly Conflict[] = [
  { flag: 'datastore-endpoint', with: 'disable-apiserver', severity: 'must', because: 'k3s refuses to start' },
  { flag: 'datastore-endpoint', with: 'disable-etcd', severity: 'must', because: 'k3s refuses to start' },
  { flag: 'disable-etcd', without: 'server', severity: 'must', because: 'k3s refuses to start' },
  { flag: 'cluster-reset-restore-path', without: 'cluster-reset', severity: 'must', because: 'k3s refuses to start' },
  {
    flag: 'datastore-endpoint',
    with: 'cluster-init',
    severity: 'should',
    because: 'one asks for a datastore of its own, the other for the embedded one',
  },
];

export const k3sConflicts: Rule<object> = {
  id: 'k3s-conflicts',
  title: 'No two settings of the k3s server exclude each other',
  needs: ['k3s'],
  options: {},
  evaluate: (_options, facts) => {
    const fact = readSettings(facts);
    if (fact.role !== 'server') return skip('the node is no server');
    return joinVerdicts([...conflicts.flatMap((conflict) => judge(conflict, fact)), pass()], 'must');
  },
};

function readSettings(facts: FactLookup): K3sFact {
  const flags = conflicts.flatMap(({ flag, with: other, without }) => [flag, ...[other ?? without ?? []].flat()]);
  return facts.get('k3s', '', ['role', 'arguments', 'environment', 'settings', ...new Set(flags)]);
}

function judge({ flag, with: other, without, severity, because }: Conflict, { settings }: K3sFact): Verdict[] {
  const [first, second] = [given(settings[flag]), given(settings[other ?? without ?? ''])];
  if (!first || (other !== undefined ? !second : second)) return [];
  const what = other === undefined ? `--${flag} needs --${without}` : `--${flag} and --${other} exclude each other`;
  return [
    fail(`${what}: ${because}`, {
      expected: other === undefined ? `--${without} as well` : 'one of the two',
      found: other === undefined ? `--${flag} alone` : 'both',
      evidence: [at(first.location, 'set by'), ...(second ? [at(second.location, 'set by')] : [])],
      severity,
    }),
  ];
}

/** A setting that says something: not empty, and no switch that is off. */
function given(setting: K3sSetting | undefined): K3sSetting | undefined {
  const value = setting?.values.at(-1) ?? '';
  return value === '' || value === 'false' ? undefined : setting;
}
