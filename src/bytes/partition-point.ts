/** Search by halving, the one of all tables in order. */

/** How many of `count` items in order come before the first for which `holds` is false; it is true for none behind that one. */
export function partitionPoint(count: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
