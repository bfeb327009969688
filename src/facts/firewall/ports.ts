/** Ports as rules write them: a number, a range, or a name of services(5). */
import type { PortRange } from './firewall-fact.ts';

/** Names that firewall rules use, from the IANA registry. */
const services: Readonly<Record<string, number>> = {
  'ftp-data': 20,
  ftp: 21,
  ssh: 22,
  telnet: 23,
  smtp: 25,
  domain: 53,
  bootps: 67,
  bootpc: 68,
  tftp: 69,
  http: 80,
  kerberos: 88,
  pop3: 110,
  sunrpc: 111,
  ntp: 123,
  'netbios-ns': 137,
  'netbios-dgm': 138,
  'netbios-ssn': 139,
  imap2: 143,
  snmp: 161,
  'snmp-trap': 162,
  ldap: 389,
  https: 443,
  'microsoft-ds': 445,
  submission: 587,
  ipp: 631,
  ldaps: 636,
  imaps: 993,
  pop3s: 995,
  openvpn: 1194,
  nfs: 2049,
  'dhcpv6-client': 546,
  'dhcpv6-server': 547,
  mysql: 3306,
  postgresql: 5432,
  mdns: 5353,
};

export const lastPort = 65_535;

/** One port or range; `separator` is `-` (nft) or `:` (iptables). Undefined if it is neither a number nor a known name. */
export function parsePorts(text: string, separator: '-' | ':'): PortRange | undefined {
  const whole = parsePort(text);
  if (whole !== undefined) return { from: whole, to: whole };
  const at = text.indexOf(separator);
  if (at < 0) return undefined;
  const low = at === 0 ? 0 : parsePort(text.slice(0, at));
  const high = at === text.length - 1 ? lastPort : parsePort(text.slice(at + 1));
  return low === undefined || high === undefined || low > high ? undefined : { from: low, to: high };
}

function parsePort(text: string): number | undefined {
  if (/^(?:[0-9]{1,5}|0x[0-9a-fA-F]{1,4})$/.test(text)) {
    const number = Number(text);
    return number <= lastPort ? number : undefined;
  }
  return Object.hasOwn(services, text) ? services[text] : undefined;
}
