import { describe, expect, it } from 'vitest';
import { formatLs, type ListedFile } from '../../../src/report/reader/format-ls.ts';
import { formatMode } from '../../../src/report/reader/format-mode.ts';
import { formatMinutes, formatNanoseconds } from '../../../src/report/reader/format-time.ts';

describe('modes', () => {
  it.each([
    ['file', 0o644, '-rw-r--r--'],
    ['directory', 0o1777, 'drwxrwxrwt'],
    ['directory', 0o1776, 'drwxrwxrwT'],
    ['file', 0o4755, '-rwsr-xr-x'],
    ['file', 0o4644, '-rwSr--r--'],
    ['file', 0o2755, '-rwxr-sr-x'],
    ['file', 0o2745, '-rwxr-Sr-x'],
    ['symlink', 0o777, 'lrwxrwxrwx'],
    ['character', 0o620, 'crw--w----'],
    ['block', 0o660, 'brw-rw----'],
    ['fifo', 0o000, 'p---------'],
    ['socket', 0o111, 's--x--x--x'],
  ] as const)('%s %i is %s', (type, mode, text) => {
    expect(formatMode(type, mode)).toBe(text);
  });
});

describe('times', () => {
  it.each([
    [0, 0, '1970-01-01 00:00:00.000000000 +0000'],
    [-1, 5, '1969-12-31 23:59:59.000000005 +0000'],
    [4_294_967_296, 123_456_789, '2106-02-07 06:28:16.123456789 +0000'],
  ])('%i.%i', (seconds, nanoseconds, text) => {
    expect(formatNanoseconds({ seconds, nanoseconds })).toBe(text);
    expect(formatMinutes({ seconds, nanoseconds })).toBe(text.slice(0, 16));
  });

  it('beyond what a date can be end at the last one', () => {
    expect(formatMinutes({ seconds: Number.MAX_SAFE_INTEGER, nanoseconds: 0 })).toBe('+275760-09-13 00:00');
  });
});

describe('a listing', () => {
  const file: ListedFile = {
    name: 'a',
    type: 'file',
    mode: 0o644,
    links: 1,
    owner: 'root',
    group: 'root',
    size: 5,
    modified: { seconds: 0, nanoseconds: 0 },
    hasAcl: false,
  };

  it('has columns as wide as they must be', () => {
    const device: ListedFile = { ...file, name: 'sda', type: 'block', group: 'disk1', device: { major: 8, minor: 16 } };
    expect(formatLs([file, device, { ...file, links: 12, name: 'b', hasAcl: true }])).toBe(
      [
        '-rw-r--r--   1 root root      5 1970-01-01 00:00 a',
        'brw-r--r--   1 root disk1 8, 16 1970-01-01 00:00 sda',
        '-rw-r--r--+ 12 root root      5 1970-01-01 00:00 b',
        '',
      ].join('\n'),
    );
    expect(formatLs([])).toBe('');
  });
});
