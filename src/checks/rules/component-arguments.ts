/**
 * Arguments that k3s hands on to the components of Kubernetes are such as their version still has: a component ends at a flag it
 * does not know, and k3s with it. Only flags that were removed are listed (release notes of Kubernetes); any other may be new.
 */
import { minorOf } from '../../facts/k3s/flags.ts';
import type { K3sSetting } from '../../facts/k3s/k3s-fact.ts';
import { at, fail, pass, skip } from '../verdict.ts';
import type { Rule } from './rule.ts';

/** By flag of k3s: the component's flag, and the minor version 1.x that no longer has it. */
const removed: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'kube-controller-manager-arg': { 'pod-eviction-timeout': 27, 'enable-taint-manager': 27 },
  'kubelet-arg': {
    'container-runtime': 27,
    'network-plugin': 24,
    'cni-bin-dir': 24,
    'cni-conf-dir': 24,
    'master-service-namespace': 27,
  },
  'kube-apiserver-arg': { 'insecure-port': 24 },
};
/** Another name of a flag of k3s. */
const aliases: Readonly<Record<string, string>> = { 'kube-controller-arg': 'kube-controller-manager-arg' };

export const componentArguments: Rule<Record<string, never>> = {
  id: 'component-arguments',
  title: 'Arguments for the components of Kubernetes are known to their version',
  needs: ['k3s'],
  options: {},
  evaluate: (_, facts) => {
    const flags = [...Object.keys(removed), ...Object.keys(aliases)];
    const { settings, version } = facts.get('k3s', '', ['arguments', 'environment', 'settings', ...flags]);
    const given = flags.flatMap((flag) => settings[flag] ?? []);
    if (given.length === 0) return pass();
    const minor = version === undefined ? undefined : minorOf(version);
    if (minor === undefined) return skip('the version of k3s is not known');
    const gone = given.flatMap((setting) => findGone(setting, minor));
    const [first] = gone;
    if (!first) return pass();
    const more = gone.length > 1 ? ` (and ${gone.length - 1} more)` : '';
    return fail(`--${first.flag}=${first.name} ends k3s ${version}: Kubernetes 1.${first.until} removed it${more}`, {
      found: first.name,
      evidence: gone.map(({ location, name }) => at(location, 'set by', name)),
    });
  },
};

function findGone({ flag, values, location }: K3sSetting, minor: number) {
  const table = removed[aliases[flag] ?? flag] ?? {};
  return values.flatMap((value) => {
    const name = value.replace(/^-+/, '').split('=', 1)[0] ?? '';
    const until = Object.hasOwn(table, name) ? table[name] : undefined;
    return until !== undefined && minor >= until ? [{ flag, name, until, location }] : [];
  });
}
