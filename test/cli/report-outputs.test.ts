/** Where reports go: `-` is standard output, as nmap's `-oX -` is in place of its own text; what is no regular file is written to. */
import { execFileSync, spawn } from 'node:child_process';
import { lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkImage } from './command-line.ts';

let folder = '';
let own = '';
const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  own = process.cwd();
  folder = mkdtempSync(join(tmpdir(), 'check-image-outputs-'));
  for (const side of ['a', 'b']) {
    mkdirSync(at(`${side}/usr/lib/systemd/system`), { recursive: true });
    mkdirSync(at(`${side}/etc`));
    mkdirSync(at(`${side}/sbin`));
    writeFileSync(at(`${side}/etc/os-release`), 'ID=debian\n');
    writeFileSync(at(`${side}/etc/hostname`), `${side}\n`);
  }
  writeFileSync(
    at('site.yaml'),
    'contract: site\nchecks:\n  S-1: { title: it has a name, file: { path: /etc/hostname } }\n',
  );
  process.chdir(folder);
  await import('../../src/cli/commands/judge-images.ts');
}, 60_000);

afterAll(() => {
  process.chdir(own);
  rmSync(folder, { recursive: true, force: true });
});

const judge = (...words: readonly string[]) => checkImage('a', '--contract', 'site.yaml', '--no-lint', ...words);
const diff = (...words: readonly string[]) => checkImage('diff', 'a', 'b', '--contract', 'site.yaml', ...words);

describe('a report to -', () => {
  it.each([
    ['the gate', judge],
    ['diff', diff],
  ])('is what --format prints: %s', async (_, command) => {
    const printed = await command('--format', 'json');
    expect(JSON.parse(printed.out)).toHaveProperty('tool');
    expect(await command('--output', 'json=-')).toEqual(printed);
    expect(await command('--output', 'json=-', '--format', 'json')).toEqual(printed);
    expect(lstatSync('-', { throwIfNoEntry: false })).toBeUndefined();
  });

  it.each([
    ['the gate', judge],
    ['diff', diff],
  ])('is not mixed with another: %s', async (_, command) => {
    const refused = { code: 2, out: '' };
    for (const words of [
      ['--format', 'json', '--output', 'html=-'],
      ['--format', 'text', '--output', 'json=-'],
      ['--output', 'json=-', '--output', 'markdown=-'],
    ])
      expect(await command(...words)).toMatchObject({ ...refused, err: expect.stringContaining('would be mixed') });
  });

  it('goes there beside files, and though nothing else is to be printed', async () => {
    const printed = await judge('--format', 'json');
    expect(await judge('--output', 'json=-', '--output', 'json=beside.json')).toEqual(printed);
    expect(readFileSync('beside.json', 'utf8')).toBe(printed.out);
    expect(await judge('--quiet', '--format', 'text', '--output', 'json=-')).toEqual(printed);
  });

  it('says once that nothing could be judged', async () => {
    const { out, err } = await checkImage('none', '--contract', 'site.yaml', '--quiet', '--output', 'text=-');
    expect([out, err.match(/no verdict/g)]).toEqual(['', ['no verdict']]);
    const json = await checkImage('none', '--contract', 'site.yaml', '--quiet', '--output', 'json=-');
    expect(JSON.parse(json.out)).toMatchObject({ exitCode: 3 });
    expect(json.err).toContain('no verdict');
  });
});

describe('a report to what is no regular file', () => {
  it('is written to it: a link stays one, a pipe has the report', async () => {
    symlinkSync('behind.json', 'link.json');
    const { out } = await judge('--format', 'json', '--output', 'json=link.json');
    expect(readFileSync('behind.json', 'utf8')).toBe(out);
    expect(lstatSync('link.json').isSymbolicLink()).toBe(true);
    execFileSync('mkfifo', ['pipe.json']);
    const reader = spawn('cat', ['pipe.json']);
    const read = text(reader.stdout);
    await judge('--output', 'json=pipe.json');
    expect(await read).toBe(out);
  });
});
