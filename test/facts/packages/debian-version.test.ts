import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compareDebianVersions } from '../../../src/facts/packages/debian-version.ts';
import { isInVersionRange, parseVersionRange } from '../../../src/facts/packages/version-range.ts';

const { versions, pairs } = JSON.parse(
  readFileSync(new URL('../../fixtures/packages/versions.json', import.meta.url), 'utf8'),
) as { versions: string[]; pairs: number[] };

describe('compareDebianVersions', () => {
  it('orders every pair as dpkg --compare-versions does, both ways round', () => {
    const wrong: string[] = [];
    let next = 0;
    for (const [i, a] of versions.entries()) {
      for (const b of versions.slice(i + 1)) {
        const expected = pairs[next++];
        if (Math.sign(compareDebianVersions(a, b)) !== expected) wrong.push(`${a} ? ${b}`);
        if (Math.sign(compareDebianVersions(b, a)) !== -(expected as number) + 0) wrong.push(`${b} ? ${a}`);
      }
    }
    expect(next).toBe(pairs.length);
    expect(wrong).toEqual([]);
  });

  it('finds every version equal to itself', () => {
    expect(versions.filter((version) => compareDebianVersions(version, version) !== 0)).toEqual([]);
  });
});

describe('version ranges', () => {
  it.each([
    ['1.8.10-2', '>= 1.8', true],
    ['1.8.10-2', '>= 1.8, << 1.8.10', false],
    ['1.8.10-2', '>= 1.8, << 1.9', true],
    ['1:1.0', '> 9', true],
    ['1.0-1', '= 1.0-1', true],
    ['1.0-1', '1.0-1', true],
    ['1.0-1', '1.0', false],
    ['1.0~rc1', '<1.0', true],
    ['1.0', '<= 1.0', true],
    ['1.0', '>> 1.0', false],
    ['1.32.5+k3s1', '1.32.x', true],
    ['v1.32.5+k3s1', '1.32.x', true],
    ['1.320.1', '1.32.x', false],
    ['1.32', '1.32.x', true],
  ])('%s in %s: %s', (version, range, expected) => {
    const relations = parseVersionRange(range);
    expect(relations && isInVersionRange(version, relations)).toBe(expected);
  });

  it.each(['', '>=', '1.0,', '~1.0', '>= 1.x', '1 2', '=> 1', '^1.0'])('%j is no range', (text) => {
    expect(parseVersionRange(text)).toBeUndefined();
  });
});
