import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { partitionPoint } from '../../src/bytes/partition-point.ts';

describe('the partition point', () => {
  it('is where a search from the front would stop', () => {
    const ascending = fc.array(fc.integer({ min: 0, max: 50 })).map((values) => values.toSorted((a, b) => a - b));
    fc.assert(
      fc.property(ascending, fc.integer({ min: -1, max: 51 }), (values, wanted) => {
        const front = values.findIndex((value) => value > wanted);
        const found = partitionPoint(values.length, (i) => (values[i] as number) <= wanted);
        expect(found).toBe(front < 0 ? values.length : front);
      }),
    );
  });

  it('asks for few of many', () => {
    let asked = 0;
    const found = partitionPoint(1_000_000, (i) => {
      asked++;
      return i < 654_321;
    });
    expect(found).toBe(654_321);
    expect(asked).toBeLessThanOrEqual(20);
  });
});
