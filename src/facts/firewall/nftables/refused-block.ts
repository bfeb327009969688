/** Mistakes that every nft refuses in what a base chain and a set say of themselves (nft(8), "CHAINS" and "SETS"). */
import { findMeant } from './misspelt.ts';
import { priorities } from './ruleset.ts';
import type { Token } from './tokens.ts';

const chainTypes = ['filter', 'nat', 'route'];
const hooks = ['prerouting', 'input', 'forward', 'output', 'postrouting', 'ingress', 'egress'];
/** Of the bridge family, besides the others. */
const bridgePriority = 'out';

const isName = (text: string): boolean => /^[A-Za-z]+$/.test(text);

/** Why nft refuses the words of a base chain, in a sentence: `type filter hook input priority filter`. */
export function findBaseMistake(words: readonly string[]): string | undefined {
  const [, type = '', hook = '', name = ''] = words;
  if (isName(type) && !chainTypes.includes(type)) return `there is no type of chain '${type}'`;
  if (hook !== 'hook') return "a type of chain has 'hook' behind it";
  if (isName(name) && !hooks.includes(name)) return `there is no hook '${name}'`;
  if (words.includes('policy')) return "a line end or ';' is missing before the policy";
  const at = words.indexOf('priority');
  if (at < 0) return 'a base chain has a priority';
  const priority = words[at + 1] ?? '';
  return isName(priority) && !Object.hasOwn(priorities, priority) && priority !== bridgePriority
    ? `there is no priority '${priority}'`
    : undefined;
}

const words: ReadonlySet<string> = new Set(
  'type typeof flags elements size timeout gc-interval policy auto-merge counter comment last quota'.split(' '),
);
const types: ReadonlySet<string> = new Set([
  'ipv4_addr',
  'ipv6_addr',
  'ether_addr',
  'inet_proto',
  'inet_service',
  'mark',
  'ifname',
  'verdict',
  'iface_index',
]);
const flags: ReadonlySet<string> = new Set(['constant', 'interval', 'timeout', 'dynamic']);

/** Why nft refuses a line of a set or map, in a sentence. */
export function findSetMistake([first, ...rest]: readonly Token[]): string | undefined {
  if (first?.kind !== 'word') return undefined;
  const [second] = rest;
  const meant = findMeant(first.text, words);
  if (meant !== undefined) return `'${first.text}' is no word of a set, '${meant}' is`;
  if (first.text === 'elements' && second?.text !== '=') return "elements have '=' before them";
  if (/^(?:type|flags)$/.test(first.text) && !second) return `'${first.text}' has nothing behind it`;
  const known = first.text === 'type' ? types : first.text === 'flags' ? flags : undefined;
  if (!known) return undefined;
  for (const { kind, text } of rest) {
    const other = kind === 'word' ? findMeant(text, known) : undefined;
    if (other !== undefined) return `there is no '${text}' for the ${first.text} of a set, but '${other}'`;
  }
  return undefined;
}
