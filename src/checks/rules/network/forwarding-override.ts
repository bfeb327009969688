/** No network file turns off the forwarding of packets that sysctl.d turns on. */
import { managerState } from '../../../facts/network/interface-graph.ts';
import { at, fail, pass } from '../../verdict.ts';
import type { Rule } from '../rule.ts';

const off = /^(?:no|n|false|f|off|0)$/i;
/** What each key leaves on: `IPForward=ipv6` turns IPv4 off. */
const turnsOff = (key: string, value: string): boolean =>
  off.test(value) || (key === 'IPForward' && /^ipv[46]$/.test(value));

export const forwardingOverride: Rule<Record<string, never>> = {
  id: 'forwarding-override',
  title: 'No network file turns forwarding of packets off again',
  needs: ['network'],
  options: {},
  evaluate: (_, facts) => {
    const fact = facts.get('network', '', ['interfaces', 'managers']);
    const used = fact.setups.filter(({ manager }) => managerState(fact, manager) !== 'not started');
    const forAll = managerState(fact, 'systemd-networkd') === 'not started' ? [] : fact.forwarding;
    const found = [...forAll, ...used.flatMap(({ forwarding }) => forwarding)].filter(({ key, value }) =>
      turnsOff(key, value),
    );
    const [first] = found;
    if (!first) return pass();
    const evidence = found.map(({ key, value, location }) => at(location, 'set by', `${key}=${value}`));
    return fail(`${first.key}=${first.value} turns off forwarding that sysctl.d turns on`, {
      expected: 'forwarding left on',
      found: `${first.key}=${first.value}`,
      evidence,
    });
  },
};
