/** The kernel that boots and the modules in the root are of one build: the root has a directory of modules for its release. */
import { at, fail, inconclusive, pass, skip } from '../../verdict.ts';
import type { BootLink } from './link.ts';

export const release: BootLink = {
  id: 'release',
  needs: ['boot', 'kernel'],
  judge: (facts) => {
    const { entry } = facts.get('boot', '', ['entry']);
    const kernel = entry?.kernel;
    if (kernel?.state !== 'present') return skip('there is no kernel of a boot entry');
    if (!kernel.release) return skip('neither the kernel nor its name says its release');
    const { kernels } = facts.get('kernel', '', []);
    const wanted = kernel.release.text;
    const withModules = kernels.filter(({ modulesPath }) => modulesPath !== undefined);
    const own = withModules.find((one) => one.release === wanted);
    const evidence = [at(kernel.location, 'booted')];
    if (own) return pass(`modules of ${wanted}`, evidence);
    if (withModules.length === 0) return inconclusive('the root has no directory of kernel modules', evidence);
    const found = withModules.map((one) => one.release).join(', ');
    return fail(`the kernel that boots is ${wanted}, but the root has modules of ${found} only`, {
      expected: wanted,
      found,
      evidence,
      remedy: 'build kernel, initrd and root from one kernel package',
    });
  },
};
