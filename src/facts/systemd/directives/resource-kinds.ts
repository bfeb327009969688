/** Kinds of systemd.resource-control(5): weights, limits, shares, delegation, addresses. load-fragment.c, cgroup.c. */
import { parseBoolean } from '../values/boolean.ts';
import { parseInteger } from '../values/integer.ts';
import { isIPv4, isIPv6 } from '../values/internet-address.ts';
import { parsePercent, parseSize, wholeShare } from '../values/size.ts';
import { infinity } from '../values/time-span.ts';
import { splitWords } from '../values/words.ts';
import { ignore, type Kind, type Outcome } from './directive.ts';
import { wordList } from './list-kinds.ts';
import { scalar } from './scalar-kinds.ts';

/** Bytes, `infinity`, or a share of the machine's memory (kept as text: only the machine knows it). */
export function memoryLimit(options: { readonly zero: boolean }): Kind {
  return scalar('memory limit', 'reset', (text) => {
    if (text === 'infinity') return infinity;
    const share = parsePercent(text);
    if (share !== undefined) return share > wholeShare ? undefined : text;
    const bytes = parseSize(text, 1024);
    if (bytes === undefined || bytes >= infinity || (bytes === 0n && !options.zero)) return undefined;
    return bytes;
  });
}

/** Like memory, but counted. */
export const taskLimit = scalar('maximum tasks value', 'reset', (text) => {
  if (text === 'infinity') return infinity;
  const share = parsePercent(text);
  if (share !== undefined) return share > wholeShare ? undefined : text;
  const count = parseInteger(text);
  return count === undefined || count <= 0n || count >= infinity ? undefined : count;
});

/** Microseconds of processor time a second. */
export const processorQuota = scalar('CPU quota', 'reset', (text) => {
  const share = parsePercent(text);
  return share === undefined || share === 0n ? undefined : (share * 1_000_000n) / wholeShare;
});

/** 1..10000; `idle` is 0. */
export function weight(low: bigint, high: bigint, options: { readonly idle?: boolean } = {}): Kind {
  return scalar('weight', 'reset', (text) => {
    if (options.idle && text === 'idle') return 0n;
    const value = parseInteger(text);
    return value === undefined || value < low || value > high ? undefined : value;
  });
}

/** Every controller that may be named, in the order systemctl prints them. */
const allControllers: readonly string[] = [
  'cpu',
  'cpuacct',
  'cpuset',
  'io',
  'blkio',
  'memory',
  'devices',
  'pids',
  'bpf-firewall',
  'bpf-devices',
  'bpf-foreign',
  'bpf-socket-bind',
  'bpf-restrict-network-interfaces',
];

/** What a plain `Delegate=yes` hands over: the real controllers of cgroup v2. cgroup-util.h (CGROUP_MASK_DELEGATE). */
export const delegatedControllers: readonly string[] = ['cpu', 'cpuset', 'io', 'memory', 'pids'];

/** `yes`, `no` or controllers, which add up. The value lists the controllers; the empty list is "yes, but none". */
export const delegate: Kind = {
  accumulates: true,
  apply(current, text): Outcome {
    if (text === '') return { effect: 'set', value: [] };
    const flag = parseBoolean(text);
    if (flag !== undefined) return { effect: 'set', value: flag ? delegatedControllers : 'no' };
    const { words, error } = splitWords(text, 'drop');
    const before = Array.isArray(current) ? current : [];
    const value = allControllers.filter((name) => words.includes(name) || before.includes(name));
    const wrong = words.find((word) => !allControllers.includes(word));
    const warning = wrong === undefined ? error : `Invalid controller name '${wrong}', ignoring`;
    return warning === undefined ? { effect: 'add', value } : { effect: 'add', value, warning };
  },
};

export const controllers = wordList(
  'drop',
  (word) => (allControllers.includes(word) ? [word] : { error: `Invalid controller name '${word}', ignoring` }),
  (list, added) => allControllers.filter((name) => list.includes(name) || added.includes(name)),
);

const addressWords: Readonly<Record<string, readonly string[]>> = {
  any: ['0.0.0.0/0', '::/0'],
  localhost: ['127.0.0.0/8', '::1/128'],
  'link-local': ['169.254.0.0/16', 'fe80::/64'],
  multicast: ['224.0.0.0/4', 'ff00::/8'],
};

/** Address prefixes; a bare address means all its bits. */
export const addresses = wordList(
  'drop',
  (word) => {
    if (Object.hasOwn(addressWords, word)) return addressWords[word] ?? [];
    const [address = '', length, more] = word.split('/');
    const bits = isIPv4(address) ? 32 : isIPv6(address) ? 128 : undefined;
    const isLength = length === undefined || (/^[0-9]{1,3}$/.test(length) && Number(length) <= (bits ?? 0));
    if (bits !== undefined && isLength && more === undefined) return [length === undefined ? `${word}/${bits}` : word];
    return { error: `Address prefix is invalid, ignoring assignment: ${word}` };
  },
  (list, added) => [...new Set([...list, ...added])],
);

/** `DEVICE rwm` lines; without letters all three. */
export const deviceAccess: Kind = {
  accumulates: true,
  apply(current, text, { expand }): Outcome {
    if (text === '') return { effect: 'reset' };
    const [device, access = 'rwm'] = splitWords(expand(text) ?? '', 'drop').words;
    const valid =
      device !== undefined &&
      /^(\/dev\/|\/run\/systemd\/inaccessible\/|block-|char-)/.test(device) &&
      /^[rwm]+$/.test(access);
    if (!valid) return ignore(`Invalid device node path or access mode '${text}', ignoring.`);
    const list = Array.isArray(current) ? (current as readonly string[]) : [];
    return { effect: 'add', value: [...list, `${device} ${access}`] };
  },
};
