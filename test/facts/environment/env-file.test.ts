// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the syntax under test
/** Syntax beyond the recorded cases; expectations from load_env_file of systemd 252 and the environment.d generator. */
import { describe, expect, test } from 'vitest';
import { loadEnvFile, parseEnvFile } from '../../../src/facts/environment/env-file.ts';
import { expandVariables } from '../../../src/facts/environment/expand-variables.ts';

function values(text: string): Record<string, string> {
  return Object.fromEntries(Object.values(loadEnvFile(text).variables).map(({ key, value }) => [key, value]));
}

describe('loadEnvFile', () => {
  test.each([
    ['A=', { A: '' }],
    ["A='a\\b'", { A: 'a\\b' }],
    ['A="a\\b\\"\\$"', { A: 'a\\b"$' }],
    ['A="a""b"  c', { A: 'abc' }],
    ['A=a\\ \n', { A: 'a ' }],
    ['A=x"y"', { A: 'x"y"' }],
    ['A="one\\\ntwo"', { A: 'onetwo' }],
    ['#A=1\n;B=2\n  # C=3\nD=4 # e', { D: '4 # e' }],
    ['# joined \\\nA=1\nB=2', { B: '2' }],
    ['A\nB=1', { B: '1' }],
    ['A=1\nA=2', { A: '2' }],
  ])('%j', (text, expected) => {
    expect(values(text)).toEqual(expected);
  });

  test('since systemd 254 a comment ends at its line', () => {
    const assignments = parseEnvFile('# joined \\\nA=1\n', { commentsEndAtLineEnd: true });
    expect(assignments.map(({ key, value }) => [key, value])).toEqual([['A', '1']]);
  });

  test.each([
    ['a byte that is not UTF-8', 'A=1\nB=\udcff\n'],
    ['a NUL', 'A=1\nB=\0\n'],
    ['a noncharacter', 'A=\ufffe\n'],
  ])('%s refuses the whole file', (_what, text) => {
    const { refused, variables } = loadEnvFile(text);
    expect(refused).toBeDefined();
    expect(Object.keys(variables)).toEqual([]);
  });

  test('every assignment has its true line', () => {
    const assignments = parseEnvFile('\n\nA="1\n2"\nB=3\\\n4\nC=5');
    expect(assignments.map(({ key, line }) => [key, line])).toEqual([
      ['A', 3],
      ['B', 5],
      ['C', 7],
    ]);
  });

  test('replaced assignments are kept, latest first', () => {
    expect(loadEnvFile('A=1\nA=2\nA=3').beaten.map(({ value }) => value)).toEqual(['2', '1']);
  });
});

describe('expandVariables', () => {
  const lookup = (name: string): string | undefined => ({ A: 'a', E: '' })[name];

  test.each([
    ['$A', 'a'],
    ['${A}b', 'ab'],
    ['$AB', ''],
    ['$$A', '$A'],
    ['${X:-d}', 'd'],
    ['${X:-${A}}', 'a'],
    ['${A:+alt}', 'alt'],
    ['${X:+alt}', ''],
    ['${E:-d}', ''],
    ['${A', '${A'],
    ['${A:x}', '${A:x}'],
    ['$', '$'],
    ['$-', '$-'],
    ['${A:x}${X:-d}', '${A:x}${X:-d}'],
  ])('%s', (text, expected) => {
    expect(expandVariables(text, lookup, 1000)).toBe(expected);
  });

  test('a value that grows over the budget is a limit', () => {
    const error = expect.objectContaining({ name: 'ImageError', kind: 'limit' });
    expect(() => expandVariables('$A'.repeat(20), lookup, 10)).toThrow(error);
  });

  test('defaults nested without end are a limit', () => {
    const error = expect.objectContaining({ name: 'ImageError', kind: 'limit' });
    expect(() => expandVariables('${X:-'.repeat(100) + '}'.repeat(100), lookup, 1000)).toThrow(error);
  });
});
