/**
 * Sizes with unit letters in falling order, `4M 11.5K`: base 1024 (memory) or 1000 (bandwidth). parse-util.c, parse_size().
 */
const letters = ['E', 'P', 'T', 'G', 'M', 'K'] as const;
function unitSteps(base: 1024 | 1000): readonly (readonly [string, bigint])[] {
  const steps: [string, bigint][] = letters.map((letter, i) => [letter, BigInt(base) ** BigInt(letters.length - i)]);
  steps.push(['B', 1n], ['', 1n]);
  return steps;
}

const binarySteps = unitSteps(1024);
const decimalSteps = unitSteps(1000);
const limit = 2n ** 64n - 1n;
const part = /[ \t\n\r]*\+?([0-9]+)(?:\.([0-9]*))?[ \t\n\r]*/y;

/** Bytes, or undefined if the text is no size. */
export function parseSize(text: string, base: 1024 | 1000): bigint | undefined {
  const steps = base === 1024 ? binarySteps : decimalSteps;
  let total = 0n;
  let first = 0;
  let at = 0;
  if (text.trim() === '') return undefined;
  while (at < text.length) {
    part.lastIndex = at;
    const match = part.exec(text);
    if (!match) return undefined;
    const [all, whole = '', fraction = ''] = match;
    if (whole.length > 20 || fraction.length > 40) return undefined;
    at += all.length;
    const letter = text[at] ?? '';
    const index = steps.findIndex(
      ([name], i) => i >= first && (name === letter || (name === '' && !/[A-Z]/.test(letter))),
    );
    const step = steps[index];
    if (!step) return undefined;
    const [name, size] = step;
    at += name.length;
    total += BigInt(whole) * size + (BigInt(fraction || '0') * size) / 10n ** BigInt(fraction.length);
    if (total > limit) return undefined;
    first = index + 1;
    if (name === '' && at < text.trimEnd().length) return undefined;
  }
  return total;
}

const quantity = 10_000n;

/**
 * A share of the machine: `33%`, `33.3%`, `33.33%` in hundredths of a percent; undefined if it is none. Unbounded above.
 */
export function parsePercent(text: string): bigint | undefined {
  const match = /^([0-9]{1,15})(?:\.([0-9]{1,2}))?%$/.exec(text);
  if (!match) return undefined;
  const [, whole = '', fraction = ''] = match;
  return BigInt(whole) * 100n + BigInt(fraction.padEnd(2, '0'));
}

/** Hundredths of a percent of the whole. */
export const wholeShare = quantity;
