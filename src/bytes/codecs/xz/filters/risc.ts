/**
 * Branch filters of machines with instructions of fixed size: the addresses in branches were made absolute, so that equal targets
 * are equal bytes. Each conversion knows one instruction pattern (xz-file-format.txt names the filters, the pattern is the machine's).
 */
import type { Conversion } from './filter.ts';

/** Converts the aligned words of four bytes that `word` recognises. */
function byWord(word: (view: DataView, at: number, position: number) => void): Conversion {
  return (buffer, position) => {
    const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
    const end = buffer.length - (buffer.length % 4);
    for (let i = 0; i < end; i += 4) word(view, i, (position + i) | 0);
    return end;
  };
}

/** ARM: BL, a word offset in the low 24 bits. */
export const arm = byWord((view, at, position) => {
  const word = view.getUint32(at, true);
  if (word >>> 24 !== 0xeb) return;
  const target = (((word & 0xffffff) << 2) - (position + 8)) >>> 2;
  view.setUint32(at, 0xeb000000 | (target & 0xffffff), true);
});

/** ARM64: BL (26 bits of words) and ADRP (21 bits of pages, converted within ±512 MiB only). */
export const arm64 = byWord((view, at, position) => {
  const word = view.getUint32(at, true);
  if (word >>> 26 === 0x25) {
    view.setUint32(at, 0x94000000 | ((word - (position >>> 2)) & 0x3ffffff), true);
  } else if ((word & 0x9f000000) >>> 0 === 0x90000000) {
    const pages = ((word >>> 29) & 3) | ((word >>> 3) & 0x1ffffc);
    if ((pages + 0x20000) & 0x1c0000) return;
    const target = pages - (position >>> 12);
    const sign = target & 0x20000 ? 0xe00000 : 0;
    view.setUint32(at, (word & 0x9000001f) | ((target & 3) << 29) | ((target & 0x3fffc) << 3) | sign, true);
  }
});

/** PowerPC, big-endian: bl, 24 bits of words. */
export const powerpc = byWord((view, at, position) => {
  const word = view.getUint32(at);
  if ((word & 0xfc000003) >>> 0 !== 0x48000001) return;
  view.setUint32(at, 0x48000001 | (((word & 0x3fffffc) - position) & 0x3fffffc));
});

/** SPARC: call with an operand whose upper bits are all equal; 22 bits of words and their sign. */
export const sparc = byWord((view, at, position) => {
  const word = view.getUint32(at);
  if (word >>> 22 !== 0x100 && word >>> 22 !== 0x1ff) return;
  const target = ((word << 2) - position) >>> 2;
  const sign = target & 0x400000 ? 0x3fc00000 : 0;
  view.setUint32(at, 0x40000000 | sign | (target & 0x3fffff));
});

/** ARM Thumb: BL in two half-words with 11 bits each. */
export const armThumb: Conversion = (buffer, position) => {
  let i = 0;
  for (; i + 4 <= buffer.length; i += 2) {
    const [b0, b1, b2, b3] = [buffer[i], buffer[i + 1], buffer[i + 2], buffer[i + 3]] as [
      number,
      number,
      number,
      number,
    ];
    if ((b1 & 0xf8) !== 0xf0 || (b3 & 0xf8) !== 0xf8) continue;
    const source = ((b1 & 7) << 19) | (b0 << 11) | ((b3 & 7) << 8) | b2;
    const target = ((source << 1) - (position + i + 4)) >>> 1;
    buffer[i] = target >>> 11;
    buffer[i + 1] = 0xf0 | ((target >>> 19) & 7);
    buffer[i + 2] = target;
    buffer[i + 3] = 0xf8 | ((target >>> 8) & 7);
    i += 2;
  }
  return i;
};

/** IA-64: by the template in the low five bits of a bundle, which of its three slots may be a branch. */
const IA64_BRANCH_SLOTS = [...new Array<number>(16).fill(0), 4, 4, 6, 6, 0, 0, 7, 7, 4, 4, 0, 0, 4, 4, 0, 0];

/** IA-64: br.call in bundles of 16 bytes with slots of 41 bits; 20 bits of bundles and their sign. */
export const ia64: Conversion = (buffer, position) => {
  const end = buffer.length - (buffer.length % 16);
  const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
  for (let i = 0; i < end; i += 16) {
    const slots = IA64_BRANCH_SLOTS[(buffer[i] as number) & 31] as number;
    for (let slot = 0; slot < 3; slot++) {
      if (slots & (1 << slot)) convertSlot(view, i, 5 + 41 * slot, (position + i) | 0);
    }
  }
  return end;
};

function convertSlot(view: DataView, bundle: number, bit: number, position: number): void {
  const at = bundle + (bit >> 3);
  const shift = BigInt(bit & 7);
  const low = BigInt(view.getUint32(at, true));
  const raw = low | (BigInt(view.getUint16(at + 4, true)) << 32n);
  const instruction = raw >> shift;
  if (((instruction >> 37n) & 15n) !== 5n || ((instruction >> 9n) & 7n) !== 0n) return;
  const source = Number((instruction >> 13n) & 0xfffffn) | (Number((instruction >> 36n) & 1n) << 20);
  const target = BigInt(((source << 4) - position) >>> 4);
  const cleared = instruction & ~(0x8fffffn << 13n);
  const converted = cleared | ((target & 0xfffffn) << 13n) | ((target & 0x100000n) << 16n);
  const stored = (converted << shift) | (raw & ((1n << shift) - 1n));
  view.setUint32(at, Number(stored & 0xffffffffn), true);
  view.setUint16(at + 4, Number((stored >> 32n) & 0xffffn), true);
}
