import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { readJobs, readShard, takeShard } from '../../../src/cli/judging/spread.ts';
import { UsageError } from '../../../src/cli/usage-error.ts';

describe('--jobs', () => {
  it('is a number, or as many as there are processors', () => {
    expect([readJobs('1'), readJobs('16'), readJobs('auto')]).toEqual([1, 16, availableParallelism()]);
  });

  it.each(['0', '-1', '1.5', 'many', '', '1000'])('is not %j', (text) => {
    expect(() => readJobs(text)).toThrow(UsageError);
  });
});

describe('--shard', () => {
  it.each(['0/2', '3/2', '1/0', '2', '1/2/3', 'a/b', '-1/2', ''])('is not %j', (text) => {
    expect(() => readShard(text, 3)).toThrow(UsageError);
  });

  it.each([
    [7, 3],
    [8, 4],
    [2, 5],
    [0, 2],
  ])('gives each of %i images to one of %i parts, evenly and in order', (images, count) => {
    const all = Array.from({ length: images }, (_, i) => `${i}.wic`);
    const parts = Array.from({ length: count }, (_, i) => takeShard(all, readShard(`${i + 1}/${count}`, images)));
    expect(parts.flat().sort()).toEqual([...all].sort());
    const sizes = parts.map((part) => part.length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    for (const part of parts) expect(part).toEqual(all.filter((one) => part.includes(one)));
  });
});
