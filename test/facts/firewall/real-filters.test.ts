/** Generated filters against the kernel: what the real nft or iptables-restore loaded, and which ports answered then (fixtures/firewall). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decidePort } from '../../../src/facts/firewall/decide-port.ts';
import { started } from '../network/nodes.ts';
import { nftables, parseQuestion, readFirewall, root } from './decide.ts';

interface Recorded {
  readonly kind: 'nftables' | 'iptables';
  readonly text: string;
  readonly open: readonly string[];
}

const path = new URL('../../fixtures/firewall/answers.json', import.meta.url);
const recorded = JSON.parse(readFileSync(path, 'utf8')) as readonly Recorded[];
const asked = ['22', '2379', '6443', '10250', '30000', '31000', '32767'].map((port) => `${port}/tcp`);
const questions = [...asked, '8472/udp', '30001/udp', '51820/udp'];

function treeOf({ kind, text }: Recorded) {
  if (kind === 'nftables') return nftables(text);
  return { ...root, ...started('netfilter-persistent.service'), '/etc/iptables/rules.v4': text };
}

/** Rules of which only the machine can tell whether they match. */
const isConditional = (text: string): boolean => /\b(?:saddr|daddr 192|sport)\b|-s 192/.test(text);

describe.each(['nftables', 'iptables'] as const)('%s', (kind) => {
  const cases = recorded.filter((one) => one.kind === kind);

  it(`answers as the kernel did, ${cases.length} filters of ten ports each`, async () => {
    const wrong: string[] = [];
    for (const one of cases) {
      const { value } = await readFirewall(treeOf(one));
      for (const question of questions) {
        const { state } = decidePort(value, { ...parseQuestion(question), interface: 'eth1' });
        const truth = one.open.includes(question) ? 'open' : 'closed';
        if (state !== truth && !(state === 'conditional' && isConditional(one.text)))
          wrong.push(`${question} is ${truth}, told ${state}:\n${one.text}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('tells most of them for sure', async () => {
    let sure = 0;
    for (const one of cases) {
      const { value } = await readFirewall(treeOf(one));
      for (const question of questions) {
        const { state } = decidePort(value, { ...parseQuestion(question), interface: 'eth1' });
        if (state === 'open' || state === 'closed') sure++;
      }
    }
    expect(sure).toBeGreaterThan(cases.length * questions.length * 0.9);
  });
});
