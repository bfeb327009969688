/** Sets of processors or memory nodes, `0-3 8`, printed as ranges. cpu-set-util.c. */
import { parseIntegerWithin } from './integer.ts';

const highest = 8191n;

/** The numbers, sorted; undefined if the text is no such list. */
export function parseCpuList(text: string): readonly number[] | undefined {
  const numbers = new Set<number>();
  for (const word of text.split(/[\s,]+/)) {
    if (word === '') continue;
    const [low = '', high = low, more] = word.split('-');
    const first = parseIntegerWithin(low, 0n, highest);
    const last = parseIntegerWithin(high, 0n, highest);
    if (first === undefined || last === undefined || first > last || more !== undefined) return undefined;
    for (let number = Number(first); number <= Number(last); number++) numbers.add(number);
  }
  return [...numbers].sort((a, b) => a - b);
}

/** `0-1 3`. */
export function formatCpuList(numbers: readonly number[]): readonly string[] {
  const ranges: string[] = [];
  for (let at = 0; at < numbers.length; at++) {
    const first = numbers[at] as number;
    let last = first;
    while (numbers[at + 1] === last + 1) {
      at++;
      last++;
    }
    ranges.push(first === last ? String(first) : `${first}-${last}`);
  }
  return ranges;
}
