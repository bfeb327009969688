/** Whatever is put in: one clear line, the right exit code, no stack. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkImage } from './command-line.ts';

let folder: string;
const at = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'check-image-'));
  writeFileSync(at('empty.img'), '');
  writeFileSync(at('text.img'), 'just some text\n');
  writeFileSync(at('a\u001b[31m\nb.img'), 'just some text\n');
  // A GPT header where one belongs, and nothing after it.
  const cut = Buffer.alloc(1024);
  cut.write('EFI PART', 512, 'latin1');
  writeFileSync(at('cut.img'), cut);
  mkdirSync(at('folder'));
  mkdirSync(at('locked'));
  chmodSync(at('locked'), 0);
  writeFileSync(at('typo.yaml'), 'contract: c\nchekcs: {}\n');
  writeFileSync(at('good.yaml'), 'contract: c\nchecks:\n  A: { title: a, file: { path: /a } }\n');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function expectOneLine(text: string): void {
  expect(text).toMatch(/^[^\n]+\n$/);
  expect(text).not.toMatch(/\n\s+at /);
  expect(text.trimEnd()).not.toMatch(/\p{Cc}/u);
}

describe('an image that cannot be judged', () => {
  it.each([
    ['an empty file', 'empty.img', 'empty.img: no verdict: empty.img is empty'],
    ['a text file', 'text.img', 'is not an image check-image knows'],
    ['a name with control characters', 'a\u001b[31m\nb.img', 'a\\x1b[31m\\x0ab.img: no verdict'],
    ['a truncated image', 'cut.img', 'cut.img: no verdict'],
    ['a folder without a root', 'folder', 'no root file system'],
    ['a folder that cannot be read', 'locked', 'no verdict'],
    ['nothing', 'missing.img', 'no verdict: there is no '],
  ])('%s', async (_, name, message) => {
    const { code, out, err } = await checkImage(at(name));
    expect(code).toBe(3);
    expect(out).toBe('');
    expectOneLine(err);
    expect(err).toContain(message);
  });

  it('is a result of its own in JSON', async () => {
    const { code, out } = await checkImage(at('empty.img'), '--format', 'json');
    expect(code).toBe(3);
    expect(JSON.parse(out)).toMatchObject({ exitCode: 3, images: [{ image: 'empty.img', state: 'unreadable' }] });
  });

  it('does not keep its siblings from being looked at', async () => {
    const { code, err } = await checkImage(at('empty.img'), at('text.img'));
    expect(code).toBe(3);
    expect(err).toContain('empty.img: no verdict');
    expect(err).toContain('text.img: no verdict');
  });
});

describe('a command line that cannot be meant', () => {
  it.each([
    [['--contract', 'typo.yaml', 'x'], 'typo.yaml:2:1: unknown key chekcs; did you mean checks?'],
    [['--contract', 'k3', 'x'], 'there is no built-in contract k3; did you mean k3s?'],
    [['--contract', 'none.yaml', 'x'], 'the contract cannot be read: there is no such file or folder'],
    [['--set', 'rol=agent', 'x'], 'has no parameter rol; did you mean role?'],
    [['--set', 'role=boss', 'x'], 'role cannot be boss; known are server, agent'],
    [['--set', 'k3s=latest', 'x'], 'k3s cannot be latest; it must match'],
    [['--set', 'role', 'x'], 'write name=value'],
    [['--format', 'jsno', 'x'], 'unknown report format jsno; did you mean json?'],
    [['--output', 'json', 'x'], 'write FORMAT=FILE'],
    [['--only', 'K3S-SVC-7', 'x'], 'has no check K3S-SVC-7; did you mean K3S-SVC-07?'],
    [['--limit', 'nestign=3', 'x'], 'there is no limit nestign; did you mean nesting?'],
    [['--limit', 'nesting=many', 'x'], 'write nesting=NUMBER'],
    [['--fail-on', 'never', 'x'], '--fail-on cannot be never; known are must, should, info'],
    [['--vrebose', 'x'], 'unknown option --vrebose; did you mean --verbose?\n'],
    [[], 'no image given; try check-image --help'],
    [['-'], 'an image is read in any order, which standard input cannot be; write it to a file first\n'],
    [['systemctl', 'x', 'shwo'], 'the verb cannot be shwo; known are cat, show,'],
    [['export', 'a', 'b'], 'export takes 1 argument, not 2; try check-image export --help\n'],
    [['--output'], '--output needs a value; try check-image --help\n'],
    [['ls', '-Z', 'x'], 'unknown option -Z; try check-image ls --help\n'],
    [['contract', 'frobnicate'], 'there is no command frobnicate; try check-image contract --help\n'],
    [['explain', 'NOPE'], 'there is no check NOPE in the contract k3s; check-image rules lists them\n'],
    [['explain', 'K3S-BIN-1'], 'did you mean K3S-BIN-01?'],
    [['explain'], 'no id given; try check-image explain --help\n'],
  ])('%j', async (argv, message) => {
    const { code, out, err } = await checkImage(...argv.map((one) => (one.endsWith('.yaml') ? at(one) : one)));
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
    expect(err).not.toMatch(/\n\s+at /);
  });

  it('is not asking for help by its name', async () => {
    for (const command of ['ls', 'diff']) {
      const { code, out } = await checkImage('help', command);
      expect([code, out]).toEqual([0, (await checkImage(command, '--help')).out]);
    }
    expect(await checkImage('help')).toEqual(await checkImage('--help'));
    expect(await checkImage('help', 'frobnicate')).toMatchObject({ code: 2, out: '' });
  });

  it('says that a report cannot be written', async () => {
    const { code, err } = await checkImage(at('empty.img'), '--output', `json=${at('nowhere/report.json')}`);
    expect(code).toBe(2);
    expect(err).toContain('cannot be written: there is no such file or folder');
  });
});
