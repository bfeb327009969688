/**
 * Debian version numbers, `[epoch:]upstream[-revision]` (Debian Policy 5.6.12), and their order: alternating runs of
 * non-digits and digits, where `~` sorts before everything, even the end, and letters before all other characters.
 */

export interface DebianVersion {
  /** 0 unless written. */
  readonly epoch: number;
  readonly upstream: string;
  /** Empty if there is none, which equals `0`. */
  readonly revision: string;
}

/** Splits a version at its first colon and its last hyphen. Total: what is no version still has an order. */
export function parseDebianVersion(text: string): DebianVersion {
  const colon = text.indexOf(':');
  const epochText = colon < 0 ? '' : text.slice(0, colon);
  const hasEpoch = /^[0-9]{1,9}$/.test(epochText);
  const rest = hasEpoch ? text.slice(colon + 1) : text;
  const hyphen = rest.lastIndexOf('-');
  return {
    epoch: hasEpoch ? Number(epochText) : 0,
    upstream: hyphen < 0 ? rest : rest.slice(0, hyphen),
    revision: hyphen < 0 ? '' : rest.slice(hyphen + 1),
  };
}

/** Negative, zero or positive, as `dpkg --compare-versions` orders them. */
export function compareDebianVersions(a: string, b: string): number {
  const x = parseDebianVersion(a);
  const y = parseDebianVersion(b);
  return x.epoch - y.epoch || compareParts(x.upstream, y.upstream) || compareParts(x.revision, y.revision);
}

function compareParts(a: string, b: string): number {
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    while ((i < a.length && !isDigit(a, i)) || (j < b.length && !isDigit(b, j))) {
      const order = weight(a, i) - weight(b, j);
      if (order !== 0) return order;
      i++;
      j++;
    }
    const endA = endOfDigits(a, i);
    const endB = endOfDigits(b, j);
    const order = compareNumbers(a.slice(i, endA), b.slice(j, endB));
    if (order !== 0) return order;
    i = endA;
    j = endB;
  }
  return 0;
}

/** Rank of one character of a non-digit run; a digit and the end of the text rank alike. */
function weight(text: string, at: number): number {
  if (at >= text.length || isDigit(text, at)) return 0;
  const code = text.charCodeAt(at);
  if (code === 0x7e) return -1;
  const isLetter = (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
  return isLetter ? code : code + 0x10000;
}

/** Runs of digits by value, of any length. */
function compareNumbers(a: string, b: string): number {
  const x = a.replace(/^0+/, '');
  const y = b.replace(/^0+/, '');
  return x.length - y.length || (x < y ? -1 : x > y ? 1 : 0);
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0x30 && code <= 0x39;
}

function endOfDigits(text: string, from: number): number {
  let at = from;
  while (at < text.length && isDigit(text, at)) at++;
  return at;
}
