/** The manual page as groff sees it: no warning, and what a reader looks for. */
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { checkImage } from './check-image.ts';

it('is a page that groff prints without a warning', () => {
  const input = checkImage('man').stdout;
  const page = spawnSync('groff', ['-man', '-ww', '-Tascii', '-P-c'], { input, encoding: 'utf8' });
  expect([page.status, page.stderr]).toEqual([0, '']);
  // Bold and underlined characters are typed over: character, backspace, character.
  const plain = page.stdout.split('\b').reduce((text, part) => text.slice(0, -1) + part);
  for (const words of ['SYNOPSIS', '--fail-on <severity>', 'EXIT STATUS', 'merge', 'completion'])
    expect(plain).toContain(words);
});
