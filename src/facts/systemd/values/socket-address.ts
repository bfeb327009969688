/** Addresses of Listen*= as systemd prints them back. socket-util.c, systemd.socket(5) "ListenStream=". */
import { isBelowApiDirectory, simplifyPath } from './exec-command.ts';
import { parseIntegerWithin } from './integer.ts';
import { isIPv4, isIPv6 } from './internet-address.ts';

/** `[::]:80` for `80`, `/run/x` for a path, `@name`, `vsock:CID:PORT`, `route 1` for netlink; undefined if it is none. */
export function formatSocketAddress(text: string, kind: string): string | undefined {
  if (kind === 'FIFO' || kind === 'Special' || kind === 'USBFunction' || kind === 'MessageQueue') {
    if (!text.startsWith('/') || text.split('/').includes('..')) return undefined;
    if (kind !== 'Special' && isBelowApiDirectory(simplifyPath(text))) return undefined;
    return kind === 'MessageQueue' ? text : simplifyPath(text);
  }
  if (kind === 'Netlink') return formatNetlink(text);
  if (text.startsWith('/')) return simplifyPath(text);
  if (text.startsWith('@')) return text.length > 1 && text.length <= 107 ? text : undefined;
  if (kind === 'SequentialPacket') return undefined;
  if (text.startsWith('vsock:')) return /^vsock:[0-9]*:[0-9]+$/.test(text) ? text : undefined;
  const bare = parsePort(text);
  if (bare !== undefined) return `[::]:${bare}`;
  const colon = text.lastIndexOf(':');
  const port = parsePort(text.slice(colon + 1));
  const host = text.slice(0, Math.max(colon, 0));
  const isHost =
    isIPv4(host) || (/^\[[^\]%]+(?:%[^\]]+)?\]$/.test(host) && isIPv6(host.slice(1, -1).split('%')[0] ?? ''));
  return port !== undefined && isHost ? text : undefined;
}

function parsePort(text: string): bigint | undefined {
  return parseIntegerWithin(text, 1n, 65_535n);
}

const netlinkFamilies = new Set(
  'route firewall inet-diag nflog xfrm selinux iscsi audit fib-lookup connector netfilter ip6-fw dnrtmsg kobject-uevent generic scsitransport ecryptfs rdma'.split(
    ' ',
  ),
);

function formatNetlink(text: string): string | undefined {
  const [family = '', group = '0', more] = text.split(/[ \t]+/);
  const isFamily = netlinkFamilies.has(family) || parseIntegerWithin(family, 0n, 2n ** 31n - 1n) !== undefined;
  return isFamily && /^[0-9]{1,10}$/.test(group) && more === undefined ? `${family} ${group}` : undefined;
}
