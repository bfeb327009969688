/** systemd has a target to boot into. */
import { at, fail, pass } from '../../verdict.ts';
import type { BootLink } from './link.ts';

export const defaultTarget: BootLink = {
  id: 'default-target',
  needs: ['startup', 'unit'],
  judge: (facts) => {
    const { defaultTarget: target } = facts.get('startup', '', ['default.target']);
    if (target) return pass(target.unit, [at(target.location, 'set by')]);
    const unit = facts.get('unit', 'default.target');
    return fail('default.target leads to no unit: the machine ends in the emergency shell', {
      expected: 'a target',
      found: unit.loadState,
      evidence: unit.fragment ? [at(unit.fragment)] : [],
    });
  },
};
