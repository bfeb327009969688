import { expect, test } from 'vitest';
import { ImageError } from '../../../src/errors.ts';
import { resolveStartup } from '../../../src/facts/systemd/startup.ts';
import { UnitSet, type UnitSetOptions } from '../../../src/facts/systemd/unit-set.ts';
import { MemoryFileSystem, type MemoryTree } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import type { Device } from '../../../src/root/layer.ts';
import { RootView } from '../../../src/root/root-view.ts';

const lib = '/usr/lib/systemd/system';
const base: MemoryTree = {
  '/lib': { link: 'usr/lib' },
  '/etc/machine-id': '',
  [`${lib}/default.target`]: { link: 'graphical.target' },
  [`${lib}/graphical.target`]: '[Unit]\nRequires=multi-user.target\n',
  [`${lib}/multi-user.target`]: '[Unit]\nRequires=basic.target\n',
  [`${lib}/basic.target`]: '[Unit]\nRequires=sysinit.target\nWants=sockets.target timers.target\n',
  [`${lib}/sysinit.target`]: '[Unit]\nWants=local-fs.target\n',
  [`${lib}/sockets.target`]: '[Unit]\n',
  [`${lib}/timers.target`]: '[Unit]\n',
  [`${lib}/local-fs.target`]: '[Unit]\nDefaultDependencies=no\n',
  [`${lib}/shutdown.target`]: '[Unit]\nDefaultDependencies=no\n',
};
const service = '[Service]\nExecStart=/bin/true\n';

function start(tree: MemoryTree, options: UnitSetOptions = {}) {
  const view = new RootView([{ path: '/', fileSystem: new MemoryFileSystem({ ...base, ...tree }) }], defaultLimits);
  const startup = resolveStartup(new UnitSet(view, options));
  Object.keys(startup.value.units);
  return startup;
}

test('a link in .wants starts a unit at boot, and the chain is the proof', () => {
  const link = '/etc/systemd/system/multi-user.target.wants/k3s.service';
  const { value } = start({ [`${lib}/k3s.service`]: service, [link]: { link: `${lib}/k3s.service` } });
  expect(value.defaultTarget).toEqual({
    unit: 'graphical.target',
    location: { source: 'memory', path: `${lib}/default.target` },
  });
  const { state, because } = value.units['k3s.service'] ?? {};
  expect(state).toBe('boot');
  expect(because?.map(({ unit, by }) => [unit, by])).toEqual([
    ['graphical.target', 'default.target'],
    ['multi-user.target', 'Requires='],
    ['k3s.service', '.wants/'],
  ]);
  expect(because?.at(-1)?.location).toEqual({ source: 'memory', path: link });
  expect(because?.at(1)?.location.line).toBe(2);
});

test('a unit nobody pulls in is not there, enabled in [Install] or not', () => {
  const { value } = start({ [`${lib}/k3s.service`]: `${service}[Install]\nWantedBy=multi-user.target\n` });
  expect(value.units['k3s.service']).toBeUndefined();
});

test('a mask stops a unit, not its neighbours', () => {
  const wants = '/etc/systemd/system/multi-user.target.wants';
  const { value } = start({
    [`${lib}/a.service`]: service,
    [`${lib}/b.service`]: service,
    [`${wants}/a.service`]: { link: `${lib}/a.service` },
    [`${wants}/b.service`]: { link: `${lib}/b.service` },
    '/etc/systemd/system/a.service': { link: '/dev/null' },
  });
  expect([value.units['a.service']?.state, value.units['b.service']?.state]).toEqual(['masked', 'boot']);
});

test('sockets and timers start their services on demand, and what those need', () => {
  const { value } = start({
    [`${lib}/sockets.target.wants/x.socket`]: { link: '../x.socket' },
    [`${lib}/x.socket`]: '[Socket]\nListenStream=/run/x\n',
    [`${lib}/x.service`]: `[Unit]\nWants=helper.service\n${service}`,
    [`${lib}/helper.service`]: service,
    [`${lib}/timers.target.wants/y.timer`]: { link: '../y.timer' },
    [`${lib}/y.timer`]: '[Timer]\nOnCalendar=daily\n',
    [`${lib}/y.service`]: service,
  });
  const states = ['x.socket', 'x.service', 'helper.service', 'y.timer', 'y.service'].map(
    (unit) => value.units[unit]?.state,
  );
  expect(states).toEqual(['boot', 'demand', 'demand', 'boot', 'demand']);
});

test('the presets enable units at a first boot, and only then', () => {
  const tree = {
    [`${lib}/k3s.service`]: `${service}[Install]\nWantedBy=multi-user.target\n`,
    [`${lib}/other.service`]: `${service}[Install]\nWantedBy=multi-user.target\n`,
    '/usr/lib/systemd/system-preset/90.preset': 'disable other.service\n',
  };
  const first = start({ ...tree, '/etc/machine-id': 'uninitialized\n' }).value.units;
  expect(first['k3s.service']?.because.at(-1)?.by).toBe('preset at first boot');
  expect(first['other.service']).toBeUndefined();
  expect(start(tree).value.units['k3s.service']).toBeUndefined();
});

