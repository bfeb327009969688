/** Environment files of the k3s service: one without `-` must exist, one below /run is made after boot. */
import { at, fail, pass, undecidable } from '../verdict.ts';
import type { Rule } from './rule.ts';

export const environmentFiles: Rule<Record<string, never>> = {
  id: 'environment-files',
  title: 'Every EnvironmentFile= of the k3s service exists, or is marked optional',
  needs: ['k3s', 'unit'],
  options: {},
  evaluate: (_, facts) => {
    // What a missing file leaves unknown is a gap of other parts of the fact; which files are named the unit alone says.
    const { environmentFiles: files, unit } = facts.get('k3s', '', ['role', 'environmentFiles']);
    if (unit !== undefined) facts.get('unit', unit);
    const missing = files.filter(({ state }) => state === 'missing');
    const needed = missing.filter(({ optional, path }) => !optional && !isVolatile(path));
    if (needed.length > 0) {
      return fail(
        `EnvironmentFile ${needed.map(({ path }) => path).join(', ')} is not there: the service cannot start`,
        {
          expected: 'present, or marked optional with -',
          found: 'missing',
          evidence: needed.map(({ location }) => at(location, 'set by')),
        },
      );
    }
    const later = missing.find(({ optional, path }) => !optional && isVolatile(path));
    if (later) return undecidable(`${later.path} is made after boot`);
    const [optional] = missing;
    return pass(optional && `${optional.path} is optional and not there`);
  },
};

const isVolatile = (path: string): boolean => path.startsWith('/run/');
