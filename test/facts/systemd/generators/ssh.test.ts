/** The units of systemd-ssh-generator, as that of systemd 257 wrote them for the same command line. */
import { expect, test } from 'vitest';
import { parseCommandLine } from '../../../../src/facts/kernel/command-line.ts';
import { generateForSsh } from '../../../../src/facts/systemd/generators/ssh.ts';
import { MemoryFileSystem, type MemoryTree } from '../../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../../src/limits.ts';
import { RootView } from '../../../../src/root/root-view.ts';

const generator = '/usr/lib/systemd/system-generators/systemd-ssh-generator';
const base: MemoryTree = {
  [generator]: { text: 'a program\n', mode: 0o755 },
  '/usr/sbin/sshd': { text: 'a program\n', mode: 0o755 },
};
const template = { '/usr/lib/systemd/system/sshd@.service': '[Service]\nExecStart=/usr/sbin/sshd -i\n' };

function generate(commandLine: string, more: MemoryTree = template) {
  const fileSystem = new MemoryFileSystem({ ...base, ...more });
  return generateForSsh(new RootView([{ path: '/', fileSystem }], defaultLimits), parseCommandLine(commandLine));
}

const linesOf = (text: string | undefined): readonly string[] => (text ?? '').split('\n').filter((line) => line !== '');

test('a local socket, answered by the template of the image', () => {
  const { units, links, aliases } = generate('quiet');
  expect(units.map(({ name }) => name)).toEqual(['sshd-unix-local.socket']);
  expect(links.map(({ from, kind, to }) => [from, kind, to])).toEqual([
    ['sockets.target', 'Wants', 'sshd-unix-local.socket'],
  ]);
  expect(aliases?.map(({ name, to }) => [name, to])).toEqual([['sshd-unix-local@.service', 'sshd@.service']]);
});

test('the sockets of the command line, in the order of their addresses', () => {
  const { units, aliases } = generate(
    'quiet systemd.ssh_listen=2222 systemd.ssh_listen=/run/my.sock systemd.ssh_listen=nonsense',
  );
  expect(units.map(({ name }) => name)).toEqual(['sshd-extra.socket', 'sshd-extra-2.socket', 'sshd-unix-local.socket']);
  expect(linesOf(units[1]?.text)).toEqual([
    '[Unit]',
    'Description=OpenSSH Server Socket (systemd-ssh-generator, [::]:2222)',
    'Documentation=man:systemd-ssh-generator(8)',
    'Wants=ssh-access.target',
    'Before=ssh-access.target',
    '[Socket]',
    'ListenStream=[::]:2222',
    'Accept=yes',
    'PollLimitIntervalSec=30s',
    'PollLimitBurst=50',
  ]);
  expect(aliases?.map(({ name }) => name)).toContain('sshd-extra-2@.service');
});

test('without a template of the image, one of its own', () => {
  const { units, aliases } = generate('', {});
  expect(units.map(({ name }) => name)).toEqual(['sshd-unix-local.socket', 'sshd-generated@.service']);
  expect(aliases?.map(({ to }) => to)).toEqual(['sshd-generated@.service']);
  expect(linesOf(units[1]?.text)).toContain('StandardInput=socket');
});

test('switched off, only what was asked for is left', () => {
  expect(generate('systemd.ssh_auto=no').units).toEqual([]);
  expect(generate('systemd.ssh_auto=no systemd.ssh_listen=22').units.map(({ name }) => name)).toEqual([
    'sshd-extra.socket',
  ]);
});

test('nothing without the generator, behind a mask, or without a server', () => {
  expect(generate('', { ...template, [generator]: { link: '/dev/null' } }).units).toEqual([]);
  const { units } = generateForSsh(
    new RootView([{ path: '/', fileSystem: new MemoryFileSystem({ [generator]: 'x', ...template }) }], defaultLimits),
    [],
  );
  expect(units).toEqual([]);
});
