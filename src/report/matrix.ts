/**
 * Several images side by side: how each ended, and the checks on which any of them has something to say, image by image. What
 * passed everywhere is in the counts.
 */
import { type Counts, exitCodeOf, type RunResult } from '../checks/result.ts';
import { groupsOf } from './findings.ts';
import { type Kind, kindOf, kinds } from './kinds.ts';

export interface Matrix {
  readonly images: readonly MatrixImage[];
  /** In the order of the first image that was judged. */
  readonly rows: readonly MatrixRow[];
}

export interface MatrixImage {
  readonly label: string;
  readonly verdict: 'holds' | 'fails' | 'no verdict';
  /** Absent where the image could not be opened. */
  readonly counts?: Counts;
}

export interface MatrixRow {
  readonly id: string;
  readonly title: string;
  /** One an image: the gravest result of the check; undefined where it was not judged. */
  readonly cells: readonly (Kind | undefined)[];
}

const verdicts = { 0: 'holds', 1: 'fails', 3: 'no verdict' } as const;
const worth: ReadonlySet<Kind | undefined> = new Set<Kind>(['fail', 'should', 'info', 'unverified', 'waived']);
const order = kinds.map(([kind]) => kind);

/** Undefined for a single image, and where no image could be opened. */
export function makeMatrix(run: RunResult): Matrix | undefined {
  const { images, strictness = { failOn: 'must', strict: false } } = run;
  if (images.length < 2 || images.every(({ state }) => state === 'unreadable')) return undefined;
  const rows = new Map<string, { readonly title: string; readonly cells: (Kind | undefined)[] }>();
  for (const [i, { results }] of groupsOf({ ...run, upkeep: [] }).entries()) {
    if (images[i]?.state !== 'judged') continue;
    for (const result of results) {
      const row = rows.get(result.id) ?? { title: result.title, cells: images.map(() => undefined) };
      rows.set(result.id, row);
      row.cells[i] = graverOf(row.cells[i], kindOf(result));
    }
  }
  return {
    images: images.map((image) => ({
      label: image.subject.label,
      verdict: verdicts[exitCodeOf(image, strictness)],
      ...(image.state === 'judged' ? { counts: image.counts } : {}),
    })),
    rows: [...rows]
      .filter(([, { cells }]) => cells.some((cell) => worth.has(cell)))
      .map(([id, row]) => ({ id, ...row })),
  };
}

function graverOf(a: Kind | undefined, b: Kind): Kind {
  return a !== undefined && order.indexOf(a) <= order.indexOf(b) ? a : b;
}
