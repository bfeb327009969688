/** Damaged filters against nft: what is called refused was refused by the nft of Debian 13 (fixtures/firewall/refusals.py). */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { FilterProblem } from '../../../src/facts/firewall/firewall-fact.ts';
import { nftables, readFirewall } from './decide.ts';

/** The line nft complains of, 0 if it does not. */
type Case = { readonly line: number } & (
  | { readonly rule: string }
  | { readonly of: number; readonly at: number; readonly take: number; readonly put: string }
);

const fixture = (name: string): Buffer => readFileSync(new URL(`../../fixtures/firewall/${name}`, import.meta.url));
const { head, frame, cases } = JSON.parse(gunzipSync(fixture('refusals.json.gz')).toString()) as {
  head: string;
  frame: string;
  cases: readonly Case[];
};
const filters = (JSON.parse(fixture('answers.json').toString()) as readonly { kind: string; text: string }[])
  .filter(({ kind }) => kind === 'nftables')
  .map(({ text }) => head + text);

function textOf(one: Case): string {
  if ('rule' in one) return frame.replace('RULE', () => one.rule);
  const text = filters[one.of] as string;
  return text.slice(0, one.at) + one.put + text.slice(one.at + one.take);
}

async function findRefusal(text: string): Promise<FilterProblem | undefined> {
  const { value } = await readFirewall(nftables(text));
  return value.filters[0]?.problems.find(({ isRefused }) => isRefused);
}

describe('what nft refuses', () => {
  it('is never what it loads, and the line is that of nft', async () => {
    const wrong: string[] = [];
    let told = 0;
    for (const one of cases) {
      const found = await findRefusal(textOf(one));
      if (!found) continue;
      if (one.line === 0) wrong.push(`${found.message}: ${textOf(one)}`);
      // A newline that is missing is noticed at either end.
      else if (Math.abs((found.location.line ?? 0) - one.line) <= 1) told++;
    }
    expect(wrong).toEqual([]);
    expect(told).toBeGreaterThan(cases.filter(({ line }) => line !== 0).length * 0.6);
  });

  const chain = (line: string): string => `flush ruleset\ntable inet f {\n chain input {\n${line}\n }\n}\n`;
  const base = 'type filter hook input priority filter; policy drop;';
  it.each([
    [chain(`${base}\ntcp dport 22 acept`), "'acept' is no statement, 'accept' is", 5],
    [chain(`${base}\ntcp dport 22 ACCEPT`), "'ACCEPT' is no statement, 'accept' is", 5],
    [chain(`${base}\nct state new allow`), "'allow' is no statement, 'accept' is", 5],
    [chain(`${base}\ntcp dprot 22 accept`), "'tcp dprot' is no field, 'tcp dport' is", 5],
    [chain(`${base}\ntcp dport 65536 accept`), 'there is no port 65536', 5],
    [chain(`${base}\ntcp dport 80-22 accept`), 'the range of ports 80-22 ends before it begins', 5],
    [chain(`${base}\ntcp dport accept`), "'dport' has no port behind it", 5],
    [chain(`${base}\ntcp dport { 22 80 } accept`), 'between 22 and 80 a comma is missing', 5],
    [chain(`${base}\naccept counter`), "'counter' stands behind 'accept', which ends a rule", 5],
    [chain(`${base}\nct state establishd accept`), "there is no state 'establishd', but 'established'", 5],
    [chain(`${base}\njump nowhere`), 'there is no chain inet f nowhere', 5],
    [chain('type filter hook input priority filter; policy dorp;'), "'dorp' is no policy, accept and drop are", 4],
    [chain('type filter hook inptu priority filter;'), "there is no hook 'inptu'", 4],
    [chain('type filer hook input priority filter;'), "there is no type of chain 'filer'", 4],
    [chain('type filter hook input priority fliter;'), "there is no priority 'fliter'", 4],
    [chain('type filter hook input priority 0 policy drop'), "a line end or ';' is missing before the policy", 4],
    ['tabel inet f {\n}\n', "'tabel' is no word of nft, 'table' is", 1],
    ['table inet f {\n chian c {\n }\n}\n', "'chian' is no word of nft, 'chain' is", 2],
    ['table inet f {\n set s {\n  tpye inet_service\n }\n}\n', "'tpye' is no word of a set, 'type' is", 3],
    ['table inet f {\n', "'{' is not closed", 1],
  ])('%j', async (text, message, line) => {
    expect(await findRefusal(text)).toMatchObject({ message, location: { line } });
  });

  it.each([
    ['a statement that is new', chain(`${base}\nfrobnicate accept`)],
    ['a file that is made later', 'include "/etc/nftables.d/later.nft"\n'],
    ['a chain that another filter may have made', 'table inet f {\n chain c {\n  jump nowhere\n }\n}\n'],
    ['an object that is new', 'table inet f {\n wall w {\n }\n}\n'],
  ])('%s may be right', async (_, text) => {
    expect(await findRefusal(text)).toBeUndefined();
  });

  it('a variable may come from the command line', async () => {
    const text = chain(`${base}\ntcp dport $api accept`);
    const unit = '[Service]\nExecStart=/usr/sbin/nft -D api=6443 -f /etc/nftables.conf\n';
    expect((await findRefusal(text))?.message).toBe('the variable $api is not defined');
    const { value } = await readFirewall(nftables(text, { '/usr/lib/systemd/system/nftables.service': unit }));
    expect(value.filters[0]?.problems.map(({ isRefused }) => isRefused)).toEqual([undefined]);
  });
});
