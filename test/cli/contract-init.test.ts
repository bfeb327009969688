/** A drafted contract is a contract: valid, judged clean by the images it was drafted from, and not by one that differs. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { checkImage } from './command-line.ts';

let folder: string;
const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'check-image-'));
  for (const one of ['etc/sysctl.d', 'etc/systemd/system/multi-user.target.wants', 'etc/systemd/system/a.service.d'])
    mkdirSync(at(`good/${one}`), { recursive: true });
  for (const one of ['usr/bin', 'usr/lib/systemd/system', 'usr/lib/sysctl.d', 'sbin'])
    mkdirSync(at(`good/${one}`), { recursive: true });
  const files = {
    'etc/os-release': 'ID=debian\nVERSION_ID=13\n',
    'etc/passwd': 'root:x:0:0::/root:/bin/sh\n',
    'etc/sysctl.d/a.conf': 'vm.swappiness = 10\nnet.ipv4.ip_forward = 1\nkernel.x = a\u0085b\n',
    'usr/lib/sysctl.d/b.conf': 'fs.file-max = 5\n',
    'usr/lib/systemd/system/default.target': '[Unit]\nWants=multi-user.target\n',
    'usr/lib/systemd/system/multi-user.target': '[Unit]\n',
    'usr/lib/systemd/system/a.service':
      '[Service]\nExecStart=/bin/a\nKillMode=mixed\n[Install]\nWantedBy=multi-user.target\n',
    'etc/systemd/system/a.service.d/x.conf': '[Service]\nRestart=always\n',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(at(`good/${name}`), text);
  symlinkSync('/dev/null', at('good/etc/systemd/system/debug-shell.service'));
  symlinkSync('/usr/lib/systemd/system/a.service', at('good/etc/systemd/system/multi-user.target.wants/a.service'));
  cpSync(at('good'), at('other'), { recursive: true, verbatimSymlinks: true });
  writeFileSync(at('other/etc/sysctl.d/a.conf'), 'vm.swappiness = 60\nnet.ipv4.ip_forward = 1\n');
  await import('../../src/cli/commands/judge-images.ts');
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const claimsOf = (text: string): readonly unknown[] =>
  Object.values((parse(text) as { checks: Record<string, Record<string, unknown>> }).checks).map(
    ({ title: _, ...claim }) => claim,
  );

describe('contract init', () => {
  it('drafts what somebody decided, and is judged clean by the image', async () => {
    const { code, out, err } = await checkImage('contract', 'init', at('good'));
    expect([code, err]).toEqual([0, '']);
    expect(claimsOf(out)).toEqual(
      expect.arrayContaining([
        { content: { path: '/etc/os-release', format: 'env', at: 'VERSION_ID', value: '13' } },
        { unit: { name: 'a.service', started: 'boot' } },
        { unit: { name: 'a.service', directive: 'Service.Restart', value: 'always' } },
        { sysctl: { key: 'net.ipv4.ip_forward', value: '1' } },
        { sysctl: { key: 'vm.swappiness', value: '10' } },
      ]),
    );
    expect(out).toContain('    # good:/etc/sysctl.d/a.conf:1\n');
    expect(out).not.toMatch(/file-max|kernel\.x|KillMode/);
    writeFileSync(at('good.yaml'), out);
    expect((await checkImage('contract', 'validate', at('good.yaml'))).code).toBe(0);
    const judged = await checkImage('--contract', at('good.yaml'), '--no-lint', at('good'));
    expect([judged.code, judged.out]).toEqual([0, expect.stringMatching(/\n\d+ pass {3}0 fail {3}\d/)]);
    expect((await checkImage('--contract', at('good.yaml'), at('other'))).code).toBe(1);
  });

  it('leaves out what differs in another good image', async () => {
    const { out, err } = await checkImage('contract', 'init', at('good'), '--also', at('other'));
    expect(err).toBe('check-image: left out, since the images differ in it: 1 claims\n');
    expect(out).toContain('ip_forward');
    expect(out).not.toContain('swappiness');
    writeFileSync(at('both.yaml'), out);
    for (const image of ['good', 'other'])
      expect((await checkImage('--contract', at('both.yaml'), '--no-lint', at(image))).code).toBe(0);
  });

  it('ends with 3 for what is no image', async () => {
    expect((await checkImage('contract', 'init', at('none'))).code).toBe(3);
  });
});
