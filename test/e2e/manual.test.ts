/** The manual page as groff sees it: no warning, and what a reader looks for. */
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { checkImage } from './check-image.ts';

it('is a page that groff prints without a warning', () => {
  const input = checkImage('man').stdout;
  const page = spawnSync('groff', ['-man', '-ww', '-Tascii', '-P-c'], { input, encoding: 'utf8' });
  expect([page.status, page.stderr]).toEqual([0, '']);
  for (const words of ['SYNOPSIS', '--fail-on <severity>', 'EXIT STATUS', 'merge', 'completion'])
    expect(page.stdout.replace(/.\u0008/g, '')).toContain(words);
});
