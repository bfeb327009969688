/**
 * Mistakes in a rule that every nft refuses (nft(8), evaluate.c): a field that a header does not have, a port that is none, a
 * statement behind a verdict, a misspelt word where a statement begins.
 */
import { lastPort } from '../ports.ts';
import { findMeant } from './misspelt.ts';
import type { Token } from './tokens.ts';

const wordsOf = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

const ports = wordsOf('sport dport');

/** Fields by header, in the spelling of nft(8), and what else stands behind its name: `log flags tcp options`, `dnat ip addr . port`. */
const fields: Readonly<Record<string, ReadonlySet<string>>> = {
  tcp: wordsOf('sport dport sequence ackseq doff reserved flags window checksum urgptr option options reset'),
  udp: wordsOf('sport dport length checksum'),
  th: ports,
  ip: wordsOf('saddr daddr version hdrlength dscp ecn length id frag-off ttl protocol checksum option options addr'),
  ip6: wordsOf('saddr daddr version dscp ecn flowlabel length nexthdr hoplimit addr'),
};

/** Values that a match has to choose from, by the words before them. */
const choices: Readonly<Record<string, ReadonlySet<string>>> = {
  state: wordsOf('established related new invalid untracked'),
  pkttype: wordsOf('host unicast broadcast multicast other'),
};

const verdicts = wordsOf('accept drop return continue reject jump goto');
/** Words that a statement begins with. */
const beginnings = wordsOf(`
  accept drop return continue reject jump goto add ah arp cgroup comment comp counter cpu ct day dccp delete dnat dst dup esp
  ether exthdr fib flow frag fwd geneve gre gretap hash hbh hour ibrname icmp icmpv6 igmp iif iifgroup iifkind iifname iiftype
  ip ip6 ipsec jhash l4proto last length limit log mark masquerade meta meter mh nfproto notrack numgen obrname oif oifgroup
  oifkind oifname oiftype osf pkttype priority protocol queue quota random redirect rt rtclassid sctp sdif sdifname secmark set
  skgid skuid snat socket symhash synproxy tcp th time tproxy tunnel udp udplite update vlan vxlan xfrm xt`);
const transports = wordsOf('tcp udp udplite sctp dccp th');
const maps = wordsOf('vmap map');
const isNumeric = (text: string): boolean => /^[0-9][0-9-]*$/.test(text);

/** The sentence on a rule that nft refuses, if one of these mistakes is in it. */
export function findRuleMistake(tokens: readonly Token[]): string | undefined {
  const isVerdictMap = tokens.some(({ kind, text }) => kind === 'word' && text === 'vmap');
  let depth = 0;
  for (const [at, token] of tokens.entries()) {
    if (token.kind === 'symbol') depth += token.text === '{' ? 1 : token.text === '}' ? -1 : 0;
    const next = tokens[at + 1];
    if (next?.text === '{' && next.kind === 'symbol' && token.kind === 'word') {
      const meant = findMeant(token.text, maps);
      if (meant !== undefined) return `'${token.text}' stands before a map, '${meant}' does`;
    }
    if (next?.kind !== 'word') continue;
    if (depth > 0 && isNumeric(token.text) && isNumeric(next.text))
      return `between ${token.text} and ${next.text} a comma is missing`;
    const mistake =
      token.kind === 'word'
        ? findPairMistake(token.text, next.text, tokens[at - 1]?.text)
        : isVerdictMap && token.text === ':' && findWordMistake(next);
    if (mistake) return mistake;
  }
  return undefined;
}

/** Of two words in a row. */
function findPairMistake(word: string, next: string, before: string | undefined): string | undefined {
  const known = Object.hasOwn(fields, word) ? fields[word] : undefined;
  const meant = known && findMeant(next, known);
  if (meant !== undefined) return `'${word} ${next}' is no field, '${word} ${meant}' is`;
  if (ports.has(word)) return findPortMistake(word, next);
  if (ports.has(next)) {
    const transport = findMeant(word, transports, 2);
    if (transport !== undefined) return `'${word} ${next}' is no field, '${transport} ${next}' is`;
  }
  const value = Object.hasOwn(choices, word) ? choices[word] : undefined;
  const choice = value && findMeant(next, value);
  if (choice !== undefined) return `there is no ${word} '${next}', but '${choice}'`;
  if ((word !== 'accept' && word !== 'drop') || before === ':' || next === 'comment') return undefined;
  return `'${next}' stands behind '${word}', which ends a rule`;
}

/** The sentence on a word that no statement begins with. */
export function findWordMistake({ kind, text }: Token): string | undefined {
  if (kind !== 'word') return undefined;
  const meant = findMeant(text, beginnings);
  return meant === undefined ? undefined : `'${text}' is no statement, '${meant}' is`;
}

function findPortMistake(field: string, text: string): string | undefined {
  if (verdicts.has(text) || ports.has(text)) return `'${field}' has no port behind it`;
  const [, from, to = from] = /^([0-9]{1,9})(?:-([0-9]{1,9}))?$/.exec(text) ?? [];
  if (from === undefined) return undefined;
  if (Number(from) > lastPort || Number(to) > lastPort) return `there is no port ${text}`;
  return Number(to) < Number(from) ? `the range of ports ${text} ends before it begins` : undefined;
}
