/** The addresses k3s is told to use are those of the interface it uses. */
import type { K3sSetting } from '../../../facts/k3s/k3s-fact.ts';
import { findSetup } from '../../../facts/network/interface-graph.ts';
import { at, fail, pass, undecidable } from '../../verdict.ts';
import type { Rule } from '../rule.ts';
import { addressOf, parseRange } from './cidr.ts';

interface Options {
  readonly interface: string;
  /** Flags that name an address of the node. */
  readonly flags: readonly string[];
}

export const nodeAddress: Rule<Options> = {
  id: 'node-address',
  title: 'The addresses given to k3s are addresses of the interface it uses',
  needs: ['k3s', 'network'],
  options: { interface: 'text', flags: 'list' },
  evaluate: ({ interface: name, flags }, facts) => {
    const { settings } = facts.get('k3s', '', ['arguments', 'environment', 'settings', ...flags]);
    const given = flags.flatMap((flag) => settings[flag] ?? []);
    if (given.length === 0) return pass(`none of ${flags.map((flag) => `--${flag}`).join(', ')} is set`);
    const { setup } = findSetup(facts.get('network', '', ['interfaces', 'managers']), name);
    const own = (setup?.addresses ?? []).map(({ value }) => addressOf(value));
    const stray = given.find((setting) => addressesOf(setting).some((one) => !own.some((other) => isSame(one, other))));
    if (!stray)
      return pass(
        undefined,
        given.map(({ location }) => at(location, 'set by')),
      );
    if (setup?.dhcp && setup.dhcp.value !== 'no')
      return undecidable(
        `${name} gets its address by DHCP: whether it is ${addressesOf(stray).join(', ')} is known at run time`,
      );
    const evidence = [
      at(stray.location, 'set by'),
      ...(setup?.addresses ?? []).map(({ location }) => at(location, 'address set by')),
    ];
    return fail(`--${stray.flag} ${stray.values.join(',')} is not an address of ${name}`, {
      expected: own.length > 0 ? own.join(', ') : `an address of ${name}`,
      found: stray.values.join(','),
      evidence,
    });
  },
};

function addressesOf({ values }: K3sSetting): readonly string[] {
  return values.flatMap((value) => value.split(',')).map((one) => one.trim());
}

function isSame(a: string, b: string): boolean {
  const [one, other] = [parseRange(a), parseRange(b)];
  return one && other ? one.family === other.family && one.first === other.first : a === b;
}
