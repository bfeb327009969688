import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { commands } from '../../../src/cli/commands/registry.ts';
import { collectCommands } from '../../../src/cli/completion/command-words.ts';
import { formatBashCompletion } from '../../../src/cli/completion/posix-completion.ts';
import { reporters } from '../../../src/report/registry.ts';
import { checkImage } from '../command-line.ts';

const all = collectCommands();

/** What bash offers after the words of a line; the last word is the one that is being typed. */
function bashOffers(...words: readonly string[]): readonly string[] {
  const script = `${formatBashCompletion(all)}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _check_image
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script, 'bash', ...words], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  return stdout.split('\n').filter((line) => line !== '');
}

describe('completion', () => {
  it('knows every command, and those below another', () => {
    const paths = all.map(({ path }) => path.join(' '));
    for (const { name } of commands) expect(paths).toContain(name === 'check-image' ? '' : name);
    expect(paths).toContain('contract show');
  });

  it.each(['bash', 'zsh', 'fish'])('names every command, option and report format for %s', async (shell) => {
    const { code, out } = await checkImage('completion', shell);
    expect(code).toBe(0);
    const spell = (name: string): string => {
      if (shell !== 'fish') return name;
      return name.startsWith('--') ? `-l ${name.slice(2)} ` : `-s ${name.slice(1)} `;
    };
    const words = all.flatMap(({ path, options }) => [...path, ...options.flatMap(({ names }) => names.map(spell))]);
    expect(words.filter((word) => !out.includes(word))).toEqual([]);
    for (const format of Object.keys(reporters)) expect(out).toContain(format);
  });

  it('has no shell of another name', async () => {
    const { code, err } = await checkImage('completion', 'tcsh');
    expect([code, err]).toEqual([2, expect.stringContaining('bash, zsh, fish')]);
  });

  it('offers commands, options and values in bash', () => {
    expect(bashOffers('check-image', 'ex')).toEqual(expect.arrayContaining(['explain', 'extract', 'export']));
    expect(bashOffers('check-image', '--fail')).toEqual(['--fail-on']);
    expect(bashOffers('check-image', '--fail-on', '')).toEqual(['must', 'should', 'info']);
    expect(bashOffers('check-image', 'node.wic', '--format', 'ju')).toEqual(['junit']);
    expect(bashOffers('check-image', '--output', 'ht')).toEqual(['html=']);
    expect(bashOffers('check-image', 'contract', 's')).toEqual(['show']);
    expect(bashOffers('check-image', 'contract', 'show', '--js')).toEqual(['--json']);
    expect(bashOffers('check-image', 'completion', '')).toEqual(expect.arrayContaining(['bash', 'zsh', 'fish']));
  });

  it('leaves files to the shell where a value is free', () => {
    expect(bashOffers('check-image', '--waivers', '')).toEqual([]);
  });
});
