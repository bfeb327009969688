/** What a portrait says of units: each assignment once, and nothing that a generator makes. */
import { expect, it } from 'vitest';
import { unitsConcern } from '../../../src/diff/portrait/concerns/units.ts';
import { FactStore } from '../../../src/facts/fact-store.ts';
import { MemoryFileSystem, type MemoryTree } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { RootView } from '../../../src/root/root-view.ts';

const units = '/usr/lib/systemd/system';

/** By unit, by field: the values. */
function unitsOf(tree: MemoryTree) {
  const root = { '/etc/os-release': 'ID=debian\n', '/etc/machine-id': 'uninitialized\n', ...tree };
  const view = new RootView([{ path: '/', fileSystem: new MemoryFileSystem(root) }], defaultLimits);
  const facts = new FactStore(view, { label: 'image', sideFiles: [] });
  const records = unitsConcern.describe({ get: (fact, key) => facts.get(fact, key).value });
  if ('absent' in records) throw new Error(records.absent);
  return Object.fromEntries(
    records.map(({ key, fields }) => [
      key,
      Object.fromEntries(Object.entries(fields).map(([name, { values }]) => [name, values.join('|')])),
    ]),
  );
}

it('tells what fills one list under its own names, as far as the list still has it', () => {
  const { 'a.timer': timer, 'a.socket': socket } = unitsOf({
    [`${units}/a.timer`]: '[Timer]\nOnCalendar=daily\nOnBootSec=\nOnCalendar=weekly\nOnBootSec=5min\n',
    [`${units}/a.service`]: '[Service]\nExecStart=/bin/true\n',
    [`${units}/a.socket`]: '[Socket]\nListenStream=80\nListenDatagram=53\n',
  });
  expect(timer).toEqual({ state: 'static', 'Timer.OnCalendar': 'weekly', 'Timer.OnBootSec': '5min' });
  expect(socket).toEqual({ state: 'static', 'Socket.ListenStream': '80', 'Socket.ListenDatagram': '53' });
});

it('tells an older name by the settings that it writes', () => {
  const { 'a.service': service } = unitsOf({
    [`${units}/a.service`]: '[Service]\nExecStart=/bin/true\nTimeoutSec=5\n',
  });
  expect(service).toEqual({
    state: 'static',
    'Service.ExecStart': '/bin/true',
    'Service.TimeoutStartSec': '5',
    'Service.TimeoutStopSec': '5',
  });
});

it('says in one value whether a unit is enabled and starts', () => {
  const { 'a.service': service, 'default.target': link } = unitsOf({
    [`${units}/default.target`]: { link: 'multi-user.target' },
    [`${units}/multi-user.target`]: '[Unit]\nDefaultDependencies=no\n',
    [`${units}/a.service`]: '[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n',
    '/etc/systemd/system/multi-user.target.wants/a.service': { link: `${units}/a.service` },
  });
  expect(service?.state).toBe('enabled, starts at boot');
  expect(link).toBeUndefined();
});

it('leaves out a name that only a generator gives', () => {
  const made = unitsOf({
    '/usr/sbin/sshd': '',
    '/usr/lib/systemd/systemd': '',
    '/usr/lib/systemd/system-generators/systemd-ssh-generator': '',
    [`${units}/sshd@.service`]: '[Service]\nExecStart=-/usr/sbin/sshd -i\n',
  });
  expect(Object.keys(made)).toEqual(['sshd@.service']);
});
