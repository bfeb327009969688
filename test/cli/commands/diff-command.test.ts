/** `diff` on small trees: what differs, on which side, how it ends; saved facts in place of an image. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkImage } from '../command-line.ts';

const lib = '/usr/lib/systemd/system';
const files: Readonly<Record<string, string>> = {
  '/etc/os-release': 'ID=debian\nVERSION_ID=13\nPRETTY_NAME="Debian 13"\n',
  '/etc/hostname': 'one\n',
  '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nmail:x:8:8::/var/mail:/usr/sbin/nologin\n',
  '/etc/shadow': 'root:*:1::::::\nmail:*:1::::::\n',
  '/etc/group': 'root:x:0:\nmail:x:8:\n',
  '/etc/fstab': 'tmpfs /tmp tmpfs nosuid,size=1G 0 0\n',
  '/etc/sysctl.d/99-own.conf': 'net.ipv4.ip_forward = 1\nkernel.panic = 10\n',
  '/etc/modules-load.d/own.conf': 'overlay\n',
  '/usr/lib/systemd/libsystemd-shared-257.so': '',
  [`${lib}/multi-user.target`]: '[Unit]\nDescription=Multi-User\n',
  [`${lib}/web.service`]:
    '[Service]\nExecStart=/bin/true\nRestartSec=5s\nRestart=no\n[Install]\nWantedBy=multi-user.target\n',
  '/var/lib/dpkg/status':
    'Package: socat\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.8.0\nMaintainer: x\nDescription: x\n',
};

let folder = '';
const write = (side: string, path: string, text: string): void => {
  mkdirSync(dirname(join(folder, side, path)), { recursive: true });
  writeFileSync(join(folder, side, path), text);
};
const diff = (...words: string[]) =>
  checkImage('diff', ...words.map((word) => (/^(?:a|b|same|saved\.json)$/.test(word) ? join(folder, word) : word)));

/** The changes, one a line. */
async function changesOf(...words: string[]): Promise<readonly string[]> {
  const { out } = await diff(...words, '--format', 'json');
  const { changes } = JSON.parse(out) as {
    changes: { class: string; concern: string; name: string; field?: string }[];
  };
  return changes.map(({ class: kind, concern, name, field }) =>
    [kind, concern, name, ...(field === undefined || field === 'value' ? [] : [field])].join(' '),
  );
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'check-image-diff-'));
  for (const [path, text] of Object.entries(files)) write('a', path, text);
  cpSync(join(folder, 'a'), join(folder, 'b'), { recursive: true });
  cpSync(join(folder, 'a'), join(folder, 'same'), { recursive: true });
  write('b', '/etc/hostname', 'two\n');
  write('b', '/etc/sysctl.d/99-own.conf', 'kernel.panic = 10\nnet.ipv4.ip_forward = 0\n');
  write('b', '/etc/modules-load.d/own.conf', 'br-netfilter\n');
  write('b', '/etc/fstab', 'tmpfs /tmp tmpfs size=1G,nosuid 0 0\n');
  write(
    'b',
    `${lib}/web.service`,
    `${files[`${lib}/web.service`]}`.replace('RestartSec=5s', 'RestartSec=5').replace('Restart=no', 'Restart=always'),
  );
  write('b', '/etc/passwd', `${files['/etc/passwd']}ops:x:1000:1000::/home/ops:/bin/sh\n`);
  write('b', '/var/lib/dpkg/status', `${files['/var/lib/dpkg/status']}`.replace('1.8.0', '1.8.1'));
  const saved = await checkImage('inspect', '--facts', join(folder, 'b'));
  expect(saved.code).toBe(0);
  writeFileSync(join(folder, 'saved.json'), saved.out);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

const expected = [
  'drift system hostname',
  'drift packages socat version',
  'drift units web.service Service.Restart',
  'equivalent units web.service Service.RestartSec',
  'breaking sysctl net.ipv4.ip_forward',
  'drift modules br_netfilter',
  'drift modules overlay',
  'equivalent mounts /tmp options',
  'drift users ops',
];

