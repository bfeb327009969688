import { describe, expect, it } from 'vitest';
import { domains } from '../../../src/checks/matchers/domain.ts';
import { formatMatcher, gradeValue, type Matcher, matcherProblem } from '../../../src/checks/matchers/matcher.ts';

describe('equality in the sense of the thing', () => {
  it.each([
    ['boolean', 'yes', 'TRUE', 'equal'],
    ['boolean', 'yes', 'on', 'equal'],
    ['boolean', 'yes', '1', 'equal'],
    ['boolean', 'yes', 'cpu memory', 'different'],
    ['time span', '5s', '5', 'equal'],
    ['time span', '5s', '5sec', 'equal'],
    ['time span', '5s', '5 seconds', 'equal'],
    ['time span', '5s', '5000ms', 'equal'],
    ['time span', '5s', '100ms', 'different'],
    ['time span', '5s', '5 parsecs', 'different'],
    ['limit', '1048576', '1048576:1048576', 'equal'],
    ['limit', '1048576', '1M', 'equal'],
    ['limit', '1048576', '1024:1048576', 'different'],
    ['limit', 'infinity', 'infinity', 'equal'],
    ['limit', 'infinity', 'unlimited', 'different'],
    ['tasks', 'infinity', '100%', 'different'],
    ['mode', '0755', '755', 'equal'],
    ['mode', '0755', '00755', 'equal'],
    ['mode', '0755', 'rwxr-xr-x', 'equal'],
    ['mode', '0755', '0750', 'different'],
    ['mode', '4755', 'rwsr-xr-x', 'equal'],
    ['words', '1', ' 1 ', 'equal'],
    ['words', '4 4 1 7', '4\t4  1 7', 'equal'],
    ['text', 'notify', 'Notify', 'different'],
  ] as const)('%s %s, found %s: %s', (domain, wanted, found, grade) => {
    expect(gradeValue(wanted, found, domains[domain])).toBe(grade);
  });
});

describe('conditions', () => {
  it.each<[Matcher, string | undefined, string]>([
    [{ 'one-of': ['a', 'b'] }, 'b', 'equal'],
    [{ 'one-of': ['a', 'b'] }, 'c', 'different'],
    [{ not: 'a' }, 'b', 'equal'],
    [{ not: 'a' }, 'a', 'different'],
    [{ absent: true }, undefined, 'equal'],
    [{ absent: true }, 'x', 'different'],
    ['x', undefined, 'different'],
    [{ matches: '^x+$' }, 'xxx', 'equal'],
    [{ version: '1.32.x' }, 'v1.32.7+k3s1', 'equal'],
    [{ version: '1.32.x' }, 'v1.32.7-rc1+k3s1', 'different'],
    [{ version: '1.32.x' }, 'v1.320.1+k3s1', 'different'],
    [{ version: '>= 1.32, << 1.34' }, 'v1.33.0+k3s2', 'equal'],
    [{ equals: 'a', accept: { 'one-of': ['b'] }, tolerate: { 'one-of': ['c'] } }, 'b', 'accepted'],
    [{ equals: 'a', accept: { 'one-of': ['b'] }, tolerate: { 'one-of': ['c'] } }, 'c', 'tolerated'],
    [{ equals: 'a', accept: { 'one-of': ['b'] }, tolerate: { 'one-of': ['c'] } }, 'd', 'different'],
  ])('%j on %s is %s', (matcher, found, grade) => {
    expect(gradeValue(matcher, found, domains.text)).toBe(grade);
  });

  it('compares numbers as numbers', () => {
    expect(gradeValue({ min: 8192 }, '10000', domains.words)).toBe('equal');
    expect(gradeValue({ max: '1M' }, '1048577', domains.size)).toBe('different');
    expect(gradeValue({ within: '0600' }, '0400', domains.mode)).toBe('equal');
    expect(gradeValue({ within: '0600' }, '0640', domains.mode)).toBe('different');
    expect(gradeValue({ includes: '0111' }, '0755', domains.mode)).toBe('equal');
  });

  it('reads as a sentence', () => {
    expect(formatMatcher('process')).toBe('process');
    expect(formatMatcher({ equals: 8192, accept: { min: 8192 } })).toBe('at least 8192');
    expect(formatMatcher({ 'one-of': ['a', 'b'] })).toBe('one of a, b');
  });

  it('is refused when nothing could fail it or nothing could meet it', () => {
    expect(matcherProblem({ matches: 'a*' })).toMatch(/matches every text/);
    expect(matcherProblem({ matches: '^a*$' })).toBeUndefined();
    expect(matcherProblem({ accept: { equals: 1 } })).toMatch(/compared with nothing/);
    expect(matcherProblem({ within: '7777' }, domains.mode)).toMatch(/every mode/);
    expect(matcherProblem('5 parsecs', domains['time span'])).toMatch(/not a time span/);
    expect(matcherProblem({ version: 'newest!' })).toMatch(/not a version range/);
  });
});
