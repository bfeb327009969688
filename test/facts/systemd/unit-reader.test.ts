import { expect, test } from 'vitest';
import { ImageError } from '../../../src/errors.ts';
import { readUnit } from '../../../src/facts/systemd/unit-reader.ts';
import { UnitSet } from '../../../src/facts/systemd/unit-set.ts';
import { MemoryFileSystem, type MemoryTree } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { RootView } from '../../../src/root/root-view.ts';

function read(tree: MemoryTree, name: string) {
  return readUnit(
    new UnitSet(new RootView([{ path: '/', fileSystem: new MemoryFileSystem(tree) }], defaultLimits)),
    name,
  );
}

const fragment = '/usr/lib/systemd/system/k3s-server.service';
const service = '[Unit]\nDescription=k3s\n[Service]\nExecStart=/usr/bin/k3s server\nKillMode=process\n';

test('names the line that counts and the one it beats', () => {
  const dropIn = '/etc/systemd/system/k3s-server.service.d/zz.conf';
  const { value, gaps } = read({ [fragment]: service, [dropIn]: '[Service]\nKillMode=mixed\n' }, 'k3s-server.service');
  const directive = value.directives['Service.KillMode'];
  expect(directive?.values).toEqual([{ value: 'mixed', location: { source: 'memory', path: dropIn, line: 2 } }]);
  expect(directive?.beats).toEqual([{ value: 'process', location: { source: 'memory', path: fragment, line: 5 } }]);
  expect(value.properties.KillMode).toBe('mixed');
  expect(value.dropInPaths).toEqual([dropIn]);
  expect(gaps).toEqual([]);
});

test('a reset empties a list and says where it happened', () => {
  const dropIn = '/etc/systemd/system/k3s-server.service.d/reset.conf';
  const { value } = read({ [fragment]: service, [dropIn]: '[Service]\nExecStart=\n' }, 'k3s-server.service');
  const directive = value.directives['Service.ExecStart'];
  expect(directive?.values).toEqual([]);
  expect(directive?.beats.map((each) => each.location.line)).toEqual([4]);
  expect(directive?.reset?.location).toEqual({ source: 'memory', path: dropIn, line: 2 });
  expect(value.loadState).toBe('bad-setting');
});

test('a mask is the fragment, at the link itself', () => {
  const mask = '/etc/systemd/system/k3s-server.service';
  const { value } = read({ [fragment]: service, [mask]: { link: '/dev/null' } }, 'k3s-server.service');
  expect(value.loadState).toBe('masked');
  expect(value.unitFileState).toBe('masked');
  expect(value.fragment).toEqual({ source: 'memory', path: mask });
});

test('an older spelling is found under both names', () => {
  const { value } = read({ [fragment]: `${service}TimeoutSec=20\n` }, 'k3s-server.service');
  expect(value.directives['Service.TimeoutSec']?.values.map((each) => each.value)).toEqual(['20']);
  expect(value.directives['Service.TimeoutStopSec']?.values.map((each) => each.value)).toEqual(['20']);
  expect(value.properties.TimeoutStartUSec).toBe('20s');
});

test('mistakes are problems of their kind with their place', () => {
  const text = '[Unit]\nRestart=always\n[Service]\nExecStart=/bin/true\nNice=99\nNoSuchKey=1\n[Surprise]\n';
  const { value } = read({ [fragment]: text }, 'k3s-server.service');
  expect(value.problems.map(({ kind, location }) => [kind, location.line])).toEqual([
    ['unknown-section', 7],
    ['wrong-section', 2],
    ['bad-value', 5],
    ['unknown-key', 6],
  ]);
});

const damage = new ImageError('corrupt', 'test/damage', 'the block is damaged');

test('a unit file that cannot be read is a gap, not an absence', () => {
  const { value, gaps } = read({ [fragment]: { text: service, error: damage } }, 'k3s-server.service');
  expect(value.loadState).toBe('error');
  expect(gaps.map(({ keys, cause }) => [keys, cause.code])).toEqual([[['k3s-server.service'], 'test/damage']]);
});

test('a unit directory that cannot be read touches every unit', () => {
  const tree = { [fragment]: service, '/etc/systemd/system': { directory: true, error: damage } };
  const { gaps } = read(tree, 'k3s-server.service');
  expect(gaps.map(({ keys, cause }) => [keys, cause.code])).toEqual([[undefined, 'test/damage']]);
});

test('a drop-in directory that cannot be read touches its unit only', () => {
  const tree = { [fragment]: service, '/etc/systemd/system/k3s-server.service.d': { directory: true, error: damage } };
  expect(read(tree, 'k3s-server.service').gaps[0]?.keys).toEqual(['k3s-server.service']);
  expect(read(tree, 'other.service').gaps).toEqual([]);
});

test('a name that is no unit name is not found', () => {
  expect(read({}, 'no such unit').value.loadState).toBe('not-found');
});
