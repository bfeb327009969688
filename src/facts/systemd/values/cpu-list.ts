/** Sets of processors or memory nodes, `0-3 8`, printed as ranges. cpu-set-util.c. */
const highest = 8191;

/** The numbers, sorted; undefined if the text is no such list. */
export function parseCpuList(text: string): readonly number[] | undefined {
  const numbers = new Set<number>();
  for (const word of text.split(/[\s,]+/)) {
    if (word === '') continue;
    const match = /^([0-9]{1,4})(?:-([0-9]{1,4}))?$/.exec(word);
    if (!match) return undefined;
    const first = Number(match[1]);
    const last = Number(match[2] ?? match[1]);
    if (first > last || last > highest) return undefined;
    for (let number = first; number <= last; number++) numbers.add(number);
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
