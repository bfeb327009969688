/** The packet filters that boot loads are such that their programs take them: nft loads a file whole or not at all. */
import type { PacketFilter } from '../../../facts/firewall/firewall-fact.ts';
import type { Verdict } from '../../check.ts';
import { at, fail, inconclusive, joinVerdicts, pass, skip } from '../../verdict.ts';
import type { Rule } from '../rule.ts';

export const packetFilter: Rule<Record<string, never>> = {
  id: 'packet-filter',
  title: 'The packet filters that boot loads are taken by their programs',
  needs: ['firewall'],
  options: {},
  evaluate: (_, facts) => {
    const { filters } = facts.get('firewall', '', ['ip']);
    if (filters.length === 0) return skip('boot loads no packet filter');
    return joinVerdicts(filters.map(judgeFilter), 'must');
  },
};

/** What is not understood, but may be right, counts only for IPv4, which the ports are asked about. */
function judgeFilter({ unit, problems, families, location }: PacketFilter): Verdict {
  const refused = problems.find(({ isRefused }) => isRefused);
  if (refused) {
    return fail(`${unit} fails and loads no packet filter, so every port is open: ${refused.message}`, {
      expected: 'loaded',
      found: 'refused',
      evidence: [at(refused.location, 'refused')],
    });
  }
  const [doubt] = families?.includes('ip') === false ? [] : problems;
  if (doubt) return inconclusive(`whether ${unit} loads its packet filter: ${doubt.message}`, doubt.location);
  return pass(undefined, [at(location, 'loaded')]);
}
