import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern, patternProblem } from '../../../src/checks/matchers/pattern.ts';

describe('patterns', () => {
  it.each([
    ['abc', 'xabcx', true],
    ['^abc$', 'xabc', false],
    ['^a.c$', 'abc', true],
    ['^(ab|cd)+$', 'abcdab', true],
    ['^(ab|cd)+$', 'abc', false],
    ['^[a-c]{2,3}$', 'abca', false],
    ['^[^a-c]+$', 'xyz', true],
    ['\\bfoo\\b', 'a foo b', true],
    ['\\bfoo\\b', 'afoob', false],
    ['(?i)^HTTPS?://', 'https://x', true],
    ['^[\\w.-]+$', 'a.b-c_1', true],
    ['^a?b{0}c$', 'ac', true],
    ['-test-token$', 'my-test-token', true],
    ['^b$', 'a\nb\nc', true],
  ])('%s on %j is %s', (source, text, expected) => {
    expect(compilePattern(source).test(text)).toBe(expected);
  });

  it('agrees with the language on patterns of its subset', () => {
    const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '(a|b)', '(?:ab)', '\\w', '\\d');
    const part = fc
      .tuple(atom, fc.constantFrom('', '*', '+', '?', '{2}', '{1,3}', '{0,}'))
      .map((pair) => pair.join(''));
    const source = fc
      .tuple(fc.constantFrom('', '^'), fc.array(part, { minLength: 1, maxLength: 5 }), fc.constantFrom('', '$'))
      .map(([start, parts, end]) => `${start}${parts.join('')}${end}`);
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1'), maxLength: 12 });
    fc.assert(
      fc.property(source, text, (pattern, value) => {
        expect(compilePattern(pattern).test(value)).toBe(new RegExp(pattern).test(value));
      }),
      { seed: 7, numRuns: 2000 },
    );
  });

  it('takes steps in proportion to the text where backtracking never ends', () => {
    expect(compilePattern('^(a+)+$').test(`${'a'.repeat(20_000)}!`)).toBe(false);
  });

  it('says that it gave up rather than that nothing matched', () => {
    expect(compilePattern('((a?){40}){12}b$').test('a'.repeat(50_000))).toBe(undefined);
  });

  it.each(['(?=a)', '(a', 'a)', '*a', 'a**', '\\1', '[b-a]', 'a{600}', '(?<n>a)', '\\p', '(?:(?:(a{50}){50}){50})'])(
    'refuses %s',
    (source) => {
      expect(patternProblem(source)).toEqual(expect.any(String));
    },
  );
});
