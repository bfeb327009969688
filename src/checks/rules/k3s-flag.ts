/** A flag of k3s has a value, from whichever of command line, environment and configuration files sets it last. */
import { at, fail, pass, skip } from '../verdict.ts';
import type { Rule } from './rule.ts';

interface Options {
  /** Without dashes. */
  readonly flag: string;
  readonly value: string;
}

export const k3sFlag: Rule<Options> = {
  id: 'k3s-flag',
  title: 'A flag of k3s has a value, wherever it is set',
  needs: ['k3s'],
  options: { flag: 'text', value: 'text' },
  evaluate: ({ flag, value }, facts) => {
    const parts = ['arguments', 'environment', 'settings', flag];
    const { settings, unit = 'the k3s service', program } = facts.get('k3s', '', parts);
    if (!program) return skip('no k3s service is started that could be told');
    const setting = settings[flag];
    const found = setting?.values.at(-1);
    if (!setting || found === undefined || found === '') {
      const evidence = [at(program.location)];
      return fail(`${unit} is started without --${flag}, ${value} wanted`, {
        expected: value,
        found: 'not set',
        evidence,
      });
    }
    const evidence = [
      at(setting.location, 'set by'),
      ...setting.beats.map((one) => at(one.location, 'beats', one.value)),
    ];
    if (found === value) return pass(undefined, evidence);
    return fail(`--${flag} of ${unit} is ${found}, ${value} wanted`, { expected: value, found, evidence });
  },
};
