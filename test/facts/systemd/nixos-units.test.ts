/** Units as NixOS lays them out: one store directory of links, each unit a link into a store path of its own. */
import { expect, test } from 'vitest';
import { resolveStartup } from '../../../src/facts/systemd/startup.ts';
import { readUnit } from '../../../src/facts/systemd/unit-reader.ts';
import { UnitSet } from '../../../src/facts/systemd/unit-set.ts';
import { MemoryFileSystem } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { RootView } from '../../../src/root/root-view.ts';

const units = '/nix/store/aaaa-system-units';
const tree = {
  '/etc/static': { link: '/nix/store/eeee-etc/etc' },
  '/etc/systemd': { link: '/etc/static/systemd' },
  '/nix/store/eeee-etc/etc/systemd/system': { link: units },
  [`${units}/default.target`]: { link: 'multi-user.target' },
  [`${units}/multi-user.target`]: { link: '/nix/store/ssss-systemd-257.6/example/systemd/system/multi-user.target' },
  '/nix/store/ssss-systemd-257.6/example/systemd/system/multi-user.target': '[Unit]\nDescription=Multi-User System\n',
  [`${units}/k3s.service`]: { link: '/nix/store/kkkk-unit-k3s.service/k3s.service' },
  '/nix/store/kkkk-unit-k3s.service/k3s.service':
    '[Service]\nExecStart=/bin/k3s\n[Install]\nWantedBy=multi-user.target\n',
  [`${units}/k3s.service.d/overrides.conf`]: { link: '/nix/store/oooo-unit-k3s.service/overrides.conf' },
  '/nix/store/oooo-unit-k3s.service/overrides.conf': '[Service]\nDelegate=true\n',
  [`${units}/rancher.service`]: { link: 'k3s.service' },
  [`${units}/multi-user.target.wants/k3s.service`]: { link: '../k3s.service' },
  [`${units}/off.service`]: { link: '/nix/store/dddd-unit-off.service-disabled/off.service' },
  '/nix/store/dddd-unit-off.service-disabled/off.service': { link: '/dev/null' },
  '/run/current-system/systemd': { link: '/nix/store/ssss-systemd-257.6' },
};

const set = new UnitSet(new RootView([{ path: '/', fileSystem: new MemoryFileSystem(tree) }], defaultLimits));

test('an alias inside the store directory is an alias, and drop-ins apply', () => {
  const { value } = readUnit(set, 'rancher.service');
  expect(value.id).toBe('k3s.service');
  expect(value.aliases).toEqual(['rancher.service']);
  expect(value.fragmentPath).toBe('/etc/systemd/system/k3s.service');
  expect(value.properties.Delegate).toBe('yes');
});

test('places are where the bytes are', () => {
  const { value } = readUnit(set, 'k3s.service');
  expect(value.directives['Service.Delegate']?.values[0]?.location).toEqual({
    source: 'memory',
    path: '/nix/store/oooo-unit-k3s.service/overrides.conf',
    line: 2,
  });
});

test('a link in .wants enables and starts the unit', () => {
  expect(readUnit(set, 'k3s.service').value.unitFileState).toBe('enabled');
  const { value } = resolveStartup(set);
  expect(value.defaultTarget?.unit).toBe('multi-user.target');
  expect(value.units['k3s.service']?.state).toBe('boot');
});

test('a disabled unit is masked through its store path', () => {
  expect(readUnit(set, 'off.service').value.loadState).toBe('masked');
});

test('the store path says which systemd it is', () => {
  expect(set.version.major).toBe(257);
});
