/** The kernel's build configuration, where the image keeps it. Of several kernels the latest counts. */
import { entriesOf } from '../../../table.ts';
import type { Concern } from '../concern.ts';

export const kernelOptionsConcern: Concern = {
  id: 'kernel-options',
  title: 'kernel configuration',
  needs: ['kernel'],
  describe: (facts) => {
    const config = facts.get('kernel').kernels.at(-1)?.config;
    if (!config) return { absent: 'the image does not hold the configuration of its kernel' };
    // Thousands, of one shape: made as they are.
    return entriesOf(config).map(([name, value]) => ({
      key: `CONFIG_${name}`,
      fields: { value: { values: [value] } },
    }));
  },
};
