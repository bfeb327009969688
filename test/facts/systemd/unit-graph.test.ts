import { describe, expect, test } from 'vitest';
import { readUnitTexts } from '../../../src/facts/systemd/cat-unit.ts';
import { listDependencies } from '../../../src/facts/systemd/list-dependencies.ts';
import type { LoadedUnit } from '../../../src/facts/systemd/loaded-unit.ts';
import { mountsFor } from '../../../src/facts/systemd/mounts-for.ts';
import { SystemdVersion } from '../../../src/facts/systemd/systemd-version.ts';
import { type EdgeKind, UnitGraph } from '../../../src/facts/systemd/unit-graph.ts';
import { UnitSet } from '../../../src/facts/systemd/unit-set.ts';
import { MemoryFileSystem, type MemoryTree } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { RootView } from '../../../src/root/root-view.ts';

const lib = '/usr/lib/systemd/system';
const service = '[Service]\nExecStart=/bin/true\n';

function setOf(tree: MemoryTree, version?: number): UnitSet {
  const view = new RootView([{ path: '/', fileSystem: new MemoryFileSystem(tree) }], defaultLimits);
  return new UnitSet(view, version === undefined ? {} : { version: new SystemdVersion(version) });
}

function unitOf(set: UnitSet, name: string): LoadedUnit {
  const unit = set.load(name);
  if (!unit) throw new Error(`${name} is no unit name`);
  return unit;
}

function edges(tree: MemoryTree, name: string, kind: EdgeKind): readonly string[] {
  const set = setOf(tree);
  return [...new UnitGraph(set).dependencies(unitOf(set, name), kind)].sort();
}

test('both sides know of a dependency, under the main names', () => {
  const tree = {
    [`${lib}/a.service`]: `[Unit]\nWants=alias.service\n${service}`,
    [`${lib}/b.service`]: service,
    [`${lib}/alias.service`]: { link: 'b.service' },
  };
  expect(edges(tree, 'a.service', 'Wants')).toEqual(['b.service']);
  expect(edges(tree, 'b.service', 'WantedBy')).toEqual(['a.service']);
});

test('services get their default dependencies, and lose them with DefaultDependencies=no', () => {
  expect(edges({ [`${lib}/a.service`]: service }, 'a.service', 'After')).toEqual([
    'basic.target',
    'sysinit.target',
    'system.slice',
    'systemd-journald.socket',
  ]);
  const bare = { [`${lib}/a.service`]: `[Unit]\nDefaultDependencies=no\n${service}` };
  expect(edges(bare, 'a.service', 'Conflicts')).toEqual([]);
});

test('a target comes after what it pulls in, unless that comes after it', () => {
  const tree = {
    [`${lib}/t.target`]: '[Unit]\nWants=a.service b.service\n',
    [`${lib}/a.service`]: service,
    [`${lib}/b.service`]: `[Unit]\nAfter=t.target\n${service}`,
  };
  expect(edges(tree, 't.target', 'After')).toEqual(['a.service']);
});

test('a path below a mount of fstab needs that mount', () => {
  const tree = {
    '/etc/fstab': '/dev/sdb1 /var/lib/rancher ext4 defaults 0 2\n',
    [`${lib}/a.service`]: `[Unit]\nRequiresMountsFor=/var/lib/rancher/k3s\n${service}`,
  };
  expect(edges(tree, 'a.service', 'Requires')).toContain('var-lib-rancher.mount');
  expect(edges(tree, 'var-lib-rancher.mount', 'Before')).toContain('a.service');
});

// What `systemctl show` printed of these units on booted Debian 13 (257.13) and 12 (252.39).
describe.each([257, 252])('/tmp of systemd %i', (version) => {
  const tmpMount = '[Mount]\nWhat=tmpfs\nWhere=/tmp\nType=tmpfs\n';
  const isNew = version >= 256;
  test.each([
    ['RequiresMountsFor=/tmp', '', 'Requires'],
    ['RequiresMountsFor=/tmp/x', '', 'Requires'],
    ['WantsMountsFor=/tmp', '', isNew ? 'Wants' : ''],
    ['', 'WorkingDirectory=/tmp', 'Requires'],
    ['', 'WorkingDirectory=-/tmp', isNew ? 'Wants' : ''],
    ['', 'WorkingDirectory=/tmp\nPrivateTmp=yes', 'Requires Wants'],
    ['', 'RootDirectory=/tmp/x', isNew ? 'Wants' : 'Requires'],
    ['', 'RootImage=/tmp/x.raw', isNew ? 'Wants' : 'Requires'],
    ['', 'PrivateTmp=yes', 'Wants'],
  ])('%s %s: %s', (unit, exec, kinds) => {
    const set = setOf(
      { [`${lib}/a.service`]: `[Unit]\n${unit}\n${service}${exec}\n`, [`${lib}/tmp.mount`]: tmpMount },
      version,
    );
    const graph = new UnitGraph(set);
    const found = (['Requires', 'Wants'] as const).filter((kind) =>
      graph.dependencies(unitOf(set, 'a.service'), kind).has('tmp.mount'),
    );
    expect(found.join(' ')).toBe(kinds);
  });

  test('PrivateTmp= needs /var/tmp', () => {
    const unit = unitOf(setOf({ [`${lib}/a.service`]: `${service}PrivateTmp=yes\n` }, version), 'a.service');
    const { requires, wants } = mountsFor(unit);
    expect([[...requires], [...wants]]).toEqual(isNew ? [[], ['/tmp', '/var/tmp']] : [['/var/tmp'], []]);
  });
});

test('the tree of dependencies ends where it comes round again', () => {
  const set = setOf({
    [`${lib}/t.target`]: '[Unit]\nDefaultDependencies=no\nWants=u.target a.service\n',
    [`${lib}/u.target`]: '[Unit]\nDefaultDependencies=no\nWants=t.target\n',
    [`${lib}/a.service`]: `[Unit]\nDefaultDependencies=no\n${service}`,
  });
  const rows = listDependencies(set, new UnitGraph(set), 't.target');
  expect(rows.map(({ unit, depth }) => ({ unit, depth }))).toEqual([
    { unit: 't.target', depth: 0 },
    { unit: 'a.service', depth: 1 },
    { unit: 'u.target', depth: 1 },
    { unit: '...', depth: 2 },
  ]);
});

test('cat reads fragment and drop-ins in the order they count', () => {
  const dropIn = '/etc/systemd/system/a.service.d/x.conf';
  const set = setOf({ [`${lib}/a.service`]: service, [dropIn]: '[Service]\nNice=1' });
  expect(readUnitTexts(set, unitOf(set, 'a.service'))).toEqual([
    { path: `${lib}/a.service`, text: service },
    { path: dropIn, text: '[Service]\nNice=1' },
  ]);
});
