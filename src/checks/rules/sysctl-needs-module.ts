/** Kernel parameters that exist only once a module is loaded are set in vain if nothing loads it first. */

import { canonicalModuleName } from '../../facts/kernel/module-name.ts';
import { moduleState } from '../assertions/kernel-module.ts';
import { at, fail, inconclusive, pass, skip } from '../verdict.ts';
import type { Rule } from './rule.ts';

interface Options {
  readonly module: string;
  readonly keys: readonly string[];
}

export const sysctlNeedsModule: Rule<Options> = {
  id: 'sysctl-needs-module',
  title: 'Kernel parameters of a module are set only where that module is built in or requested at boot',
  needs: ['sysctl', 'kernel'],
  options: { module: 'text', keys: 'list' },
  evaluate: (options, facts) => {
    const name = canonicalModuleName(options.module);
    const { values } = facts.get('sysctl', '', options.keys);
    const set = options.keys.flatMap((key) => values[key] ?? []);
    if (set.length === 0) return skip(`none of ${options.keys.join(', ')} is set`);
    const { kernels, requests } = facts.get('kernel', '', [name]);
    const request = requests.find((one) => canonicalModuleName(one.name) === name);
    if (request) return pass(undefined, [at(request.location, 'requested by')]);
    if (kernels.length === 0) return inconclusive('there is no kernel in the image');
    if (kernels.every((kernel) => moduleState(kernel, name) === 'builtin')) return pass();
    return fail(
      `${set.map(({ key }) => key).join(', ')} ${set.length > 1 ? 'are' : 'is'} set, but nothing loads ${name} before sysctl is applied`,
      {
        expected: `${name} requested at boot or built in`,
        found: 'neither',
        evidence: set.map((one) => at(one.set.location, 'set by')),
      },
    );
  },
};
