/** TCP flags of rules, asked about the packet that opens a connection: SYN alone. */

const flagBits: Readonly<Record<string, number>> = {
  fin: 1,
  syn: 2,
  rst: 4,
  psh: 8,
  ack: 16,
  urg: 32,
  ecn: 64,
  ece: 64,
  cwr: 128,
  none: 0,
  all: 63,
};

export const SYN = 2;

/** Names joined by commas or bars, or a number, as bits; undefined if one is unknown. */
export function parseTcpFlags(text: string): number | undefined {
  let bits = 0;
  for (const word of text
    .toLowerCase()
    .replace(/[()]/g, '')
    .split(/[,|\s]+/)) {
    if (word === '') continue;
    const bit = /^(?:0x[0-9a-f]{1,2}|[0-9]{1,3})$/.test(word) ? Number(word) : flagBits[word];
    if (bit === undefined || (Number.isNaN(bit) && !Object.hasOwn(flagBits, word))) return undefined;
    bits |= bit;
  }
  return bits;
}
