/**
 * Two texts line by line as a unified diff. The shortest edit script by Myers' greedy algorithm (E. Myers, "An O(ND) Difference
 * Algorithm and Its Variations", 1986), up to a bound on its length: texts that have little in common are not shown.
 */

interface Edit {
  readonly kind: ' ' | '-' | '+';
  readonly line: string;
  /** Lines before it on each side. */
  readonly a: number;
  readonly b: number;
}

/** Lines that may be taken away and put in, all together. */
const MAX_EDITS = 400;
const CONTEXT = 3;

/** Lines from the first `@@` on; undefined if too much differs. */
export function formatUnifiedDiff(a: string, b: string): readonly string[] | undefined {
  const [ours, theirs] = [linesOf(a), linesOf(b)];
  let start = 0;
  while (start < ours.length && start < theirs.length && ours[start] === theirs[start]) start++;
  let end = 0;
  while (
    end < ours.length - start &&
    end < theirs.length - start &&
    ours[ours.length - 1 - end] === theirs[theirs.length - 1 - end]
  )
    end++;
  const edits = findEdits(ours.slice(start, ours.length - end), theirs.slice(start, theirs.length - end));
  if (!edits) return undefined;
  const moved = edits.map((edit) => ({ ...edit, a: edit.a + start, b: edit.b + start }));
  const before = ours.slice(Math.max(0, start - CONTEXT), start);
  const after = ours.slice(ours.length - end, Math.min(ours.length, ours.length - end + CONTEXT));
  const all = [
    ...before.map((line, i): Edit => ({ kind: ' ', line, a: start - before.length + i, b: start - before.length + i })),
    ...moved,
    ...after.map((line, i): Edit => ({ kind: ' ', line, a: ours.length - end + i, b: theirs.length - end + i })),
  ];
  return hunksOf(all).flatMap(formatHunk);
}

/** A missing last newline is part of its line, and shows below it, as diff(1) does. */
function linesOf(text: string): readonly string[] {
  if (text === '') return [];
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  else lines.push(`${lines.pop()}\n\\ No newline at end of file`);
  return lines;
}

/** The edits in order, equal lines between them included. */
function findEdits(a: readonly string[], b: readonly string[]): readonly Edit[] | undefined {
  const bound = Math.min(MAX_EDITS, a.length + b.length);
  const middle = bound + 1;
  const reach = new Int32Array(2 * bound + 3);
  const traces: Int32Array[] = [];
  for (let length = 0; length <= bound; length++) {
    traces.push(reach.slice());
    for (let k = -length; k <= length; k += 2) {
      const down = reach[middle + k + 1] as number;
      const right = reach[middle + k - 1] as number;
      let x = k === -length || (k !== length && right < down) ? down : right + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      reach[middle + k] = x;
      if (x >= a.length && x - k >= b.length) return traceBack(traces, middle, a, b);
    }
  }
  return undefined;
}

/** Follows the steps back from the ends of both texts. */
function traceBack(
  traces: readonly Int32Array[],
  middle: number,
  a: readonly string[],
  b: readonly string[],
): readonly Edit[] {
  const edits: Edit[] = [];
  let [x, y] = [a.length, b.length];
  for (let length = traces.length - 1; length >= 0; length--) {
    const reach = traces[length] as Int32Array;
    const k = x - y;
    const down = reach[middle + k + 1] as number;
    const right = reach[middle + k - 1] as number;
    const isDown = k === -length || (k !== length && right < down);
    const fromX = isDown ? down : right;
    const fromY = fromX - (isDown ? k + 1 : k - 1);
    const [stepX, stepY] = length === 0 ? [0, 0] : isDown ? [fromX, fromY + 1] : [fromX + 1, fromY];
    while (x > stepX && y > stepY) {
      x--;
      y--;
      edits.push({ kind: ' ', line: a[x] as string, a: x, b: y });
    }
    if (length === 0) break;
    if (isDown) {
      y--;
      edits.push({ kind: '+', line: b[y] as string, a: x, b: y });
    } else {
      x--;
      edits.push({ kind: '-', line: a[x] as string, a: x, b: y });
    }
  }
  return edits.reverse();
}

/** Edits with the equal lines near them; far ones are dropped. */
function hunksOf(edits: readonly Edit[]): readonly (readonly Edit[])[] {
  const hunks: Edit[][] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const [i, { kind }] of edits.entries()) {
    if (kind === ' ') continue;
    const from = Math.max(0, i - CONTEXT, last + 1);
    if (hunks.length === 0 || from > last + 1) hunks.push([]);
    const hunk = hunks.at(-1) as Edit[];
    hunk.push(...edits.slice(from, i + 1));
    last = i;
    while (last + 1 < edits.length && last - i < CONTEXT && edits[last + 1]?.kind === ' ') {
      last++;
      hunk.push(edits[last] as Edit);
    }
  }
  return hunks;
}

function formatHunk(hunk: readonly Edit[]): readonly string[] {
  const [first] = hunk as readonly [Edit];
  const ours = hunk.filter(({ kind }) => kind !== '+').length;
  const theirs = hunk.filter(({ kind }) => kind !== '-').length;
  return [
    `@@ -${rangeOf(first.a, ours)} +${rangeOf(first.b, theirs)} @@`,
    ...hunk.flatMap(({ kind, line }) => `${kind}${line}`.split('\n')),
  ];
}

/** As diff(1) writes it: a range of no lines names the line before it. */
function rangeOf(start: number, count: number): string {
  if (count === 1) return String(start + 1);
  return `${count === 0 ? start : start + 1},${count}`;
}
