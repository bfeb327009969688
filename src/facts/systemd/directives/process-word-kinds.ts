/** Kinds of words about processes: credentials, log fields, filters, scheduling. systemd.exec(5), seccomp-util.c, cpu-set-util.c. */
import { isBase64 } from '../values/base64.ts';
import { formatCpuList, parseCpuList } from '../values/cpu-list.ts';
import { parseIntegerWithin } from '../values/integer.ts';
import { hasUnknownEscape } from '../values/words.ts';
import { checkedLines, checkedText, filter } from './checked-kinds.ts';
import { ignore, type Kind, listOf, type Outcome } from './directive.ts';
import { lines, wordList } from './list-kinds.ts';
import { scalar } from './scalar-kinds.ts';

export const base64Lines = checkedLines('base64 data', isBase64);
const credentialName = /^[^/:\p{Cc}]{1,255}$/u;

function isCredentialName(name: string): boolean {
  return credentialName.test(name) && name !== '.' && name !== '..';
}

/** `NAME:DATA`. */
export const credentialData = checkedLines('credential', (text) => {
  const colon = text.indexOf(':');
  return colon >= 0 && colon < text.length - 1 && isCredentialName(text.slice(0, colon));
});
/** The same, the data in Base64. */
export const encryptedCredentialData = checkedLines('credential', (text) => {
  const colon = text.indexOf(':');
  return (
    colon >= 0 && colon < text.length - 1 && isCredentialName(text.slice(0, colon)) && isBase64(text.slice(colon + 1))
  );
});
/** `NAME[:PATH]`. */
export const loadedCredentials = checkedLines('credential', (text) => {
  const [name = '', ...rest] = text.split(':');
  return isCredentialName(name) && !rest.join(':').includes('//');
});

/** `PATH[:NAME[:OPTIONS]]`. */
export const openedFiles = checkedLines('OpenFile= setting', (text) => {
  const [path = '', , options = '', more] = text.split(':');
  const known = ['read-only', 'append', 'truncate', 'graceful', ''];
  return path.startsWith('/') && options.split(',').every((option) => known.includes(option)) && more === undefined;
});

/** `FIELD=value` words; fields in capitals. */
export const logFields = wordList('retain', (word, { expand }) => {
  const value = expand(word);
  return value !== undefined && /^[A-Z][A-Z0-9_]{0,63}=/.test(value)
    ? [value]
    : { error: `Log field is not valid, ignoring: ${word}` };
});

/** Journals of their own: names that can be an instance's. */
export const logNamespace = checkedText(
  'log namespace',
  (text) => /^[0-9A-Za-z:_.\\@-]{1,200}$/.test(text) && !/^\.\.?$/.test(text),
);

/** Names (with a pattern at the end) of credentials, `NAME[:NEW-NAME]`; what is printed is the pattern. */
export const importedCredentials = wordList(
  'retain',
  (word, { expand }) => {
    const [pattern = '', renamed = ''] = (expand(word) ?? '').split(':');
    return isCredentialName(pattern) &&
      !renamed.includes('/') &&
      !pattern.slice(0, -1).includes('*') &&
      !/[[?\]]/.test(pattern)
      ? [pattern]
      : { error: `Credential name or glob is not valid, ignoring: ${word}` };
  },
  (list, added) => [...new Set([...list, ...added])],
);

const fileSystemGroups =
  /^@(?:basic-api|anonymous|application|auxiliary-api|common-block|historical-block|network|privileged-api|security|temporary|known)$/;
/** Types of file systems, and groups of them. */
export const fileSystemTypes: Kind = {
  accumulates: true,
  apply: (current, text, context): Outcome =>
    filter('file system', (word) => !word.startsWith('@') || fileSystemGroups.test(word)).apply(current, text, {
      ...context,
      expand: (value) => context.expand(value) ?? value,
    }),
};

const addressFamilyNames = new Set(
  [
    'UNIX LOCAL INET AX25 IPX APPLETALK NETROM BRIDGE ATMPVC X25 INET6 ROSE DECnet NETBEUI SECURITY KEY NETLINK ROUTE PACKET ASH ECONET',
    'ATMSVC RDS SNA IRDA PPPOX WANPIPE LLC IB MPLS CAN TIPC BLUETOOTH IUCV RXRPC ISDN PHONET IEEE802154 CAIF ALG NFC VSOCK KCM QIPCRTR SMC XDP MCTP',
  ]
    .join(' ')
    .split(' ')
    .map((name) => `AF_${name}`),
);
export const addressFamilies = filter('address family', (word) => word === 'none' || addressFamilyNames.has(word));

const callArchitectureNames = new Set(
  'native x86 x86-64 x32 arm arm64 loongarch64 m68k mips-le mips64-le mips64-le-n32 mips mips64 mips64-n32 parisc parisc64 ppc ppc64 ppc64-le riscv64 s390 s390x'.split(
    ' ',
  ),
);
/** Without doubles. */
export const callArchitectures = wordList(
  'retain',
  (word) =>
    callArchitectureNames.has(word)
      ? [word]
      : { error: `Failed to parse system call architecture "${word}", ignoring` },
  (list, added) => [...new Set([...list, ...added])],
);

/** Architectures a process can pretend to run on; which of them the machine accepts is not held against the image. */
export const personality = scalar('personality', 'reset', (text) =>
  text !== 'native' && callArchitectureNames.has(text) ? text : undefined,
);

const policies: readonly string[] = ['other', 'fifo', 'rr', 'batch', '4', 'idle'];
/** By name or number; a number that the kernel does not know is taken, too. */
export const schedulingPolicy = scalar('CPU scheduling policy', 'reset', (text) => {
  if (/^[a-z]+$/.test(text)) return policies.includes(text) ? text : undefined;
  const number = parseIntegerWithin(text, 0n, 2n ** 31n - 1n);
  return number === undefined ? undefined : (policies[Number(number)] ?? String(number));
});
export const schedulingPriority = scalar('CPU scheduling priority', 'refuse', (text) =>
  parseIntegerWithin(text, 0n, 99n),
);

/** Processors, or those of the memory nodes of NUMAMask=. */
export const cpuAffinity = numberSet('CPU affinity', 'numa');
/** Memory nodes, or all. */
export const nodeMask = numberSet('NUMA node mask', 'all');

function numberSet(what: string, whole: string): Kind {
  return {
    accumulates: true,
    apply(current, text): Outcome {
      if (text === '') return { effect: 'reset' };
      if (text === whole) return { effect: 'set', value: [whole] };
      const before = listOf(current).filter((item) => item !== whole);
      const numbers = parseCpuList(`${before.join(' ')} ${text}`);
      if (numbers === undefined) return ignore(`Failed to parse ${what}, ignoring: ${text}`);
      return { effect: 'add', value: formatCpuList(numbers) };
    },
  };
}

/** Patterns, `~` in front of those that keep a message out. */
export const logPatterns: Kind = {
  accumulates: true,
  apply(current, text): Outcome {
    if (text === '') return { effect: 'reset' };
    if (text === '~') return ignore('Invalid pattern, ignoring: ~');
    return { effect: 'add', value: [...listOf(current), text] };
  },
};

/** C escapes in text that becomes input. */
export const inputText = checkedLines('input text', (text) => !hasUnknownEscape(text), lines);
