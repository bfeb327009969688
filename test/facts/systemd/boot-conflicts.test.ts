/** Which line is named for a start lost to a conflict, and boots of other kinds; who loses is held against real boots in started-units.test.ts. */
import { expect, test } from 'vitest';
import { resolveStartup } from '../../../src/facts/systemd/startup.ts';
import { UnitSet } from '../../../src/facts/systemd/unit-set.ts';
import { MemoryFileSystem, type MemoryTree } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { RootView } from '../../../src/root/root-view.ts';

const etc = '/etc/systemd/system';
const wants = `${etc}/multi-user.target.wants`;
const service = '[Service]\nExecStart=/bin/true\n';
const base: MemoryTree = {
  '/etc/machine-id': '0123456789abcdef0123456789abcdef\n',
  [`${etc}/default.target`]: { link: 'multi-user.target' },
  [`${etc}/multi-user.target`]: '[Unit]\nAllowIsolate=yes\nConflicts=rescue.target\n',
  [`${etc}/rescue.target`]: '[Unit]\n',
  [`${etc}/a.service`]: service,
  [`${etc}/b.service`]: service,
  [`${wants}/a.service`]: { link: '../a.service' },
  [`${wants}/b.service`]: { link: '../b.service' },
};

function unitsOf(tree: MemoryTree) {
  const fileSystem = new MemoryFileSystem({ ...base, ...tree });
  return resolveStartup(new UnitSet(new RootView([{ path: '/', fileSystem }], defaultLimits))).value.units;
}

function startOf(tree: MemoryTree, unit: string) {
  const { state, skippedBecause, skippedAt } = unitsOf(tree)[unit] ?? {};
  return [state, skippedBecause, skippedAt?.path, skippedAt?.line];
}

test('the line of the winner is named', () => {
  const tree = { [`${etc}/a.service`]: `[Unit]\nConflicts=c.service b.service\n${service}` };
  expect(startOf(tree, 'b.service')).toEqual(['never', 'Conflicts=b.service of a.service', `${etc}/a.service`, 2]);
  expect(startOf(tree, 'a.service')[0]).toBe('boot');
});

test.each([
  ['a drop-in', { [`${etc}/a.service.d/x.conf`]: '[Unit]\nConflicts=b.service\n' }],
  ['a drop-in of all services', { [`${etc}/service.d/x.conf`]: '[Unit]\nConflicts=b.service\n' }],
  [
    'an alias',
    { [`${etc}/c.service`]: { link: 'b.service' }, [`${etc}/a.service`]: `[Unit]\nConflicts=c.service\n${service}` },
  ],
  [
    'a second line',
    { [`${etc}/a.service`]: `[Unit]\nConflicts=shutdown.target\nConflicts=\\\n b.service\n${service}` },
  ],
  [
    'an instance',
    {
      [`${etc}/c@.service`]: `[Unit]\nConflicts=%i.service\n${service}`,
      [`${wants}/c@b.service`]: { link: '../c@.service' },
    },
  ],
])('%s may name it', (_, tree) => {
  expect(startOf(tree, 'b.service')[0]).toBe('never');
});

test('a line that loses to what the target requires', () => {
  const tree = {
    [`${etc}/multi-user.target.requires/b.service`]: { link: '../b.service' },
    [`${etc}/a.service`]: `[Unit]\nConflicts=b.service\n${service}`,
  };
  expect(startOf(tree, 'a.service')).toEqual(['never', 'Conflicts=b.service', `${etc}/a.service`, 2]);
  expect(startOf(tree, 'b.service')[0]).toBe('boot');
});

test('two that the target requires stop the boot', () => {
  const tree = {
    [`${etc}/multi-user.target`]: '[Unit]\nAllowIsolate=yes\nRequires=c.service d.service\n',
    [`${etc}/c.service`]: `[Unit]\nConflicts=d.service\n${service}`,
    [`${etc}/d.service`]: service,
  };
  const reason = 'Conflicts=d.service of c.service, and multi-user.target requires both';
  expect(startOf(tree, 'a.service')).toEqual(['never', reason, `${etc}/c.service`, 2]);
});

test('what a loser brings starts, but where the target cannot be isolated', () => {
  const tree = {
    [`${etc}/a.service`]: `[Unit]\nConflicts=b.service\n${service}`,
    [`${etc}/b.service`]: `[Unit]\nWants=c.service\n${service}`,
    [`${etc}/c.service`]: service,
  };
  expect(startOf(tree, 'c.service')[0]).toBe('boot');
  expect(startOf({ ...tree, [`${etc}/multi-user.target`]: '[Unit]\n' }, 'c.service')[0]).toBe('unknown');
});

test.each([
  ['more conflicts than any boot has', 300, (i: number) => `n${i + 1}.service`],
  ['more dependencies than any boot has', 400, () => Array.from({ length: 400 }, (_, i) => `n${i}.service`).join(' ')],
])('%s stay open', (_, count, conflicts) => {
  const numbers = Array.from({ length: count }, (_, i) => i);
  const tree = Object.fromEntries(
    numbers.flatMap((i) => [
      [`${etc}/n${i}.service`, `[Unit]\nConflicts=${conflicts(i)}\n${service}`],
      [`${wants}/n${i}.service`, { link: `../n${i}.service` }],
    ]),
  );
  expect(startOf(tree, 'n9.service')[0]).toBe('unknown');
  expect(startOf(tree, 'b.service')[0]).toBe('boot');
});
