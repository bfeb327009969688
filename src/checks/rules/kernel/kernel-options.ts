/** Every installed kernel was built with the options that k3s asks for, as part of it or as modules. */
import type { Verdict } from '../../check.ts';
import { at, fail, inconclusive, joinVerdicts, pass, skip } from '../../verdict.ts';
import type { Rule } from '../rule.ts';
import { k3sOptions, type OptionGroup, optionsFor } from './k3s-options.ts';

interface Options {
  readonly group: string;
  /** `skip`: a kernel whose configuration is not in the image is not judged, where images need not have one. */
  readonly 'if-unknown'?: string;
}

export const kernelOptions: Rule<Options> = {
  id: 'kernel-options',
  title: 'Installed kernels have the options k3s asks for: the group necessary or useful',
  needs: ['kernel'],
  options: { group: 'text', 'if-unknown?': 'text' },
  cannotFail: ({ group, 'if-unknown': unknown = 'skip' }) => {
    if (unknown !== 'skip') return `if-unknown can be skip, not ${unknown}`;
    return isGroup(group) ? undefined : `there is no group ${group}; there are necessary, useful`;
  },
  evaluate: ({ group, 'if-unknown': unknown }, facts) => {
    const { kernels } = facts.get('kernel', '', ['/boot']);
    if (!isGroup(group) || kernels.length === 0) return inconclusive('there is no kernel in the image');
    const withoutConfig = (release: string) => `the configuration of kernel ${release} is not in the image`;
    const known = kernels.filter(({ config }) => config);
    if (unknown === 'skip' && known.length === 0) return skip(withoutConfig(kernels[0]?.release ?? ''));
    const judged = unknown === 'skip' ? known : kernels;
    const verdicts = judged.map(({ release, config, configLocation }): Verdict => {
      if (!config) return inconclusive(withoutConfig(release));
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
