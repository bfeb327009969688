import { describe, expect, it } from 'vitest';
import type { CheckResult } from '../../src/checks/check.ts';
import { JoinError, joinRuns } from '../../src/checks/join-runs.ts';
import type { ImageResult, RunResult, Shard } from '../../src/checks/result.ts';
import { fail } from '../../src/checks/verdict.ts';

const image = (label: string): ImageResult => ({
  state: 'unreadable',
  subject: { label, layers: [], system: [] },
  error: { code: 'x/y', message: 'cut' },
});

const run = (labels: readonly string[], more: Partial<RunResult> = {}): RunResult => ({
  tool: { name: 'check-image', version: '1.0.0' },
  images: labels.map(image),
  strictness: { failOn: 'must', strict: false },
  exitCode: 3,
  ...more,
});

const part = (labels: readonly string[], index: number, count: number, images: number, more = {}): RunResult =>
  run(labels, { shard: { index, count, images } satisfies Shard, ...more });

const join = (...runs: readonly RunResult[]) => joinRuns(runs.map((one, i) => ({ name: `${i}.json`, run: one })));
const labels = (...runs: readonly RunResult[]) => join(...runs).images.map(({ subject }) => subject.label);

const unused = (rule: string): CheckResult => ({
  id: 'waiver/unused',
  title: 'every waiver is needed',
  severity: 'should',
  references: [],
  verdict: fail(`the waiver of ${rule} covers no failure`),
});

describe('joined runs', () => {
  it('follow each other', () => {
    expect(labels(run(['b', 'a']), run(['c']))).toEqual(['b', 'a', 'c']);
  });

  it('have the images of shards in the order of one run, however the reports are ordered', () => {
    const parts = [part(['a', 'd', 'g'], 1, 3, 7), part(['b', 'e'], 2, 3, 7), part(['c', 'f'], 3, 3, 7)];
    const order = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    expect(labels(...parts)).toEqual(order);
    expect(labels(...parts.toReversed())).toEqual(order);
    expect(labels(part([], 2, 2, 1), part(['a'], 1, 2, 1))).toEqual(['a']);
  });

  it.each<[string, readonly RunResult[], string]>([
    ['a missing part', [part(['a'], 1, 3, 3), part(['c'], 3, 3, 3)], 'the report of part 2 of 3 is missing'],
    ['a part twice', [part(['a'], 1, 2, 2), part(['a'], 1, 2, 2)], '0.json and 1.json are both part 1'],
    ['parts of different wholes', [part(['a'], 1, 2, 2), part(['b'], 2, 2, 3)], '1.json is part 2 of 2 over 3 images'],
    ['a part that lacks an image', [part([], 1, 2, 2), part(['b'], 2, 2, 2)], '0.json holds 0 images, its part has 1'],
    ['a part among others', [run(['a']), part(['b'], 2, 2, 2)], '0.json is no part of the others: it has no --shard'],
    ['two versions', [run(['a']), run(['b'], { tool: { name: 'check-image', version: '2' } })], 'made by version 2'],
    ['no reports', [], 'no report given'],
    ['parts nobody could hold', [part([], 1, 9_999_999, 0)], 'the report of part 2 of 9999999 is missing'],
  ])('refuse %s', (_, runs, message) => {
    expect(() => join(...runs)).toThrow(JoinError);
    expect(() => join(...runs)).toThrow(message);
  });

  it('keep of the waivers what every part that judged something says', () => {
    const [a, b] = [unused('A'), unused('B')];
    expect(join(run(['x'], { upkeep: [a, b] }), run(['y'], { upkeep: [b] })).upkeep).toEqual([b]);
    expect(join(run([], { upkeep: [] }), run(['y'], { upkeep: [b] })).upkeep).toEqual([b]);
    expect(join(run(['x']), run(['y'])).upkeep).toBeUndefined();
  });

  it('know what fails a run only if all agree', () => {
    expect(join(run(['x']), run(['y'])).strictness).toEqual({ failOn: 'must', strict: false });
    expect(join(run(['x']), run(['y'], { strictness: { failOn: 'info', strict: false } })).strictness).toBeUndefined();
  });
});
