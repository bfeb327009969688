/** Links of the boot chain, of which each must hold. */
import type { FactId } from '../../facts/fact.ts';
import { joinVerdicts, pass } from '../verdict.ts';
import { bootLinks } from './boot/links.ts';
import type { Rule } from './rule.ts';

interface Options {
  /** Names of links. */
  readonly links: readonly string[];
}

export const bootChain: Rule<Options> = {
  id: 'boot-chain',
  title: 'Links of the boot chain hold: firmware, boot entry, kernel, initrd, root device, mounts, init',
  needs: [...new Set(bootLinks.flatMap(({ needs }): readonly FactId[] => needs))],
  options: { links: 'list' },
  cannotFail: ({ links }) => {
    const unknown = links.find((id) => bootLinks.every((link) => link.id !== id));
    if (unknown !== undefined)
      return `there is no link ${unknown}; there are ${bootLinks.map(({ id }) => id).join(', ')}`;
    return links.length === 0 ? 'no link is named' : undefined;
  },
  evaluate: ({ links }, facts) => {
    const used = bootLinks.filter(({ id }) => links.includes(id));
    const verdicts = used.map((link) => link.judge(facts));
    const verdict = joinVerdicts(verdicts, 'must');
    const passed = verdicts.filter(({ status }) => status === 'pass');
    return verdict.status === 'pass' && passed.length > 1 ? pass() : verdict;
  },
};
