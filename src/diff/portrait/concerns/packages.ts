/** Installed packages by name; of NixOS, where several versions of one can lie in a store, with all of them. */
import type { InstalledPackage } from '../../../facts/packages/packages-fact.ts';
import { type Concern, makeRecord } from '../concern.ts';

/** What is left of a package that was removed. */
const gone = /(?: config-files| not-installed)$/;
const installed: ReadonlySet<string> = new Set(['install ok installed', 'hold ok installed', 'installed']);

export const packagesConcern: Concern = {
  id: 'packages',
  title: 'packages',
  needs: ['packages', 'platform'],
  describe: (facts) => {
    const { packages, database } = facts.get('packages');
    if (database === 'none') return { absent: 'the image has no package database' };
    const { architecture } = facts.get('platform');
    const byName = new Map<string, InstalledPackage[]>();
    for (const one of packages.filter(({ status }) => !gone.test(status))) {
      const isForeign = one.architecture !== 'all' && architecture !== undefined && one.architecture !== architecture;
      const name = isForeign ? `${one.name}:${one.architecture}` : one.name;
      byName.set(name, [...(byName.get(name) ?? []), one]);
    }
    return [...byName].map(([name, records]) => {
      const [first] = records;
      const state = records.find(({ status }) => !installed.has(status))?.status;
      const versions = [...new Set(records.map(({ version }) => version))].sort();
      return makeRecord(name, { version: versions, state }, first?.location);
    });
  },
};
