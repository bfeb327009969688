/** Unified diffs: those of diff(1), and for any two texts one that leads from the first to the second. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formatUnifiedDiff } from '../../../src/diff/files/unified-diff.ts';
import { formatUnitChanges } from '../../../src/diff/files/unit-lines.ts';

interface Recorded {
  readonly title: string;
  readonly a: string;
  readonly b: string;
  /** What `diff -u` printed, without the two lines of its head. */
  readonly lines: readonly string[];
}

const recorded = JSON.parse(
  readFileSync(new URL('../../fixtures/diff/unified.json', import.meta.url), 'utf8'),
) as readonly Recorded[];

describe('unified diffs', () => {
  it.each(recorded)('$title: as diff -u prints it', ({ a, b, lines }) => {
    expect(formatUnifiedDiff(a, b)).toEqual(lines);
  });

  it('lead from one text to the other', () => {
    let seed = 11;
    const random = (below: number): number => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % below;
    };
    for (let i = 0; i < 500; i++) {
      const a = Array.from({ length: random(40) }, () => `line ${random(7)}`);
      const b = a.flatMap((line) => [[], [line, `new ${random(4)}`], [line], [line], [line]][random(5)] ?? []);
      const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
      expect(applyDiff(a, formatUnifiedDiff(text(a), text(b)) ?? [])).toEqual(b);
    }
  });

  it('of texts with little in common are not made', () => {
    const lines = (letter: string): string => [...Array(300).keys()].map((i) => `${letter}${i}\n`).join('');
    expect(formatUnifiedDiff(lines('a'), lines('b'))).toBeUndefined();
  });
});

/** Applies a diff, holding every line of it against the text. */
function applyDiff(a: readonly string[], diff: readonly string[]): readonly string[] {
  const out: string[] = [];
  let at = 0;
  for (const line of diff) {
    const hunk = /^@@ -(\d+)(?:,(\d+))? /.exec(line);
    if (hunk) {
      const start = Number(hunk[1]) - (hunk[2] === '0' ? 0 : 1);
      while (at < start) out.push(a[at++] ?? '');
    } else if (line.startsWith('+')) out.push(line.slice(1));
    else {
      expect(line.slice(1)).toBe(a[at]);
      at++;
      if (line.startsWith(' ')) out.push(line.slice(1));
    }
  }
  return [...out, ...a.slice(at)];
}

describe('unit files', () => {
  it('are compared by directive', () => {
    const a = '[Service]\nKillMode=process\nExecStart=/bin/a \\\n  b\n# old\n';
    const b = '[Service]\n# new\nKillMode=mixed\nExecStart=/bin/a   b\nUser=x\n';
    expect(formatUnitChanges('/etc/systemd/system/a.service', a, b)).toEqual([
      'Service.KillMode: process -> mixed',
      'Service.User: (none) -> x',
    ]);
    expect(formatUnitChanges('/etc/hosts', a, b)).toBeUndefined();
    expect(formatUnitChanges('/etc/systemd/system/a.service', a, `${a}# more\n`)).toBeUndefined();
  });
});
