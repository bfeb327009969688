/** `--lint`, `--no-lint`, `--deep` and `--lint-set`, from the command line to the report and the exit code. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { lintRules } from '../../src/checks/lint/registry.ts';
import { spellOutLint } from '../../src/cli/bare-lint.ts';
import { readLintRequest } from '../../src/cli/lint-options.ts';
import { readLintSettings } from '../../src/cli/lint-settings.ts';
import { checkImage } from './command-line.ts';

let folder: string;
const at = (name: string): string => join(folder, name);

/** Loading is not what these tests time. */
beforeAll(() => import('../../src/cli/commands/judge-images.ts'), 60_000);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'check-image-'));
  const made = folder;
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  mkdirSync(at('node/etc/ssh'), { recursive: true });
  mkdirSync(at('node/usr/bin'), { recursive: true });
  writeFileSync(at('node/etc/os-release'), 'ID=debian\nVERSION_ID=13\n');
  writeFileSync(at('node/etc/machine-id'), '0123456789abcdef0123456789abcdef\n');
  writeFileSync(at('node/etc/ssh/sshd_config'), 'PermitRootLogin yes\n');
  symlinkSync('gone', at('node/etc/link'));
  writeFileSync(
    at('site.yaml'),
    'contract: site\nchecks:\n  S-1: { title: it is Debian 13, content: { path: /etc/os-release, format: env, at: VERSION_ID, value: "13" } }\n',
  );
});

const judge = (...argv: readonly string[]) => checkImage(at('node'), '--contract', at('site.yaml'), ...argv);

async function findings(...argv: readonly string[]): Promise<readonly string[]> {
  const { out } = await judge('--format', 'json', ...argv);
  const [image] = (JSON.parse(out) as { images: { results: { id: string; origin?: string; status: string }[] }[] })
    .images;
  return (image?.results ?? []).filter(({ origin, status }) => origin && status === 'fail').map(({ id }) => id);
}

describe('the gate', () => {
  it('runs the quick rules of the default profile, which fail it only on demand', async () => {
    expect(await findings()).toEqual(['identity/machine-id']);
    expect((await judge()).code).toBe(0);
    expect((await judge('--strict')).code).toBe(1);
    expect((await judge('--no-lint', '--strict')).code).toBe(0);
  });

  it('runs the whole profile with --lint, and others when named', async () => {
    expect(await findings('--lint')).toEqual(['links/dangling', 'identity/machine-id']);
    expect(await findings('--lint=hardening')).toEqual(['ssh/root-login', 'ssh/password-login']);
  });

  it('runs a rule that is named whatever it costs, and leaves out what is skipped', async () => {
    expect(await findings('--only', 'links/*')).toEqual(['links/dangling']);
    expect((await judge('--only', 'links/loop')).code).toBe(0);
    expect(await findings('--lint', '--skip', 'links/*')).toEqual(['identity/machine-id']);
  });

  it('takes no image for a profile', async () => {
    const { code, out } = await checkImage('--contract', at('site.yaml'), '--lint', at('node'));
    expect([code, out]).toEqual([0, expect.stringContaining('links/dangling')]);
  });

  it('lets a waiver cover one finding by what it is about', async () => {
    const waiver = '{ rule: identity/machine-id, path: /etc/machine-id, reason: a, owner: b, expires: 2999-12-31 }';
    writeFileSync(at('waivers.yaml'), `waivers:\n  - ${waiver}\n`);
    expect((await judge('--strict', '--waivers', at('waivers.yaml'))).code).toBe(0);
  });

  it('sets an option of a rule', async () => {
    const { out } = await judge('--lint', '--lint-set', 'image/size-budget.bytes=20', '--only', 'image/*');
    expect(out).toContain('image/size-budget');
    expect(await findings('--lint', '--lint-set', 'links/dangling.ignore=+/etc/gone')).toEqual(['identity/machine-id']);
  });

  it('refuses profiles, options and combinations that make no sense', async () => {
    expect(await judge('--lint=defualt')).toMatchObject({
      code: 2,
      err: expect.stringContaining('did you mean default'),
    });
    expect((await judge('--no-lint', '--deep')).code).toBe(2);
    expect(await judge('--lint-set', 'files/setuid.alow=x')).toMatchObject({
      code: 2,
      err: expect.stringContaining('did you mean files/setuid.allow'),
    });
  });
});

describe('the options', () => {
  it('ask for what is cheap, for the walk, for the content', async () => {
    expect(await readLintRequest({})).toMatchObject({ profiles: ['default'], cost: 'cheap' });
    expect(await readLintRequest({ lint: 'reproducible,default' })).toMatchObject({
      profiles: ['default', 'reproducible'],
      cost: 'walk',
    });
    expect(await readLintRequest({ deep: true })).toMatchObject({ profiles: ['default'], cost: 'content' });
    expect(await readLintRequest({ lint: false })).toBeUndefined();
  });

  it('spell --lint out, but not behind --', () => {
    expect(spellOutLint(['--lint', 'a.wic', '--', '--lint'])).toEqual(['--lint=default', 'a.wic', '--', '--lint']);
  });

  it('are numbers with units and lists that replace or add', () => {
    const settings = readLintSettings(lintRules, [
      'image/size-budget.bytes=2GiB',
      'image/size-budget.files=10',
      'links/dangling.ignore=/a,/b',
    ]);
    expect([...settings.values()]).toEqual([2 * 2 ** 30, 10, ['/a', '/b']]);
    expect(() => readLintSettings(lintRules, ['image/size-budget.bytes=much'])).toThrow(/write a number/);
  });
});

describe('the reference', () => {
  it('explains a rule and lists all by profile', async () => {
    const { out } = await checkImage('explain', 'links/dangling');
    expect(out).toMatch(/^links\/dangling {3}symbolic links lead to something\n {2}severity {3}should\n/);
    expect(out).toContain('runs with  --lint');
    const rules = (await checkImage('rules')).out;
    for (const { id } of lintRules) expect(rules).toContain(`  ${id} `);
    expect(rules).toContain('lint, profile hardening');
  });
});
