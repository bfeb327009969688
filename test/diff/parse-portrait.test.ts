/** Saved facts: what was written comes back, what was tampered with is refused. */
import { describe, expect, it } from 'vitest';
import { isPortrait, parsePortrait } from '../../src/diff/portrait/parse-portrait.ts';
import { ImageError } from '../../src/errors.ts';
import { formatCompactJson } from '../../src/report/escape.ts';
import { at, compare, linesOf, portraitOf, verdict } from './sample-portrait.ts';

const portrait = portraitOf(
  { units: { 'a\udc80.service': { 'Service.User': 'a|b' } }, ports: { tcp: { open: '0-65535' } } },
  { verdicts: [verdict('A', { status: 'fail', message: 'no', places: [at('/etc/a', 3)] })] },
);
const text = formatCompactJson(portrait);

const codeOf = (bytes: string): string => {
  try {
    parsePortrait(bytes, 'a.json');
    return 'read';
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    return error.code;
  }
};

describe('a file of facts', () => {
  it('comes back as it was, names that are no text included', () => {
    const back = parsePortrait(text, 'a.json');
    expect(JSON.parse(JSON.stringify(back))).toEqual(JSON.parse(JSON.stringify(portrait)));
    expect(linesOf(compare(portrait, back))).toEqual([]);
  });

  it('is told by its beginning, laid out or not', () => {
    expect(isPortrait(text)).toBe(true);
    expect(isPortrait(JSON.stringify(portrait, null, 2))).toBe(true);
    expect(isPortrait('{"schema": "check-image/report-1"')).toBe(false);
    expect(isPortrait('\u0000'.repeat(256))).toBe(false);
  });

  it('of another version is not guessed at', () => {
    expect(codeOf(text.replace('facts-1', 'facts-2'))).toBe('facts/other-version');
  });

  it.each([
    ['cut off', text.slice(0, -20)],
    ['no object', '[]'],
    ['a concern that is a list', text.replace('"concerns":{', '"concerns":[],"x":{')],
    ['a value that is no text', text.replace('["0-65535"]', '[7]')],
    ['an unknown key', text.replace('"gaps":', '"gap":')],
    ['a place with a negative line', text.replace('"line":3', '"line":-3')],
    ['a record twice', text.replace('"records":[{"key":"tcp"', '"records":[{"key":"tcp","fields":{}},{"key":"tcp"')],
  ])('with %s is refused', (_, broken) => {
    expect(broken).not.toBe(text);
    expect(codeOf(broken)).toBe('facts/not-valid');
  });

  it('that was damaged anywhere is read or refused, nothing else', () => {
    let seed = 7;
    const random = (below: number): number => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % below;
    };
    const pieces = ['"', '{', '}', '[', ']', ',', ':', '0', 'null', '"__proto__":{}', '\\u0000', 'e9'];
    for (let i = 0; i < 400; i++) {
      const place = random(text.length);
      const piece = pieces[random(pieces.length)] ?? '';
      const broken = text.slice(0, place) + piece + text.slice(place + random(4));
      const code = codeOf(broken);
      expect(['read', 'facts/not-valid', 'facts/other-version']).toContain(code);
      if (code === 'read') compare(portrait, parsePortrait(broken, 'a.json'));
    }
  });
});
