/** A system has one version of a package: in its closure a second one is run by something nobody thinks of. */
import { at, fail, pass } from '../../verdict.ts';
import type { Rule } from '../rule.ts';

interface Options {
  readonly package: string;
}

export const oneVersion: Rule<Options> = {
  id: 'one-version',
  title: 'The system that runs has one version of a package',
  needs: ['packages'],
  options: { package: 'text' },
  evaluate: ({ package: wanted }, facts) => {
    const { packages } = facts.get('packages', '', [wanted, 'levels']);
    const used = packages.filter(({ name, level }) => name === wanted && level !== 'store');
    const versions = [...new Set(used.map(({ version }) => version))];
    if (versions.length <= 1) return pass();
    return fail(`the system has ${wanted} in the versions ${versions.join(' and ')}`, {
      expected: 'one version',
      found: versions.join(', '),
      evidence: used.map(({ location }) => at(location)),
    });
  },
};
