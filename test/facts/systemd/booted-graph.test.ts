/** What a booted manager holds, and the units that generators give it. */
import { expect, test } from 'vitest';
import { parseAskedName } from '../../../src/facts/systemd/asked-name.ts';
import { BootedGraph } from '../../../src/facts/systemd/booted-graph.ts';
import { describeUnit } from '../../../src/facts/systemd/describe-unit.ts';
import { findEnablement } from '../../../src/facts/systemd/enablement.ts';
import type { LoadedUnit } from '../../../src/facts/systemd/loaded-unit.ts';
import { findPropertySources } from '../../../src/facts/systemd/property-sources.ts';
import { readUnit } from '../../../src/facts/systemd/unit-reader.ts';
import { UnitSet, type UnitSetOptions } from '../../../src/facts/systemd/unit-set.ts';
import { MemoryFileSystem, type MemoryTree } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { formatLocation } from '../../../src/location.ts';
import { RootView } from '../../../src/root/root-view.ts';

const lib = '/usr/lib/systemd/system';
const service = '[Service]\nExecStart=/bin/true\n';
const boot = {
  [`${lib}/default.target`]: { link: 'multi-user.target' },
  [`${lib}/multi-user.target`]: '[Unit]\nWants=a.service\n',
  [`${lib}/a.service`]: service,
};

function setOf(tree: MemoryTree, options: UnitSetOptions = {}): UnitSet {
  return new UnitSet(new RootView([{ path: '/', fileSystem: new MemoryFileSystem(tree) }], defaultLimits), options);
}

function unitOf(set: UnitSet, name: string): LoadedUnit {
  const unit = set.load(name);
  if (!unit) throw new Error(`${name} is no unit name`);
  return unit;
}

test('what a unit outside of the boot states is known only when somebody asks for it', () => {
  const set = setOf({ ...boot, [`${lib}/rare.target`]: '[Unit]\nRequires=a.service\n' });
  const graph = new BootedGraph(set);
  const [a, rare] = [unitOf(set, 'a.service'), unitOf(set, 'rare.target')];
  expect([...graph.around(a).dependencies(a, 'RequiredBy')]).toEqual([]);
  expect([...graph.around(rare).dependencies(a, 'RequiredBy')]).toEqual(['rare.target']);
});

test('a slice knows the loaded units in it', () => {
  const set = setOf({ ...boot, [`${lib}/b.service`]: service });
  const slice = unitOf(set, 'system.slice');
  expect(new BootedGraph(set).around(slice).members(slice)).toEqual(['a.service']);
  const shown = describeUnit(set, slice, 'static', new BootedGraph(set).around(slice));
  expect(shown).toMatchObject({ SliceOf: 'a.service', Description: 'System Slice' });
});

test('an alias is in the state of the unit it stands for, as far as the manager knows', () => {
  const set = setOf({ ...boot, [`${lib}/other.service`]: { link: 'a.service' } });
  const { value } = readUnit(set, 'other.service');
  expect([value.unitFileState, value.properties.UnitFileState]).toEqual(['alias', 'static']);
});

test.each([
  ['ssh', 'ssh.service'],
  ['getty@tty1', 'getty@tty1.service'],
  ['dbus.socket', 'dbus.socket'],
  ['/dev/sda1', 'dev-sda1.device'],
  ['/var/lib', 'var-lib.mount'],
  ['a b/c', 'a\\x20b-c.service'],
  ['.service', '.service.service'],
])('%s means %s', (asked, name) => {
  expect(parseAskedName(asked)).toBe(name);
});

const remount = { [`${lib}/local-fs.target`]: '[Unit]\n', [`${lib}/systemd-remount-fs.service`]: service };

test.each([
  ['', 'enabled-runtime'],
  ['fstab=no', 'static'],
  ['fstab=yes quiet', 'enabled-runtime'],
])('with "%s" the options of the root are applied: %s', (text, state) => {
  const set = setOf(remount, { commandLine: { text, location: { source: 'entry' } } });
  expect(findEnablement(set, 'systemd-remount-fs.service').state).toBe(state);
});

const ssh = {
  [`${lib}/sockets.target`]: '[Unit]\n',
  [`${lib}/sshd@.service`]: service,
  '/usr/sbin/sshd': 'ELF',
  '/usr/lib/systemd/system-generators/systemd-ssh-generator': { text: 'ELF', mode: 0o755 },
};

test('systemd-ssh-generator makes a socket answered by the template of the image', () => {
  const set = setOf(ssh);
  expect(findEnablement(set, 'sshd-unix-local.socket').state).toBe('generated');
  expect(findEnablement(set, 'sshd-unix-local@.service').state).toBe('alias');
  expect(findEnablement(set, 'sshd@.service').state).toBe('indirect');
  expect(unitOf(set, 'sshd-unix-local.socket').list('Socket.Listen')).toEqual(['/run/ssh-unix-local/socket (Stream)']);
});

test.each([
  ['without a server', { ...ssh, '/usr/sbin/sshd': { link: '/nowhere' } }, ''],
  ['masked', { ...ssh, '/etc/systemd/system-generators/systemd-ssh-generator': { link: '/dev/null' } }, ''],
  ['switched off', ssh, 'systemd.ssh_auto=no'],
])('%s it makes nothing', (_why, tree, text) => {
  const set = setOf(tree, { commandLine: { text, location: { source: 'entry' } } });
  expect(findEnablement(set, 'sshd-unix-local.socket').state).toBe('not-found');
});

test.each([
  ['RestartUSec', 'RestartSec=5'],
  ['ExecStartEx', 'ExecStart=/bin/true'],
  ['LimitNOFILESoft', 'LimitNOFILE=10'],
  ['TimeoutStartUSec', 'TimeoutStartSec=7'],
  ['TimeoutStopUSec', 'DefaultTimeoutStopSec=9'],
  ['Wants', `${lib}/b.service.wants/a.service`],
])('the line behind %s', (property, text) => {
  const set = setOf({
    ...boot,
    [`${lib}/b.service`]: `${service}RestartSec=1\nRestartSec=5\nLimitNOFILE=10\nTimeoutStartSec=7\n`,
    [`${lib}/b.service.wants/a.service`]: { link: '../a.service' },
    '/etc/systemd/system.conf': '[Manager]\nDefaultTimeoutStopSec=9\n',
  });
  const { set: lines, beats } = findPropertySources(set, unitOf(set, 'b.service'), property);
  expect(lines.map((line) => line.text)).toEqual([text]);
  expect(beats.map((line) => formatLocation(line.location))).toEqual(
    property === 'RestartUSec' ? [`memory:${lib}/b.service:3`] : [],
  );
});
