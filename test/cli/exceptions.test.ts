/** `--waivers` and `--baseline`, from the command line to the reports and the exit code. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { checkImage } from './command-line.ts';

let folder: string;
const at = (name: string): string => join(folder, name);

/** Loading is not what these tests time. */
beforeAll(() => import('../../src/cli/commands/judge-images.ts'), 60_000);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'check-image-'));
  const made = folder;
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  for (const one of ['etc/sysctl.d', 'usr/bin', 'usr/lib/systemd/system', 'var/lib/dpkg/info', 'sbin'])
    mkdirSync(at(`node/${one}`), { recursive: true });
  writeFileSync(at('node/etc/os-release'), 'ID=debian\nVERSION_ID=13\n');
  writeFileSync(at('node/etc/sysctl.d/99-node.conf'), 'net.ipv4.ip_forward = 0\nvm.swappiness = 60\n');
  writeFileSync(
    at('node/var/lib/dpkg/status'),
    'Package: node-config\nStatus: install ok installed\nArchitecture: all\nVersion: 1\n\n',
  );
  writeFileSync(at('node/var/lib/dpkg/info/node-config.list'), '/.\n/etc\n/etc/sysctl.d\n/etc/sysctl.d/99-node.conf\n');
  writeFileSync(
    at('site.yaml'),
    `contract: site
checks:
  S-1: { title: it is Debian 13, content: { path: /etc/os-release, format: env, at: VERSION_ID, value: "13" } }
  S-2: { title: it forwards, sysctl: { key: net.ipv4.ip_forward, value: 1 } }
  S-3: { title: it does not swap, sysctl: { key: vm.swappiness, value: 0 } }
`,
  );
});

const judge = (...argv: readonly string[]) => checkImage(at('node'), '--contract', at('site.yaml'), ...argv);

function waive(...waivers: readonly string[]): string {
  const lines = waivers.map((one) => `  - { reason: agreed, owner: me, expires: 2999-12-31, ${one} }\n`);
  writeFileSync(at('waivers.yaml'), `waivers:\n${lines.join('')}`);
  return at('waivers.yaml');
}

describe('--waivers', () => {
  it('takes covered failures out of the verdict and leaves them in every report', async () => {
    const file = waive('rule: S-2, path: /etc/sysctl.d/*', 'rule: S-3, package: node-config');
    const { code, out } = await judge(
      '--waivers',
      file,
      '--output',
      `junit=${at('j.xml')}`,
      '--output',
      `json=${at('r.json')}`,
    );
    expect(code).toBe(0);
    expect(out).toMatch(/^WAIVED {3}S-2 +net\.ipv4\.ip_forward is 0, 1 wanted$/m);
    expect(out).toContain(`waived  agreed (me, until 2999-12-31), ${file}:2:5`);
    expect(out).toContain('1 pass   0 fail   2 waived');
    expect(readFileSync(at('j.xml'), 'utf8')).toContain('<skipped message="waived: agreed (me, until 2999-12-31)');
    expect(JSON.parse(readFileSync(at('r.json'), 'utf8')).images[0].results[1].waiver).toMatchObject({
      by: 'waiver',
      reason: 'agreed',
    });
  });

  it('still fails for what is not covered', async () => {
    const { code, out } = await judge('--waivers', waive('rule: S-2', 'rule: S-3, package: other'));
    expect([code, out]).toEqual([1, expect.stringMatching(/^FAIL {5}S-3 +vm\.swappiness is 60, 0 wanted$/m)]);
  });

  it('says which waivers are unused, too wide or expired, and fails on them when strict', async () => {
    const file = waive('rule: S-1', 'rule: S-*');
    const { code, out } = await judge('--waivers', file);
    expect(code).toBe(0);
    expect(out).toContain('WARN     waiver/unused    the waiver of S-1 covers no failure');
    expect(out).toContain('WARN     waiver/too-wide  the waiver of S-* covers several checks wherever they fail');
    expect((await judge('--waivers', file, '--strict')).code).toBe(1);
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('2999', '2020'));
    const late = await judge('--waivers', file);
    expect([late.code, late.out]).toEqual([
      1,
      expect.stringContaining('the waiver of S-* has expired on 2020-12-31 (me)'),
    ]);
  });

  it('refuses a file with mistakes, at their places', async () => {
    const { code, err } = await judge('--waivers', waive('rule: S-1, pth: /etc'));
    expect([code, err]).toEqual([2, `${at('waivers.yaml')}:2:66: unknown key pth; did you mean path?\n`]);
    expect((await judge('--waivers', at('none.yaml'))).err).toContain(
      'cannot be read: there is no such file or folder',
    );
  });
});

describe('--baseline', () => {
  const use = (...argv: readonly string[]) => judge('--baseline', at('baseline.json'), ...argv);

  it('is refused where it is missing, unless it is to be written', async () => {
    const { code, err } = await use();
    expect([code, err]).toEqual([2, expect.stringContaining('write it with --update-baseline')]);
    expect((await judge('--update-baseline')).code).toBe(2);
    expect((await use('--update-baseline')).code).toBe(0);
    expect(readdirSync(folder).sort()).toEqual(['baseline.json', 'node', 'site.yaml']);
  });

  it('freezes what fails today and fails on what is new', async () => {
    writeFileSync(at('node/etc/os-release'), 'ID=debian\nVERSION_ID=12\n');
    await use('--update-baseline', '--only', 'S-2,S-3');
    const known = await use('--only', 'S-2,S-3');
    expect([known.code, known.out]).toEqual([0, expect.stringContaining('0 pass   0 fail   2 waived')]);
    expect(known.out).toContain('waived  known to the baseline');
    const { code, out } = await use();
    expect([code, out]).toEqual([1, expect.stringContaining('FAIL     S-1')]);
  });

  it('shrinks when something is fixed, and never grows', async () => {
    await use('--update-baseline');
    writeFileSync(at('node/etc/sysctl.d/99-node.conf'), 'net.ipv4.ip_forward = 1\nvm.swappiness = 60\n');
    writeFileSync(at('node/etc/os-release'), 'ID=debian\nVERSION_ID=12\n');
    expect((await use()).out).toContain('INFO     baseline/fixed  1 failure of the baseline is no longer there');
    expect((await use('--update-baseline')).code).toBe(1);
    const { findings } = JSON.parse(readFileSync(at('baseline.json'), 'utf8'));
    expect(findings.map(({ rule }: { rule: string }) => rule)).toEqual(['S-3']);
  });
});
