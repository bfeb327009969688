/** Addresses and ranges of addresses (CIDR notation) as numbers. */

export interface AddressRange {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

/** `10.42.0.0/16`, `fd00::/48`, or one address; undefined if it is neither. */
export function parseRange(text: string): AddressRange | undefined {
  const [address = '', prefix, ...more] = text.trim().split('/');
  if (more.length > 0) return undefined;
  const family = address.includes(':') ? 6 : 4;
  const bits = family === 4 ? 32 : 128;
  const number = family === 4 ? parseIpv4(address) : parseIpv6(address);
  const length = prefix === undefined ? bits : /^[0-9]{1,3}$/.test(prefix) ? Number(prefix) : bits + 1;
  if (number === undefined || length > bits) return undefined;
  const size = 1n << BigInt(bits - length);
  const first = (number / size) * size;
  return { family, first, last: first + size - 1n };
}

export function overlap(a: AddressRange, b: AddressRange): boolean {
  return a.family === b.family && a.first <= b.last && b.first <= a.last;
}

/** The address itself, without the length of its network. */
export function addressOf(text: string): string {
  return text.trim().split('/')[0] ?? '';
}

function parseIpv4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^[0-9]{1,3}$/.test(part) && Number(part) < 256)) return undefined;
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

function parseIpv6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map(groupsOf);
  if (!head || (halves.length === 2 && !tail)) return undefined;
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array<string>(Math.max(0, missing)).fill('0'), ...(tail ?? [])];
  return groups.reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n);
}

/** Groups of four hexadecimal digits; the last may be an IPv4 address. */
function groupsOf(text: string): readonly string[] | undefined {
  if (text === '') return [];
  const groups = text.split(':');
  const last = groups.at(-1) ?? '';
  if (last.includes('.')) {
    const number = parseIpv4(last);
    if (number === undefined) return undefined;
    groups.splice(-1, 1, (number >> 16n).toString(16), (number & 0xffffn).toString(16));
  }
  return groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group)) ? groups : undefined;
}
