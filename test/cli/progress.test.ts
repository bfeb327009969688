import { describe, expect, it } from 'vitest';
import { startProgress } from '../../src/cli/progress.ts';
import type { Terminal } from '../../src/cli/terminal.ts';

const MiB = 1024 * 1024;

/** Runs work that reports at the given milliseconds, and returns the lines that were shown. */
function linesOf(times: readonly number[], name = 'node.wic.zst', isTerminal = true): readonly string[] {
  const lines: string[] = [];
  const refuse = (): never => {
    throw new Error('progress is for the status line only');
  };
  const terminal: Terminal = { out: refuse, err: refuse, write: refuse, color: false };
  let time = 0;
  const shown = isTerminal ? { ...terminal, status: (line: string) => void lines.push(line) } : terminal;
  const progress = startProgress(name, shown, () => time);
  for (const one of times) {
    time = one;
    progress.report(one * 100_000, 400 * MiB);
  }
  progress.end();
  return lines;
}

describe('progress', () => {
  it('says nothing about work that is soon done', () => {
    expect(linesOf([10, 200, 499])).toEqual([]);
  });

  it('says what, how far and how fast, and takes the line away', () => {
    expect(linesOf([100, 1000, 2000])).toEqual([
      'node.wic.zst  23% of 400 MiB, 95 MiB/s',
      'node.wic.zst  47% of 400 MiB, 95 MiB/s',
      '',
    ]);
  });

  it('does not flicker', () => {
    expect(linesOf([600, 610, 650, 699, 701])).toHaveLength(3);
  });

  it('is silent where there is no terminal', () => {
    expect(linesOf([1000, 2000], 'node.wic', false)).toEqual([]);
  });

  it('lets no name out that could command a terminal', () => {
    expect(linesOf([1000], 'a\u001b[2J\n.wic')[0]).toMatch(/^a\\x1b\[2J\\x0a\.wic {2}23%/);
  });
});
