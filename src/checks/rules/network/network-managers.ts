/** The manager that configures an interface starts at boot, and no other takes the same interface. */
import { findHardware, findSetup } from '../../../facts/network/interface-graph.ts';
import type { ManagerStart } from '../../../facts/network/network-fact.ts';
import { at, fail, inconclusive, pass, skip } from '../../verdict.ts';
import type { Rule } from '../rule.ts';

interface Options {
  readonly interface: string;
}

/** Managers that take every interface unless a file of theirs says otherwise. */
const takesAll: ReadonlySet<string> = new Set(['dhcpcd', 'connman']);

export const networkManagers: Rule<Options> = {
  id: 'network-managers',
  title: 'The manager that configures an interface starts, and no other claims the interface',
  needs: ['network'],
  options: { interface: 'text' },
  evaluate: ({ interface: name }, facts) => {
    const fact = facts.get('network', '', ['interfaces', 'managers']);
    const names = [...new Set([name, ...findHardware(fact, name)])];
    const claims = ({ manager }: ManagerStart): boolean => names.some((one) => findSetup(fact, one, manager).setup);
    const configured = fact.managers.filter(claims);
    if (configured.length === 0) return skip(`no file configures ${name}`);
    const uncertain = configured.find(({ state }) => state === 'unknown');
    if (uncertain) return inconclusive(`whether ${uncertain.unit} starts cannot be told`, uncertain.location);
    const hasFiles = (manager: string): boolean => fact.setups.some((setup) => setup.manager === manager);
    const running = fact.managers.filter(
      (one) =>
        one.state === 'started' && (configured.includes(one) || (takesAll.has(one.manager) && !hasFiles(one.manager))),
    );
    const places = (list: readonly ManagerStart[]) =>
      list.flatMap(({ location, unit }) => (location ? [at(location, 'started by', unit)] : []));
    if (!running.some((one) => configured.includes(one))) {
      const units = configured.map(({ unit }) => unit).join(', ');
      const setups = configured.flatMap(({ manager }) => findSetup(fact, name, manager).setup ?? []);
      return fail(`${units} does not start, but the files for ${name} are for it`, {
        expected: `${units} started at boot`,
        found: 'not started',
        evidence: setups.map(({ location }) => at(location)),
      });
    }
    if (running.length === 1) return pass(undefined, places(running));
    return fail(`${running.map(({ manager }) => manager).join(' and ')} both configure ${name}`, {
      expected: 'one manager',
      found: running.map(({ unit }) => unit).join(', '),
      evidence: places(running),
    });
  },
};
