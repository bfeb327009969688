/** Every installed kernel was built with the options that k3s asks for, as part of it or as modules. */
import type { Verdict } from '../../check.ts';
import { at, fail, inconclusive, joinVerdicts, pass } from '../../verdict.ts';
import type { Rule } from '../rule.ts';
import { k3sOptions, type OptionGroup, optionsFor } from './k3s-options.ts';

interface Options {
  readonly group: string;
}

export const kernelOptions: Rule<Options> = {
  id: 'kernel-options',
  title: 'Installed kernels have the options k3s asks for: the group necessary or useful',
  needs: ['kernel'],
  options: { group: 'text' },
  cannotFail: ({ group }) => (isGroup(group) ? undefined : `there is no group ${group}; there are necessary, useful`),
  evaluate: ({ group }, facts) => {
    const { kernels } = facts.get('kernel', '', ['/boot']);
    if (!isGroup(group) || kernels.length === 0) return inconclusive('there is no kernel in the image');
    const verdicts = kernels.map(({ release, config, configLocation }): Verdict => {
      if (!config) return inconclusive(`the configuration of kernel ${release} is not in the image`);
      const wanted = optionsFor(group, release);
      const missing = wanted.filter((name) => config[name] !== 'y' && config[name] !== 'm');
      const evidence = configLocation ? [at(configLocation)] : [];
      if (missing.length === 0) return pass();
      return fail(`kernel ${release} was built without ${missing.map((name) => `CONFIG_${name}`).join(', ')}`, {
        expected: `${wanted.length} options`,
        found: `${wanted.length - missing.length} of them`,
        evidence,
      });
    });
    return joinVerdicts(verdicts, 'should');
  },
};

function isGroup(text: string): text is OptionGroup {
  return Object.hasOwn(k3sOptions, text);
}
