/** `kernel-config`: an option of the configuration every installed kernel was built with. */
import type { Judge, Verdict } from '../check.ts';
import { domains } from '../matchers/domain.ts';
import { type Matcher, matcherProblem } from '../matchers/matcher.ts';
import { at, inconclusive, joinVerdicts } from '../verdict.ts';
import { judgeClaim } from './value.ts';

export interface KernelConfigOptions {
  /** With or without `CONFIG_`. */
  readonly option: string;
  readonly value: Matcher;
}

export const kernelConfigAssertion: Judge<KernelConfigOptions> = {
  id: 'kernel-config',
  title: 'An option of the kernel configuration has a value for every installed kernel',
  needs: ['kernel'],
  cannotFail: ({ value }) => matcherProblem(value),
  evaluate: ({ option, value }, facts) => {
    const name = option.replace(/^CONFIG_/, '');
    const { kernels } = facts.get('kernel', '', [name]);
    if (kernels.length === 0) return inconclusive('there is no kernel in the image');
    const parts = kernels.map(({ release, config, configLocation }): Verdict => {
      if (!config) return inconclusive(`the configuration of kernel ${release} is not in the image`);
      return judgeClaim({
        subject: `CONFIG_${name} of kernel ${release}`,
        wanted: value,
        found: config[name],
        domain: domains.text,
        evidence: configLocation ? [at(configLocation)] : [],
      });
    });
    return joinVerdicts(parts, 'must');
  },
};
