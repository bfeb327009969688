import { describe, expect, test } from 'vitest';
import { matchesGlob } from '../../../src/facts/conf-files/glob.ts';

describe('matchesGlob', () => {
  test.each([
    ['*', 'anything', true],
    ['a*c', 'abbbc', true],
    ['a*c', 'abbbd', false],
    ['*.service', 'ssh.service', true],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['[a-c]x', 'bx', true],
    ['[!a-c]x', 'bx', false],
    ['[^a]x', 'bx', true],
    ['[]]', ']', true],
    ['[a-]', '-', true],
    ['[', '[', true],
    ['a\\*', 'a*', true],
    ['a\\*', 'ab', false],
    ['', '', true],
    ['**a**', 'xxa', true],
  ])('%s against %s', (pattern, text, expected) => {
    expect(matchesGlob(pattern, text)).toBe(expected);
  });

  test.each([
    ['net/*/x', 'net/ipv4/x', true],
    ['net/*', 'net/ipv4/x', false],
    ['*', '.hidden', false],
    ['.*', '.hidden', true],
  ])('%s against the path %s', (pattern, text, expected) => {
    expect(matchesGlob(pattern, text, { path: true })).toBe(expected);
  });

  test('a pattern of many stars ends', () => {
    expect(matchesGlob(`${'*a'.repeat(200)}b`, 'a'.repeat(2000))).toBe(false);
  });
});
