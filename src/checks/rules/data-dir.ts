/** What was put into the default data directory is lost when k3s is told to use another one. */
import { at, fail, inconclusive, pass } from '../verdict.ts';
import type { Rule } from './rule.ts';

interface Options {
  readonly default: string;
  /** Paths below the data directory that a build puts there. */
  readonly content: readonly string[];
}

export const dataDir: Rule<Options> = {
  id: 'data-dir',
  title: 'Token and images lie in the data directory k3s uses',
  needs: ['k3s', 'file'],
  options: { default: 'text', content: 'list' },
  evaluate: (options, facts) => {
    const { dataDir: used, settings } = facts.get('k3s', '', ['dataDir', 'data-dir']);
    if (used === options.default) return pass();
    const setting = settings['data-dir'];
    const evidence = setting ? [at(setting.location, 'set by')] : [];
    for (const part of options.content) {
      const [stray, own] = [facts.get('file', `${options.default}/${part}`), facts.get('file', `${used}/${part}`)];
      for (const one of [stray, own])
        if (one.state === 'unreadable') return inconclusive(`${one.path} could not be read`, one.location);
      if (stray.state === 'present' && stray.identity !== own.identity) {
        return fail(`k3s keeps its data in ${used}, but ${part} lies in ${options.default}`, {
          expected: `${used}/${part}`,
          found: stray.path,
          evidence: [...evidence, at(stray.location)],
        });
      }
    }
    return pass(`the data directory is ${used}`, evidence);
  },
};
