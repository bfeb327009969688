/** Where the configuration of GRUB loads its variables there is a block of them: GRUB can overwrite one, but not make one. */
import { at, fail, joinVerdicts, pass, skip } from '../../verdict.ts';
import type { BootLink } from './link.ts';

export const environment: BootLink = {
  id: 'environment',
  needs: ['boot'],
  judge: (facts) => {
    const files = facts.get('boot', '', ['entry']).menus[0]?.environments ?? [];
    if (files.length === 0) return skip('no boot loader loads variables');
    const verdicts = files.map(({ named, location, state }) => {
      const evidence = [at(named, 'loaded by'), at(location, state === 'missing' ? 'looks at' : 'at')];
      if (state === 'present') return pass(location.path, evidence);
      const what = state === 'missing' ? 'is not there' : 'is no environment block';
      return fail(
        `grub.cfg loads its variables from ${location.path}, which ${what}: what they should decide stays as it is`,
        {
          expected: 'a block made by grub-editenv',
          found: state,
          evidence,
          remedy: 'make it when the image is built: grub-editenv FILE create',
        },
      );
    });
    return joinVerdicts(verdicts, 'should');
  },
};
