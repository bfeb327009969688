import { describe, expect, it } from 'vitest';
import { decidePort } from '../../../src/facts/firewall/decide-port.ts';
import { ask, nftables, readFirewall } from './decide.ts';

const file = '/etc/nftables.conf';

/** An input chain that drops what its rules do not accept; the rules begin at line 4. */
const dropping = (rules: string, before = '') =>
  `${before}table inet filter {\n chain input {\n  type filter hook input priority filter; policy drop;\n${rules}\n }\n}\n`;

describe('one rule in a chain that drops', () => {
  it.each([
    ['tcp dport 6443 accept', '6443/tcp', 'open :4'],
    ['tcp dport 6443 accept', '6443/udp', 'closed :2'],
    ['tcp dport { 22, 6443, 30000-32767 } accept', '30000-32767/tcp', 'open :4'],
    ['tcp dport { 30000-31000, 31001-32767 } accept', '30000-32767/tcp', 'open :4'],
    ['tcp dport { 30000-31000, 31002-32767 } accept', '30000-32767/tcp', 'closed :2'],
    ['meta l4proto { tcp, udp } th dport 6443 accept', '6443/udp', 'open :4'],
    ['tcp dport != 22 accept', '6443/tcp', 'open :4'],
    ['tcp dport >= 6443 accept', '6443/tcp', 'open :4'],
    ['tcp dport ssh accept', '22/tcp', 'open :4'],
    ['iifname "eth1" tcp dport 6443 accept', '6443/tcp on eth1', 'open :4'],
    ['iifname "eth1" tcp dport 6443 accept', '6443/tcp on eth2', 'closed :2'],
    ['iifname "eth1" tcp dport 6443 accept', '6443/tcp', 'conditional :4'],
    ['iifname { "eth*", lo } accept', '6443/tcp on eth1', 'open :4'],
    ['iifname != "eth1" drop', '6443/tcp on eth1', 'closed :2'],
    ['iif lo accept', '6443/tcp', 'closed :2'],
    ['iifname { cni0, "flannel.1" } accept', '6443/tcp', 'closed :2'],
    ['ip saddr 10.0.0.0/8 tcp dport 6443 accept', '6443/tcp', 'conditional :4'],
    ['ip saddr 0.0.0.0/0 tcp dport 6443 accept', '6443/tcp', 'open :4'],
    ['ip6 saddr ::/0 tcp dport 6443 accept', '6443/tcp', 'closed :2'],
    ['ct state established,related accept', '6443/tcp', 'closed :2'],
    ['ct state vmap { established : accept, related : accept, new : jump fresh }', '6443/tcp', 'unknown :4'],
    ['ct state vmap { invalid:drop, new:accept }', '6443/tcp', 'open :4'],
    ['tcp dport vmap { 6443 : accept, 80 : drop }', '6443/tcp', 'open :4'],
    ['meta l4proto . th dport { tcp . 6443, udp . 8472 } accept', '8472/udp', 'open :4'],
    ['meta l4proto . th dport vmap { tcp . 6443 : accept, udp . 8472 : drop }', '6443/tcp', 'open :4'],
    ['tcp dport 6443 limit rate 10/second burst 5 packets accept', '6443/tcp', 'conditional :4'],
    [
      'tcp dport 6443 counter packets 0 bytes 0 log prefix "k3s: " level info accept comment "api"',
      '6443/tcp',
      'open :4',
    ],
    ['tcp dport 6443 frobnicate 7 accept', '6443/tcp', 'unknown :4'],
    ['tcp dport 22 frobnicate 7 accept', '6443/tcp', 'closed :2'],
    ['icmp type echo-request accept', '6443/tcp', 'closed :2'],
    ['fib saddr . iif oif missing drop\ntcp dport 6443 accept', '6443/tcp', 'open :5'],
    ['meta pkttype { broadcast, multicast } drop\ntcp dport 6443 accept', '6443/tcp', 'open :5'],
    ['tcp flags & (fin|syn|rst|ack) != syn drop\ntcp dport 6443 accept', '6443/tcp', 'open :5'],
    ['tcp flags syn tcp dport 6443 accept', '6443/tcp', 'open :4'],
    ['tcp dport 6443 reject with tcp reset\naccept', '6443/tcp', 'closed :4'],
    ['tcp dport 6443 \\\n accept', '6443/tcp', 'open :4'],
  ])('%s: %s is %s', async (rule, question, wanted) => {
    expect(await ask(nftables(dropping(rule)), question)).toBe(wanted.replace(':', `${file}:`));
  });
});

