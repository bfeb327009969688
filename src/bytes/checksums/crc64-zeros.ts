/**
 * CRC-64/XZ over runs of zero bytes in logarithmic time: what 2^n zero bytes do to the register is a linear map over its 64 bits,
 * kept as the images of the bits, each in a low and a high half.
 */

interface Operator {
  readonly low: Int32Array;
  readonly high: Int32Array;
}

export interface Register {
  readonly low: number;
  readonly high: number;
}

/** By power of two. */
const operators: Operator[] = [];

/** The register after `length` zero bytes. */
export function advanceOverZeros(register: Register, length: number): Register {
  let result = register;
  let rest = length;
  for (let power = 0; rest > 0; power++) {
    if (rest % 2 === 1) result = apply(zeroOperator(power), result);
    rest = Math.floor(rest / 2);
  }
  return result;
}

function zeroOperator(power: number): Operator {
  const known = operators[power];
  if (known) return known;
  const half = power === 0 ? undefined : zeroOperator(power - 1);
  const operator = { low: new Int32Array(64), high: new Int32Array(64) };
  for (let bit = 0; bit < 64; bit++) {
    const one = bit < 32 ? { low: 1 << bit, high: 0 } : { low: 0, high: 1 << (bit - 32) };
    const image = half ? apply(half, apply(half, one)) : oneZeroByte(one);
    operator.low[bit] = image.low;
    operator.high[bit] = image.high;
  }
  operators[power] = operator;
  return operator;
}

function oneZeroByte(register: Register): Register {
  let { low, high } = register;
  for (let bit = 0; bit < 8; bit++) {
    const odd = low & 1;
    low = (low >>> 1) | (high << 31);
    high >>>= 1;
    if (odd) {
      low ^= 0xd7870f42;
      high ^= 0xc96c5795;
    }
  }
  return { low, high };
}

function apply(operator: Operator, register: Register): Register {
  let low = 0;
  let high = 0;
  for (let bit = 0; bit < 64; bit++) {
    const set = bit < 32 ? (register.low >>> bit) & 1 : (register.high >>> (bit - 32)) & 1;
    if (set === 0) continue;
    low ^= operator.low[bit] as number;
    high ^= operator.high[bit] as number;
  }
  return { low, high };
}
