/**
 * Time spans in microseconds: `5min 20s`, `1.5h`, `90`, `infinity`. systemd.time(7) "Parsing Time Spans", time-util.c.
 */
export const infinity = 2n ** 64n - 1n;

const units: Readonly<Record<string, bigint>> = {
  seconds: 1_000_000n,
  second: 1_000_000n,
  sec: 1_000_000n,
  s: 1_000_000n,
  minutes: 60_000_000n,
  minute: 60_000_000n,
  min: 60_000_000n,
  months: 2_629_800_000_000n,
  month: 2_629_800_000_000n,
  M: 2_629_800_000_000n,
  msec: 1_000n,
  ms: 1_000n,
  m: 60_000_000n,
  hours: 3_600_000_000n,
  hour: 3_600_000_000n,
  hr: 3_600_000_000n,
  h: 3_600_000_000n,
  days: 86_400_000_000n,
  day: 86_400_000_000n,
  d: 86_400_000_000n,
  weeks: 604_800_000_000n,
  week: 604_800_000_000n,
  w: 604_800_000_000n,
  years: 31_557_600_000_000n,
  year: 31_557_600_000_000n,
  y: 31_557_600_000_000n,
  usec: 1n,
  us: 1n,
  µs: 1n,
  μs: 1n,
};

const largest = 2n ** 63n - 1n;
/** A number with or without fraction, then a unit or nothing. Linear: each class excludes what follows it. */
const part = /[ \t\n\r]*(?:\+?([0-9]+)(?:\.([0-9]+))?|\.([0-9]+))[ \t\n\r]*([A-Za-zµμ]*)/y;

/** Microseconds, `infinity`, or undefined if the text is no time span. `unit` counts for a number without one. */
export function parseTimeSpan(text: string, unit: keyof typeof units & string = 's'): bigint | undefined {
  const trimmed = text.trim();
  if (trimmed === 'infinity') return infinity;
  if (trimmed === '') return undefined;
  let total = 0n;
  part.lastIndex = 0;
  while (part.lastIndex < trimmed.length) {
    const match = part.exec(trimmed);
    if (!match || match[0] === '') return undefined;
    const [, whole = '0', behindNumber, behindPoint, word = ''] = match;
    const fraction = behindNumber ?? behindPoint ?? '';
    const multiplier = units[word === '' ? unit : word];
    if (multiplier === undefined || !Object.hasOwn(units, word === '' ? unit : word)) return undefined;
    if (whole.length > 20 || fraction.length > 40) return undefined;
    total += BigInt(whole) * multiplier + scaleFraction(fraction, multiplier);
    if (total > largest) return undefined;
  }
  return total;
}

/** Digits after the point, each worth a tenth of what the one before is, rounded down digit by digit. */
function scaleFraction(digits: string, multiplier: bigint): bigint {
  let sum = 0n;
  let worth = multiplier / 10n;
  for (const digit of digits) {
    sum += BigInt(digit) * worth;
    worth /= 10n;
  }
  return sum;
}

const names: readonly (readonly [string, bigint])[] = [
  ['y', 31_557_600_000_000n],
  ['month', 2_629_800_000_000n],
  ['w', 604_800_000_000n],
  ['d', 86_400_000_000n],
  ['h', 3_600_000_000n],
  ['min', 60_000_000n],
  ['s', 1_000_000n],
  ['ms', 1_000n],
  ['us', 1n],
];

/** As systemd prints a span; `accuracy` 1 µs as `systemctl show` does. */
export function formatTimeSpan(span: bigint, accuracy = 1n): string {
  if (span === infinity) return 'infinity';
  if (span === 0n) return '0';
  const parts: string[] = [];
  let rest = span;
  for (const [name, size] of names) {
    if (rest <= 0n || (rest < accuracy && parts.length > 0)) break;
    if (rest < size) continue;
    const count = rest / size;
    const below = rest % size;
    if (rest < 60_000_000n && below > 0n && size > accuracy) {
      const digits = (size / accuracy).toString().length - 1;
      parts.push(`${count}.${(below / accuracy).toString().padStart(digits, '0')}${name}`);
      break;
    }
    parts.push(`${count}${name}`);
    rest = below;
  }
  return parts.join(' ');
}
