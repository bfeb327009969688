/** The number at the end of a VLAN's name is its id: people and switches go by it. */
import { findDevice } from '../../../facts/network/interface-graph.ts';
import { at, fail, joinVerdicts, pass, skip } from '../../verdict.ts';
import type { Rule } from '../rule.ts';

interface Options {
  readonly interfaces: readonly string[];
}

export const vlanIds: Rule<Options> = {
  id: 'vlan-ids',
  title: 'The VLAN id of an interface is the number in its name',
  needs: ['network'],
  options: { interfaces: 'list' },
  evaluate: ({ interfaces }, facts) => {
    const fact = facts.get('network', '', ['interfaces', 'managers']);
    const parts = interfaces.map((name) => {
      const device = findDevice(fact, name);
      const wanted = /\.([0-9]{1,4})$/.exec(name)?.[1];
      if (!device || wanted === undefined) return skip(`there is no VLAN ${name}`);
      const found = device.vlanId?.value ?? 'none';
      const evidence = [at(device.vlanId?.location ?? device.location, 'set by')];
      if (found === wanted) return pass(undefined, evidence);
      return fail(`the VLAN id of ${name} is ${found}, ${wanted} wanted`, { expected: wanted, found, evidence });
    });
    return joinVerdicts(parts, 'should');
  },
};
