/**
 * The x86 branch filter: operands of CALL (E8) and JMP (E9) were made absolute. Whether an opcode counts depends on the opcode-like
 * bytes in the four before it, which `recent` remembers: bit k stands for the byte k before, bit 4 for a plausible high byte.
 */
import type { Conversion } from './filter.ts';

/** By the three newest bits of `recent`: whether an operand here may have been converted. */
const CONVERTIBLE = [true, true, true, false, true, false, false, false];
/** By the same: how many operand bytes the encoder had to look past. */
const OVERLAP = [0, 1, 2, 2, 3, 3, 3, 3];

const isSignByte = (byte: number): boolean => byte === 0 || byte === 0xff;

export function createX86(): Conversion {
  let recent = 0;
  /** Position of the last opcode, as an unsigned 32-bit number. */
  let last = -5 >>> 0;
  return (buffer, position) => {
    if (buffer.length < 5) return 0;
    if ((position - last) >>> 0 > 5) last = (position - 5) >>> 0;
    const limit = buffer.length - 5;
    let i = 0;
    while (i <= limit) {
      const opcode = buffer[i] as number;
      if (opcode !== 0xe8 && opcode !== 0xe9) {
        i++;
        continue;
      }
      const distance = (position + i - last) >>> 0;
      last = (position + i) >>> 0;
      if (distance > 5) recent = 0;
      else for (let step = 0; step < distance; step++) recent = (recent & 0x77) << 1;
      const high = buffer[i + 4] as number;
      if (isSignByte(high) && CONVERTIBLE[(recent >> 1) & 7] && recent >> 1 < 16) {
        const target = relativeTarget(buffer, i, (position + i + 5) | 0, recent);
        buffer[i + 1] = target;
        buffer[i + 2] = target >> 8;
        buffer[i + 3] = target >> 16;
        buffer[i + 4] = (target >> 24) & 1 ? 0xff : 0;
        i += 5;
        recent = 0;
      } else {
        i++;
        recent |= isSignByte(high) ? 0x11 : 1;
      }
    }
    return i;
  };
}

/** The operand behind the opcode at `i`, relative again. */
function relativeTarget(buffer: Uint8Array, i: number, next: number, recent: number): number {
  let source =
    (buffer[i + 1] as number) |
    ((buffer[i + 2] as number) << 8) |
    ((buffer[i + 3] as number) << 16) |
    ((buffer[i + 4] as number) << 24);
  for (;;) {
    const target = (source - next) | 0;
    if (recent === 0) return target;
    const overlap = (OVERLAP[recent >> 1] as number) * 8;
    if (!isSignByte((target >>> (24 - overlap)) & 0xff)) return target;
    source = target ^ (overlap === 0 ? -1 : (1 << (32 - overlap)) - 1);
  }
}
