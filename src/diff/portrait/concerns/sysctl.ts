/** Kernel parameters that boot sets; lines for several keys (globs) by their pattern. */
import { type Concern, firstOfEach, makeRecord } from '../concern.ts';

export const sysctlConcern: Concern = {
  id: 'sysctl',
  title: 'kernel parameters',
  needs: ['sysctl'],
  describe: (facts) => {
    const { values, globs } = facts.get('sysctl');
    return firstOfEach([
      ...Object.values(values)
        // A variable with two names is listed once, by the name it was set with.
        .filter(({ key, set, aliases }) => !aliases || key === set.key || !aliases.includes(set.key))
        .map(({ key, value, set }) => makeRecord(key, { value: { value, location: set.location } })),
      ...globs.toReversed().map(({ key, value, location }) => makeRecord(key, { value: { value, location } })),
    ]);
  },
};
