/** The kernel's build configuration, where the image keeps it. Of several kernels the latest counts. */
import { type Concern, makeRecord } from '../concern.ts';

export const kernelOptionsConcern: Concern = {
  id: 'kernel-options',
  title: 'kernel configuration',
  needs: ['kernel'],
  describe: (facts) => {
    const config = facts.get('kernel').kernels.at(-1)?.config;
    if (!config) return { absent: 'the image does not hold the configuration of its kernel' };
    return Object.entries(config).map(([name, value]) => makeRecord(`CONFIG_${name}`, { value }));
  },
};
