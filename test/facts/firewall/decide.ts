/** Asks a firewall made of text files whether ports are open, and tells the answer in one line. */

import type { FactResult } from '../../../src/facts/fact.ts';
import { decidePort, type PortQuestion } from '../../../src/facts/firewall/decide-port.ts';
import type { FirewallFact } from '../../../src/facts/firewall/firewall-fact.ts';
import type { MemoryTree } from '../../../src/filesystems/memory.ts';
import { factsOf, started } from '../network/nodes.ts';

const service = '/usr/lib/systemd/system';
export const root: MemoryTree = {
  [`${service}/default.target`]: { link: 'multi-user.target' },
  [`${service}/multi-user.target`]: '[Unit]\nDescription=Multi-User\n',
  '/etc/machine-id': '0123456789abcdef0123456789abcdef\n',
};

/** nftables.service that loads /etc/nftables.conf, started at boot. */
export function nftables(text: string, more: MemoryTree = {}): MemoryTree {
  const name = 'nftables.service';
  const unit = '[Unit]\nDescription=nftables\n[Service]\nType=oneshot\nExecStart=/usr/sbin/nft -f /etc/nftables.conf\n';
  return { ...root, ...started(name), [`${service}/${name}`]: unit, '/etc/nftables.conf': text, ...more };
}

export async function readFirewall(tree: MemoryTree): Promise<FactResult<FirewallFact>> {
  return (await factsOf(tree)).get('firewall');
}

/** `6443/tcp`, `30000-32767/udp on eth1`, `22/tcp over IPv6`. */
export function parseQuestion(text: string): PortQuestion {
  const [, from = '', to = from, protocol = '', name] =
    /^(\d+)(?:-(\d+))?\/(tcp|udp)(?: on (\S+))?(?: over IPv6)?$/.exec(text) ?? [];
  const question = { protocol: protocol === 'udp' ? 'udp' : 'tcp', from: Number(from), to: Number(to) } as const;
  if (text.endsWith(' over IPv6')) return { ...question, family: 'ip6' };
  return name === undefined ? question : { ...question, interface: name };
}

/** `closed /etc/nftables.conf:5`: the state and the line that decides. */
export async function ask(tree: MemoryTree, question: string): Promise<string> {
  const { value } = await readFirewall(tree);
  const { state, decidedBy } = decidePort(value, parseQuestion(question));
  if (!decidedBy) return state;
  const { path, line } = decidedBy.location;
  return `${state} ${path}${line === undefined ? '' : `:${line}`}`;
}
