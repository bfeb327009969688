/** Kinds of devices, interfaces and kernel programs. systemd.resource-control(5), systemd.socket(5), cgroup.c. */
import { parseInteger, parseIntegerWithin } from '../values/integer.ts';
import { parsePercent, parseSize } from '../values/size.ts';
import { infinity, parseTimeSpan } from '../values/time-span.ts';
import { splitWords } from '../values/words.ts';
import { checkedLines, checkedWords } from './checked-kinds.ts';
import { type Kind, listOf, type Outcome } from './directive.ts';
import { isAbsolutePath, scalar } from './scalar-kinds.ts';

/** `PATH VALUE` lines; the path of a file stands for the device that it lies on. */
function deviceLines(what: string, isValue: (text: string) => boolean): Kind {
  return checkedLines(what, (text) => {
    const [path = '', value, more] = splitWords(text, 'retain').words;
    return path !== '' && value !== undefined && isValue(value) && more === undefined;
  });
}

export const deviceWeights = deviceLines(
  'device weight',
  (text) => parseIntegerWithin(text, 1n, 10_000n) !== undefined,
);
export const deviceRates = deviceLines(
  'device limit',
  (text) => text === 'infinity' || (parseSize(text, 1000) ?? 0n) > 0n,
);
export const deviceLatencies = deviceLines('device latency', (text) => parseTimeSpan(text) !== undefined);

export const absolutePaths = checkedLines('path', isAbsolutePath);

const programTypes = new Set(
  'ingress egress sock_create sock_ops device bind4 bind6 connect4 connect6 post_bind4 post_bind6 sendmsg4 sendmsg6 sysctl recvmsg4 recvmsg6 getsockopt setsockopt'.split(
    ' ',
  ),
);

/** `TYPE:PATH` of a program that was loaded before. */
export const attachedPrograms = checkedLines('BPFProgram= setting', (text) => {
  const colon = text.indexOf(':');
  return programTypes.has(text.slice(0, Math.max(colon, 0))) && isAbsolutePath(text.slice(colon + 1));
});

/** `any`, or `[FAMILY:][PROTOCOL:]PORTS`. */
export const socketBinds = checkedLines('socket binding', (word) => {
  if (word === 'any') return true;
  const parts = word.split(':');
  if (/^ipv[46]$/.test(parts[0] ?? '')) parts.shift();
  if (/^(?:tcp|udp)$/.test(parts[0] ?? '')) parts.shift();
  return parts.length === 0 || (parts.length === 1 && isPortRange(parts[0] ?? ''));
});

function isPortRange(text: string): boolean {
  const [first = '', last = first, more] = text.split('-');
  const ports = [first, last].map((port) => parseIntegerWithin(port, 0n, 65_535n));
  const [low, high] = ports;
  return more === undefined && low !== undefined && high !== undefined && low <= high;
}

/** Names of network interfaces, none of them a number; the kernel's own are short, alternative ones longer. */
function isInterfaceName(name: string, longest: number): boolean {
  const isNumber = /^[0-9]+$/.test(name) || (parseInteger(name) ?? -1n) >= 0n;
  return (
    /^[\x21-\x24\x26-\x2e\x30-\x39\x3b-\x7e]+$/.test(name) &&
    name.length <= longest &&
    !isNumber &&
    !/^(?:\.\.?|all|default)$/.test(name)
  );
}

export const interfaceNames: Kind = {
  accumulates: true,
  apply(current, text): Outcome {
    if (text === '') return { effect: 'reset' };
    const { words, error } = splitWords(text, 'retain');
    const wrong = words.find((word, at) => !isInterfaceName(at === 0 ? word.replace(/^~/, '') : word, 127));
    const value = [...listOf(current), ...words.filter((word) => word !== wrong)];
    const warning = wrong === undefined ? error : `Invalid interface name, ignoring: ${wrong}`;
    return warning === undefined ? { effect: 'add', value } : { effect: 'add', value, warning };
  },
};

export const interfaceName = scalar('interface name', 'reset', (text) =>
  text === '*' || isInterfaceName(text, 15) ? text : undefined,
);

const sources = ['cgroup', 'user', 'group'];
const families = ['arp', 'bridge', 'inet', 'ip', 'ip6', 'netdev'];
const nftName = /^[A-Za-z][A-Za-z0-9/\\_.]{0,31}$/;

/** `SOURCE:FAMILY:TABLE:SET`. */
export const nftSets = checkedWords('NFT set', (word) => {
  const [source = '', family = '', table = '', set = '', more] = word.split(':');
  return (
    sources.includes(source) &&
    families.includes(family) &&
    nftName.test(table) &&
    nftName.test(set) &&
    more === undefined
  );
});

/** A control group below the unit's own; names of the kernel's files are taken. */
export const subgroup = scalar('control group name', 'reset', (text) =>
  text.includes('/') || /^[._]/.test(text) || /^(?:cgroup|cpu|cpuset|io|memory|pids|hugetlb|misc|rdma|irq)\./.test(text)
    ? undefined
    : text,
);

const serviceTypes: Readonly<Record<string, bigint>> = {
  'low-delay': 0x10n,
  throughput: 8n,
  reliability: 4n,
  'low-cost': 2n,
};

/** The type-of-service byte of IP. */
export const typeOfService = scalar('IPTOS', 'reset', (text) =>
  Object.hasOwn(serviceTypes, text) || parseIntegerWithin(text, 0n, 255n) !== undefined ? text : undefined,
);

/** At most the whole. */
export const wholePercent = scalar('memory pressure limit', 'reset', (text) => {
  const share = parsePercent(text);
  return share === undefined || share > 10_000n ? undefined : share;
});

/** At least a second. */
export const pressureDuration = scalar('memory pressure duration', 'reset', (text) => {
  const span = parseTimeSpan(text);
  return span === undefined || span < 1_000_000n || span === infinity ? undefined : span;
});
