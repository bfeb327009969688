/** A unit ordered after network-online.target waits for nothing unless a service that detects "online" is started. */
import { at, fail, pass, skip } from '../verdict.ts';
import type { Rule } from './rule.ts';

interface Options {
  readonly unit: string;
  /** Services that wait until the network is up. */
  readonly providers: readonly string[];
}

export const networkOnline: Rule<Options> = {
  id: 'network-online',
  title: 'A unit ordered after network-online.target has a service that waits for the network',
  needs: ['unit', 'startup'],
  options: { unit: 'text', providers: 'list' },
  evaluate: ({ unit: name, providers }, facts) => {
    const { directives, loadState } = facts.get('unit', name);
    if (loadState !== 'loaded') return skip(`${name} is not loaded`);
    const after = directives['Unit.After']?.values.find(({ value }) => value.split(/\s+/).includes(target));
    if (!after) return pass(`${name} is not ordered after ${target}`);
    const { units } = facts.get('startup', '', [...providers, target]);
    const provider = providers.find((one) => units[one]?.state === 'boot');
    if (provider !== undefined) return pass(undefined, [at(after.location, 'ordered by')]);
    return fail(`${name} is ordered after ${target}, but no service waits for the network`, {
      expected: `one of ${providers.join(', ')} started at boot`,
      found: 'none',
      evidence: [at(after.location, 'ordered by')],
    });
  },
};

const target = 'network-online.target';