describe('chains', () => {
  it('no rule at all: open by the policy', async () => {
    const text =
      '#!/usr/sbin/nft -f\nflush ruleset\ntable inet filter {\n\tchain input {\n\t\ttype filter hook input priority filter;\n\t}\n}\n';
    expect(await ask(nftables(text), '6443/tcp')).toBe(`open ${file}:4`);
  });

  it('jumps come back, gotos do not, returns end a chain', async () => {
    const text = (verb: string) =>
      `table inet f {\n chain k3s {\n  tcp dport 22 return\n  udp dport 8472 accept\n }\n chain input {\n` +
      `  type filter hook input priority 0; policy accept;\n  ${verb} k3s\n  drop\n }\n}\n`;
    expect(await ask(nftables(text('jump')), '8472/udp')).toBe(`open ${file}:4`);
    expect(await ask(nftables(text('jump')), '6443/tcp')).toBe(`closed ${file}:9`);
    expect(await ask(nftables(text('goto')), '6443/tcp')).toBe(`open ${file}:6`);
  });

  it('every base chain must let it through, in any table', async () => {
    const second =
      'table ip other {\n chain pre {\n  type filter hook prerouting priority raw; policy accept;\n  tcp dport 6443 drop\n }\n}\n';
    expect(await ask(nftables(dropping('tcp dport 6443 accept') + second), '6443/tcp')).toBe(`closed ${file}:10`);
  });

  it('forward, output and IPv6 tables do not matter; dormant tables neither', async () => {
    const chain = (hook: string) => `chain c { type filter hook ${hook} priority 0; policy drop; }`;
    const text = `table inet a { ${chain('forward')}\n ${chain('output')}\n}\ntable ip6 b { ${chain('input')}\n}\ntable ip c { flags dormant; ${chain('input')}\n}\n`;
    expect(await ask(nftables(text), '6443/tcp')).toBe('open');
  });

  it('a condition only the machine knows leaves both ways open', async () => {
    const rules = 'ip saddr 10.1.0.0/16 drop\ntcp dport 6443 accept';
    expect(await ask(nftables(dropping(rules)), '6443/tcp')).toBe(`conditional ${file}:4`);
    expect(await ask(nftables(dropping(rules)), '22/tcp')).toBe(`closed ${file}:2`);
  });

  it('chains that lead to each other, or too often, end in unknown', async () => {
    const loop =
      'table ip f {\n chain a { jump b; }\n chain b { jump a; }\n chain input { type filter hook input priority 0; jump a; }\n}\n';
    expect(await ask(nftables(loop), '6443/tcp')).toMatch(/^unknown/);
    const jumps = (to: string) => `jump ${to}\n`.repeat(40);
    const chains = Array.from({ length: 12 }, (_, i) => ` chain c${i} {\n${jumps(`c${i + 1}`)} }\n`).join('');
    const bomb = `table ip f {\n${chains} chain c12 { counter; }\n chain input { type filter hook input priority 0; jump c0; }\n}\n`;
    expect(await ask(nftables(bomb), '6443/tcp')).toMatch(/^unknown/);
  });
});

describe('scripts', () => {
  it('variables, sets, maps, commands and includes with patterns', async () => {
    const text =
      'define api = { 6443, 10250 }\ninclude "/etc/nftables.d/*.nft"\n' +
      dropping(
        ' tcp dport $api accept\n tcp dport @etcd accept\n udp dport vmap @overlay\n include "/etc/node.nft"',
      ).replace(
        'chain input',
        'set etcd { type inet_service; flags interval; elements = { 2379,\n 2380 }; }\n map overlay { type inet_service : verdict; elements = { 8472 : accept } }\n chain input',
      );
    const tree = nftables(text, {
      '/etc/nftables.d/10.nft': 'table ip x { }\nadd chain ip x y\nadd rule ip x y accept\ndelete table ip x\n',
      '/etc/nftables.d/ignored.txt': 'nonsense\n',
      '/etc/node.nft': 'tcp dport 30000-32767 accept\n',
    });
    expect((await readFirewall(tree)).value.filters[0]?.problems).toEqual([]);
    for (const port of ['6443/tcp', '10250/tcp', '2379-2380/tcp', '8472/udp'])
      expect(await ask(tree, port), port).toMatch(/^open/);
    expect(await ask(tree, '51820/udp')).toMatch(/^closed/);
  });

  it('rules added by commands', async () => {
    const text =
      'add table inet f\nadd chain inet f input { type filter hook input priority 0; policy drop; }\n' +
      'add rule inet f input tcp dport 22 accept\ninsert rule inet f input tcp dport 6443 accept\nflush chain inet f nothing\n';
    expect(await ask(nftables(text), '6443/tcp')).toBe(`open ${file}:4`);
    expect(await ask(nftables(`${text}flush ruleset\n`), '6443/tcp')).toBe('open');
  });

  it.each([
    ['a brace that is not closed', 'table inet f {\n chain input {\n  type filter hook input priority 0;\n }\n', 1],
    ['a brace too many', 'table inet f {\n}\n}\n', 3],
    ['a string that does not end', 'table inet f {\n chain c {\n  iifname "eth0 accept\n }\n}\n', 3],
    ['a word that is no statement', 'tabel inet f {\n}\n', 1],
    ['a variable that is not defined', 'table ip f {\n chain c {\n  tcp dport $x accept\n }\n}\n', 3],
    ['an include that is not there', '\ninclude "/etc/none.nft"\n', 2],
    ['an include of itself', 'include "/etc/nftables.conf"\n', 1],
    ['a base chain without a hook', 'table ip f {\n chain c {\n  type filter priority 0;\n }\n}\n', 3],
    ['a rule in no chain', 'add rule ip f c accept\n', 1],
  ])('%s: unknown, with the line', async (_, text, line) => {
    expect(await ask(nftables(text), '6443/tcp')).toBe(`unknown ${file}:${line}`);
  });

  it('garbage of any kind never throws', async () => {
    const words =
      'table inet f { } chain input type filter hook priority ; policy drop tcp dport 6443 accept @x $y vmap : , . != " define = include elements jump \n'.split(
        ' ',
      );
    let seed = 42;
    const random = (bound: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % bound;
    };
    for (let run = 0; run < 300; run++) {
      const text = Array.from({ length: 40 }, () => words[random(words.length)]).join(' ');
      const { value } = await readFirewall(nftables(text));
      expect(['open', 'closed', 'conditional', 'unknown']).toContain(
        decidePort(value, { protocol: 'tcp', from: 1, to: 65_535 }).state,
      );
    }
  });
});
