/** Addresses of Listen*= as systemd prints them back. socket-util.c, systemd.socket(5) "ListenStream=". */
import { simplifyPath } from './exec-command.ts';

/** `[::]:80` for `80`, `/run/x` for a path, `@name`, `vsock:CID:PORT`, `route 1` for netlink; undefined if it is none. */
export function formatSocketAddress(text: string, kind: string): string | undefined {
  if (kind === 'FIFO' || kind === 'Special' || kind === 'USBFunction')
    return text.startsWith('/') ? simplifyPath(text) : undefined;
  if (kind === 'MessageQueue') return text.startsWith('/') ? text : undefined;
  if (kind === 'Netlink') return formatNetlink(text);
  if (text.startsWith('/')) return simplifyPath(text);
  if (text.startsWith('@')) return text.length > 1 && text.length <= 107 ? text : undefined;
  if (text.startsWith('vsock:')) return /^vsock:[^:]*:[0-9]+$/.test(text) ? text : undefined;
  if (/^[0-9]+$/.test(text)) return isPort(text) ? `[::]:${Number(text)}` : undefined;
  const v6 = /^\[([0-9a-fA-F:.]+)\]:([0-9]+)$/.exec(text);
  if (v6) return isPort(v6[2]) ? text : undefined;
  const v4 = /^[0-9]{1,3}(?:\.[0-9]{1,3}){3}:([0-9]+)$/.exec(text);
  return v4 && isPort(v4[1]) ? text : undefined;
}

function isPort(text: string | undefined): boolean {
  return text !== undefined && text.length <= 5 && Number(text) >= 1 && Number(text) <= 65535;
}

function formatNetlink(text: string): string | undefined {
  const match = /^([a-z-]+|[0-9]+)(?:\s+([0-9]+))?$/.exec(text);
  return match ? `${match[1]} ${match[2] ?? '0'}` : undefined;
}
