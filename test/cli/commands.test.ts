import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertions } from '../../src/checks/assertions/registry.ts';
import { rules } from '../../src/checks/rules/registry.ts';
import { commands } from '../../src/cli/commands/registry.ts';
import { checkImage } from './command-line.ts';

let folder: string;
const at = (name: string): string => join(folder, name);

/** Loading is not what these tests time. */
beforeAll(() => import('../../src/cli/commands/judge-images.ts'), 60_000);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'check-image-'));
  for (const one of ['etc', 'usr/lib/systemd/system', 'usr/bin', 'var/lib/dpkg', 'sbin', 'root/etc', 'root/usr/bin'])
    mkdirSync(at(`node/${one}`), { recursive: true });
  writeFileSync(at('node/etc/os-release'), 'ID=debian\nVERSION_ID=13\nPRETTY_NAME="Debian GNU/Linux 13 (trixie)"\n');
  writeFileSync(at('node/etc/debian_version'), '13.0\n');
  writeFileSync(
    at('node/var/lib/dpkg/status'),
    'Package: systemd\nStatus: install ok installed\nArchitecture: amd64\nVersion: 257.1-1\n\n',
  );
  writeFileSync(
    at('site.yaml'),
    `contract: site
checks:
  S-1: { title: it is Debian 13, content: { path: /etc/os-release, format: env, at: VERSION_ID, value: "13" } }
  S-2: { title: no compiler, severity: should, package: { name: systemd, absent: true } }
  S-3: { title: a sysctl, sysctl: { key: net.ipv4.ip_forward, value: 1 } }
`,
  );
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const judge = (...argv: readonly string[]) => checkImage(at('node'), '--contract', at('site.yaml'), ...argv);

describe('the gate on a folder', () => {
  it('judges it by the contract and says which line wants it', async () => {
    const { code, out } = await judge();
    expect(code).toBe(1);
    expect(out).toMatch(/^FAIL {5}S-3 +net\.ipv4\.ip_forward is not set by any sysctl\.d file, 1 wanted$/m);
    expect(out).toContain(`rule    ${at('site.yaml')}:5`);
    expect(out).toMatch(/^WARN {5}S-2 +systemd 257\.1-1 is installed$/m);
    expect(out).toContain('1 pass   1 fail   1 should');
  });

  it('narrows to what is asked, and shows what is left out', async () => {
    expect((await judge('--only', 'S-1')).code).toBe(0);
    const { code, out } = await judge('--skip', 'S-3', '--verbose');
    expect([code, out]).toEqual([0, expect.stringMatching(/SKIP {5}S-3 +left out by --skip/)]);
  });

  it('fails on should when asked', async () => {
    expect((await judge('--skip', 'S-3', '--fail-on', 'should')).code).toBe(1);
    expect((await judge('--skip', 'S-3', '--strict')).code).toBe(1);
  });

  it('never passes when nothing was judged', async () => {
    expect((await judge('--skip', 'S-*')).code).toBe(3);
  });

  it('prints nothing when it is to be quiet, and still writes files and ends with its code', async () => {
    const file = at('quiet.json');
    const { code, out, err } = await judge('--quiet', '--output', `json=${file}`);
    expect([code, out, err]).toEqual([1, '', '']);
    expect(JSON.parse(readFileSync(file, 'utf8')).exitCode).toBe(1);
    expect((await checkImage(at('missing'), '--contract', at('site.yaml'), '--quiet')).err).toContain('no verdict');
  });

  it('takes the worst of several images', async () => {
    const { code, out } = await checkImage(at('node'), at('missing'), '--contract', at('site.yaml'));
    expect(code).toBe(1);
    expect(out).toContain('missing: no verdict');
  });

  it('writes reports to files and leaves nothing else there', async () => {
    const reports = at('reports');
    mkdirSync(reports);
    const { out } = await judge(
      '--format',
      'json',
      '--output',
      `json=${reports}/a.json`,
      '--output',
      `text=${reports}/b.txt`,
    );
    expect(readdirSync(reports).sort()).toEqual(['a.json', 'b.txt']);
    expect(readFileSync(`${reports}/a.json`, 'utf8')).toBe(out);
    expect(readFileSync(`${reports}/b.txt`, 'utf8')).toMatch(/^node\n/);
    expect(readFileSync(`${reports}/b.txt`, 'utf8')).not.toMatch(/ s\n$/);
  });
});

describe('the reference', () => {
  it('lists built-in contracts', async () => {
    expect(await checkImage('contract', 'list')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^k3s 1\.0 .* \(\d+ checks\)$/m),
    });
  });

  it('shows a contract', async () => {
    const { out } = await checkImage('contract', 'show', 'k3s');
    expect(out).toContain('--set role=...');
    expect(out).toMatch(/K3S-SVC-07 +must +KillMode/);
    const { out: json } = await checkImage('contract', 'show', 'k3s', '--json');
    expect(JSON.parse(json)).toMatchObject({ name: 'k3s' });
  });

  it('validates a contract', async () => {
    expect(await checkImage('contract', 'validate', at('site.yaml'))).toMatchObject({
      code: 0,
      out: `${at('site.yaml')}: site 1, 3 checks\n`,
    });
  });

  it('explains a check, a claim and a rule', async () => {
    const { out } = await checkImage('explain', 'K3S-SVC-07');
    expect(out).toContain('why');
    expect(out).toContain('k3s.yaml:');
    expect((await checkImage('explain', 'sysctl')).out).toContain('kernel parameter');
    expect((await checkImage('explain', 'one-role')).out).toContain('At most one');
  });

  it('knows every claim and rule', async () => {
    const { out } = await checkImage('rules');
    for (const id of [...Object.keys(assertions), ...Object.keys(rules)]) expect(out).toContain(`  ${id} `);
  });
});

describe('help', () => {
  it('answers --version alone', async () => {
    expect(await checkImage('--version')).toEqual({ code: 0, out: '0.0.0-test\n', err: '' });
  });

  it('of the gate shows exit codes and an example', async () => {
    const { code, out } = await checkImage('--help');
    expect(code).toBe(0);
    expect(out).toContain('Exit codes: 0');
    expect(out).toContain('$ check-image');
  });

  it.each(commands.filter(({ name }) => name !== 'check-image').map(({ name }) => name))('lists %s', async (name) => {
    expect((await checkImage('--help')).out).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
  });
});
