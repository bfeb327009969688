/**
 * The places for a root in an image with two of them: each holds a system that some entry starts, or is empty, and is large enough
 * for what the other one holds. That their identifiers differ is the link `identifiers`.
 */
import type { BootDevice, BootFact } from '../../../facts/boot/boot-fact.ts';
import type { Verdict } from '../../check.ts';
import { at, fail, joinVerdicts, pass, skip } from '../../verdict.ts';
import type { BootLink } from './link.ts';

export const slots: BootLink = {
  id: 'slots',
  needs: ['boot'],
  judge: (facts) => {
    const boot = facts.get('boot', '', ['entry']);
    const { slots: all = [], devices, root } = boot;
    const chosen = devices.find(({ name }) => name === root);
    if (all.length === 0 || !chosen) return skip('the image has one place for a root');
    const others = all.flatMap((slot): Verdict[] => {
      const device = devices.find(({ name }) => name === slot.name);
      if (!device || slot.state === 'chosen') return [];
      const state = slot.state === 'empty' ? pass(`${device.title} is empty`) : judgeFilled(device, boot);
      return [judgeSize(device, chosen), state];
    });
    return joinVerdicts([pass(`${chosen.title} boots`), ...others], 'should');
  },
};

/** What fills the slot that boots is what an update brings, and the other slot takes it in turn. */
function judgeSize({ title, size, location }: BootDevice, chosen: BootDevice): Verdict {
  if (size >= chosen.size) return pass();
  return fail(
    `${title} is ${chosen.size - size} bytes smaller than ${chosen.title}: an update of that size does not fit`,
    {
      expected: `${chosen.size} bytes`,
      found: `${size} bytes`,
      evidence: [at(location), at(chosen.location)],
      remedy: 'make both partitions of one size',
    },
  );
}

/** Entries without `root=` leave the choice to the initrd, so each of them may start any slot. */
function judgeFilled({ name, title, location }: BootDevice, { menus, slots: all = [] }: BootFact): Verdict {
  const entries = menus.flatMap(({ roots }) => roots);
  if (entries.length === 0 || entries.includes('')) return pass(`${title} is chosen by the initrd`);
  if (entries.includes(name)) return pass(`${title} has an entry`);
  return fail(`no boot entry starts ${title}, which holds a root`, {
    expected: `an entry for each of ${all.map((slot) => slot.title).join(', ')}`,
    found: [...new Set(entries)].join(', '),
    evidence: [at(location), ...menus.map((menu) => at(menu.location, 'menu'))],
    remedy: 'add an entry with its root=, or leave the slot empty until the first update',
  });
}