describe('diff', () => {
  it('finds exactly what was changed, each in its class', async () => {
    expect(await changesOf('a', 'b')).toEqual(expected);
    expect((await diff('a', 'b')).code).toBe(1);
  });

  it('finds nothing between two copies', async () => {
    expect(await changesOf('a', 'same')).toEqual([]);
    const { code, out } = await diff('a', 'same');
    expect(code).toBe(0);
    expect(out).toContain('Nothing meaningful differs');
  });

  it('follows a link to an image', async () => {
    symlinkSync(join(folder, 'a'), join(folder, 'link'));
    symlinkSync(join(folder, 'saved.json'), join(folder, 'saved-link'));
    expect(await changesOf('a', join(folder, 'link'))).toEqual([]);
    expect(await changesOf(join(folder, 'saved-link'), 'b')).toEqual([]);
  });

  it('takes saved facts on either side', async () => {
    expect(await changesOf('a', 'saved.json')).toEqual(expected);
    expect(await changesOf('saved.json', 'b')).toEqual([]);
  });

  it('says where each side has it from', async () => {
    const { out } = await diff('a', 'b', '--only', 'sysctl');
    expect(out).toContain('A  1  /etc/sysctl.d/99-own.conf:1');
    expect(out).toContain('B  0  /etc/sysctl.d/99-own.conf:2');
    expect(out).toContain('fails K3S-SYS-01:');
  });

  it('compares only what is asked for, and fails on what is asked for', async () => {
    expect(await changesOf('a', 'b', '--only', 'packages,users')).toEqual([
      'drift packages socat version',
      'drift users ops',
    ]);
    expect((await diff('a', 'b', '--only', 'packages')).code).toBe(0);
    expect((await diff('a', 'b', '--only', 'packages', '--fail-on', 'drift')).code).toBe(1);
    expect((await diff('a', 'b', '--only', 'mounts', '--fail-on', 'drift')).code).toBe(0);
    expect((await diff('a', 'b', '--only', 'mounts', '--fail-on', 'equivalent')).code).toBe(1);
  });

  it('hides what differs in form only unless all is asked for', async () => {
    expect((await diff('a', 'b')).out).not.toContain('Service.RestartSec');
    expect((await diff('a', 'b', '--all')).out).toContain('Service.RestartSec');
  });

  it('tells a flag of k3s once, and its command where more of it differs', async () => {
    const unit = '/etc/systemd/system/k3s.service';
    const service = (command: string): string =>
      `[Service]\nExecStart=${command}\n[Install]\nWantedBy=multi-user.target\n`;
    const sides = {
      k1: '/usr/bin/k3s server --node-ip=10.0.0.1 --debug $MORE',
      k2: '/usr/bin/k3s server $MORE --node-ip 10.0.0.2',
      k3: '-/usr/bin/k3s server $MORE --node-ip 10.0.0.2',
      k4: '/usr/bin/k3s server $MORE --node-ip 10.0.0.2 --unknown',
    };
    for (const [side, command] of Object.entries(sides)) {
      cpSync(join(folder, 'a'), join(folder, side), { recursive: true });
      write(side, unit, service(command));
    }
    const compare = (a: string, b: string, only: string) => changesOf(join(folder, a), join(folder, b), '--only', only);
    const flags = ['drift k3s --debug', 'drift k3s --node-ip'];
    expect(await compare('k1', 'k2', 'units,k3s')).toEqual([
      'equivalent units k3s.service Service.ExecStart',
      ...flags,
    ]);
    expect(await compare('k1', 'k3', 'units,k3s')).toEqual(['drift units k3s.service Service.ExecStart', ...flags]);
    expect(await compare('k2', 'k4', 'units,k3s')).toContain('drift units k3s.service Service.ExecStart');
    expect(await compare('k1', 'k2', 'units')).toEqual(['drift units k3s.service Service.ExecStart']);
  });

  it('takes waivers with a reason', async () => {
    const file = join(folder, 'own.yaml');
    writeFileSync(file, 'differences:\n  - {id: router, concern: sysctl, record: net.*, reason: no router}\n');
    expect((await diff('a', 'b', '--waivers', file)).code).toBe(0);
    const differences = '{id: old, concern: contract, reason: later, expires: 2020-01-31}';
    writeFileSync(file, `differences:\n  - ${differences}\n`);
    const against = await diff('a', '--against', 'contract', '--waivers', file);
    expect(against.out).toContain(`waivers\n            the waiver old has expired on 2020-01-31, ${file}:2`);
  });

  it('takes names of one thing from the same file', async () => {
    const file = join(folder, 'names.yaml');
    const names = 'names:\n  modules:\n    - {names: [overlay, br_netfilter], reason: one for the other}\n';
    writeFileSync(file, names);
    const changes = await changesOf('a', 'b', '--only', 'modules', '--waivers', file);
    expect(changes.map((change) => change.split(' ').slice(0, 3).join(' '))).toContain('equivalent modules overlay');
    expect(changes.filter((change) => change.startsWith('drift'))).toEqual([]);
  });

  it('compares what a unified kernel holds, on a partition that nothing mounts', async () => {
    const image = (name: string): string => join(import.meta.dirname, `../../fixtures/nixos/repart-${name}.img.zst`);
    expect(await changesOf('--only', 'files', image('erofs'), image('erofs'))).toEqual([]);
    expect(await changesOf('--only', 'files', image('erofs'), image('squashfs'))).toEqual([
      'drift files p1:/EFI/Linux/nixos_24.11.efi!.cmdline content',
      'equivalent files p1:/EFI/Linux/nixos_24.11.efi content',
      'noise files times of modification',
    ]);
  });

  it('compares files, and says what is in them', async () => {
    const { out } = await diff('a', 'b', '--only', 'files');
    expect(out).toContain('/etc/hostname  content');
    expect(out).toContain('              -one\n              +two\n');
    expect(out).toContain('Service.Restart: no -> always');
    const changes = await changesOf('a', 'b', '--only', 'files');
    expect(changes.filter((change) => !change.includes('times of modification'))).toEqual([
      'drift files /etc/fstab content',
      'drift files /etc/hostname content',
      'drift files /etc/modules-load.d/own.conf content',
      'drift files /etc/passwd content',
      'drift files /etc/sysctl.d/99-own.conf content',
      'drift files /usr/lib/systemd/system/web.service content',
      'noise files /var/lib/dpkg/status content',
    ]);
    expect((await diff('a', 'saved.json', '--files')).code).toBe(2);
  });

  it('puts one image beside the contract', async () => {
    const { code, out } = await diff('a', '--against', 'contract');
    expect(code).toBe(1);
    expect(out).toContain('BREAKING    K3S-BIN-01');
  });
});