test('fstab mounts are started by the units that the generator makes of them', () => {
  const fstab =
    'UUID=1-2 / ext4 defaults 0 1\n/dev/sdb1 /var/lib/rancher ext4 noauto 0 2\n/dev/sda1 /boot vfat nofail 0 2\n';
  const { value } = start({ '/etc/fstab': fstab });
  expect(value.units['boot.mount']?.because.at(-1)).toEqual({
    unit: 'boot.mount',
    by: '.wants/',
    location: { source: 'memory', path: '/etc/fstab', line: 3 },
  });
  expect(value.units['-.mount']?.state).toBe('boot');
  expect(value.units['var-lib-rancher.mount']).toBeUndefined();
});

test('RequiresMountsFor= pulls in a mount that nothing else does', () => {
  const { value } = start({
    '/etc/fstab': '/dev/sdb1 /var/lib/rancher ext4 noauto 0 2\n',
    [`${lib}/multi-user.target.wants/k3s.service`]: { link: '../k3s.service' },
    [`${lib}/k3s.service`]: `[Unit]\nRequiresMountsFor=/var/lib/rancher/k3s\n${service}`,
  });
  expect(value.units['var-lib-rancher.mount']?.because.at(-1)?.by).toBe('RequiresMountsFor=');
});

test('the kernel command line adds a login, masks a unit and chooses the target', () => {
  const location = { source: 'memory', path: '/boot/loader/entries/a.conf', line: 4 };
  const tree = {
    [`${lib}/getty.target`]: '[Unit]\n',
    [`${lib}/multi-user.target.wants/getty.target`]: { link: '../getty.target' },
    [`${lib}/serial-getty@.service`]: service,
    [`${lib}/multi-user.target.wants/a.service`]: { link: '../a.service' },
    [`${lib}/a.service`]: service,
  };
  const commandLine = {
    text: 'console=tty0 console=ttyS0,115200 systemd.mask=a systemd.unit=multi-user.target',
    location,
  };
  const { value } = start(tree, { commandLine });
  expect(value.defaultTarget).toEqual({ unit: 'multi-user.target', location });
  expect(value.units['serial-getty@ttyS0.service']?.state).toBe('boot');
  expect(value.units['a.service']?.state).toBe('masked');
});

test('conditions that the image decides against are named', () => {
  const { value } = start({
    [`${lib}/multi-user.target.wants/a.service`]: { link: '../a.service' },
    [`${lib}/a.service`]: `[Unit]\nConditionPathExists=/run/x\nConditionPathExists=/etc/k3s-enabled\n${service}`,
  });
  expect(value.units['a.service']?.skippedBecause).toBe('ConditionPathExists=/etc/k3s-enabled');
});

test('what only a unified kernel image could meet is skipped where the entry starts a plain kernel', () => {
  const tree: MemoryTree = {
    [`${lib}/multi-user.target.wants/a.service`]: { link: '../a.service' },
    [`${lib}/a.service`]: `[Unit]\nConditionSecurity=measured-uki\n${service}`,
  };
  const boots = (path: string): UnitSetOptions => {
    const rootDevice: Device = { name: 'p2', label: 'disk!p2', size: 1, content: { state: 'empty' } };
    const linux = { text: path, location: { source: 'disk!p1' } };
    const entry = { loader: 'systemd-boot', id: 'a', initrd: [], source: 'disk!p1', linux };
    return { boot: { devices: [rootDevice], rootDevice, menus: [], entry } };
  };
  const reason = (options?: UnitSetOptions) => start(tree, options).value.units['a.service']?.skippedBecause;
  expect(reason(boots('/vmlinuz'))).toBe('ConditionSecurity=measured-uki');
  expect(reason(boots('/EFI/Linux/linux.efi'))).toBeUndefined();
  expect(reason()).toBeUndefined();
});

test('a directory of links that cannot be read leaves a gap in the whole answer', () => {
  const error = new ImageError('corrupt', 'test/damage', 'the block is damaged');
  const { gaps } = start({ '/etc/systemd/system/multi-user.target.wants': { directory: true, error } });
  expect(gaps.map(({ keys, cause }) => [keys, cause.code])).toEqual([[undefined, 'test/damage']]);
});

test('templates that name each other without end run into a budget, not out of memory', () => {
  const template = '[Unit]\nWants=a@%ix.service a@%iy.service\n[Service]\nExecStart=/bin/true\n';
  const { gaps } = start({
    [`${lib}/a@.service`]: template,
    [`${lib}/multi-user.target.wants/a@x.service`]: { link: '../a@.service' },
  });
  expect(gaps.map(({ cause }) => cause.code)).toEqual(['systemd/too-many-units']);
}, 60_000);

test('a unit of too many assignments is unreadable, not slow', () => {
  const { gaps } = start({
    [`${lib}/a.service`]: `${service}${'Environment=A=1\n'.repeat(400_000)}`,
    [`${lib}/multi-user.target.wants/a.service`]: { link: '../a.service' },
  });
  expect(gaps.map(({ cause }) => cause.code)).toEqual(['systemd/too-many-units']);
}, 60_000);
