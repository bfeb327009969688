/** What boots is what the system profile says: otherwise the next rebuild or rollback starts from another system. */
import { at, fail, pass, skip } from '../../verdict.ts';
import type { Rule } from '../rule.ts';

export const bootedSystem: Rule<Record<string, never>> = {
  id: 'booted-system',
  title: 'Boot entry, system profile and init name the same NixOS system',
  needs: ['nix-store'],
  options: {},
  evaluate: (_, facts) => {
    const { system } = facts.get('nix-store', '', ['system']);
    const [best, ...others] = system?.sources ?? [];
    if (!best) return skip('nothing in the image names a NixOS system');
    const rival = others.find(({ toplevel }) => toplevel !== best.toplevel);
    const evidence = [at(best.location, 'starts', best.toplevel)];
    if (!rival) return pass(undefined, evidence);
    return fail(`${best.because} starts ${best.toplevel}, but ${rival.because} names ${rival.toplevel}`, {
      expected: best.toplevel,
      found: rival.toplevel,
      evidence: [...evidence, at(rival.location, 'names', rival.toplevel)],
    });
  },
};