describe('mistakes', () => {
  it.each([
    [['a'], 'diff takes two images, not 1'],
    [['a', 'b', 'same'], 'diff takes two images, not 3'],
    [['a', 'b', '--against', 'contract'], 'diff takes one image with --against contract, not 2'],
    [['a', 'b', '--only', 'unit'], 'there is no concern unit; did you mean units?'],
    [['a', 'b', '--format', 'jsn'], 'unknown report format jsn; did you mean json?'],
    [['a', 'b', '--waivers', '/nowhere.yaml'], 'the waivers /nowhere.yaml cannot be read'],
    [['a', 'b', '--contract', 'k4s'], 'there is no built-in contract k4s'],
  ])('%j', async (words, message) => {
    const { code, err } = await diff(...words);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  it('a side that cannot be read ends in 3', async () => {
    writeFileSync(join(folder, 'noise'), 'no image');
    expect((await diff('a', join(folder, 'noise'))).code).toBe(3);
    writeFileSync(join(folder, 'broken.json'), '{"schema":"check-image/facts-1"}');
    const { code, err } = await diff(join(folder, 'broken.json'), 'a');
    expect(code).toBe(3);
    expect(err).toContain('write it again with check-image inspect --facts');
  });

  it('facts are of one image', async () => {
    expect((await checkImage('inspect', '--facts', join(folder, 'a'), join(folder, 'b'))).code).toBe(2);
    expect((await checkImage('inspect', '--facts', '--json', join(folder, 'a'))).code).toBe(2);
  });
});
