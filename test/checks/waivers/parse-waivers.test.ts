import { describe, expect, it } from 'vitest';
import { ContractError } from '../../../src/checks/contract-error.ts';
import { parseWaivers } from '../../../src/checks/waivers/parse-waivers.ts';

const waiver = (...lines: readonly string[]): string =>
  ['waivers:', '  - rule: A-1', '    reason: why', '    owner: me', ...lines.map((line) => `    ${line}`), ''].join(
    '\n',
  );

function problemsOf(text: string): readonly string[] {
  try {
    parseWaivers(text, 'w.yaml');
    return [];
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    return error.message.split('\n');
  }
}

describe('a file of waivers', () => {
  it('reads scopes as lists, with the place of each waiver', () => {
    expect(
      parseWaivers(waiver('expires: 2030-01-31', 'path: /etc/*', 'unit: [a.service, b.socket]'), 'w.yaml'),
    ).toEqual([
      {
        rule: 'A-1',
        reason: 'why',
        owner: 'me',
        expires: '2030-01-31',
        path: ['/etc/*'],
        unit: ['a.service', 'b.socket'],
        location: { source: 'w.yaml', line: 2, column: 5 },
      },
    ]);
  });

  it('may be empty', () => {
    expect(parseWaivers('waivers: []\n', 'w.yaml')).toEqual([]);
  });

  it.each([
    ['no date', waiver(), 'w.yaml:2:5: 0 lacks expires'],
    ['a day that is none', waiver('expires: 2030-02-30'), 'w.yaml:5:14: there is no day 2030-02-30'],
    [
      'a date in words',
      waiver('expires: soon'),
      'w.yaml:5:14: expires cannot be soon; The last day it holds, as YYYY-MM-DD.',
    ],
    [
      'a key of another name',
      waiver('expires: 2030-01-31', 'pth: /etc'),
      'w.yaml:6:5: unknown key pth; did you mean path?',
    ],
    [
      'a path that is not absolute',
      waiver('expires: 2030-01-31', 'path: [etc]'),
      'w.yaml:6:12: 0 cannot be etc; A path begins with a /.',
    ],
    [
      'an empty reason',
      waiver('expires: 2030-01-31').replace('why', '""'),
      'w.yaml:3:13: reason cannot be ; Why it may fail, in words.',
    ],
    ['no waivers', 'waiver: []\n', 'w.yaml:1:1: the file of waivers lacks waivers'],
  ])('refuses %s, with its place', (_, text, problem) => {
    expect(problemsOf(text)).toContain(problem);
  });
});
