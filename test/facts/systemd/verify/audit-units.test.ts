import { expect, test } from 'vitest';
import { ImageError } from '../../../../src/errors.ts';
import { FactStore } from '../../../../src/facts/fact-store.ts';
import type { AuditedUnit } from '../../../../src/facts/systemd/verify/unit-audit-fact.ts';
import { MemoryFileSystem, type MemoryTree } from '../../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../../src/limits.ts';
import { RootView } from '../../../../src/root/root-view.ts';

const etc = '/etc/systemd/system';
const base: MemoryTree = {
  [`${etc}/default.target`]: '[Unit]\nDescription=Default\n',
  '/usr/bin/true': { text: 'a program\n', mode: 0o755 },
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\n',
  '/etc/group': 'root:x:0:\n',
};

async function audit(tree: MemoryTree) {
  const view = new RootView([{ path: '/', fileSystem: new MemoryFileSystem({ ...base, ...tree }) }], defaultLimits);
  const facts = new FactStore(view, { label: 'disk', sideFiles: [] });
  await facts.prepare(['unit-audit']);
  return facts.get('unit-audit');
}

async function auditUnit(name: string, tree: MemoryTree): Promise<AuditedUnit> {
  const found = (await audit(tree)).value.units.find((unit) => unit.name === name);
  if (!found) throw new Error(`${name} is not in the audit`);
  return found;
}

test('a template is read once, and what depends on its instance is left out', async () => {
  const text = '[Service]\nExecStart=/usr/bin/%i\nUser=%i\nEnvironmentFile=/etc/%i.env\nRestart=sometimes\nNice=%i\n';
  const unit = await auditUnit('a@.service', { [`${etc}/a@.service`]: text });
  expect(unit.commands).toEqual([]);
  expect([unit.missingAccounts, unit.missingFiles]).toEqual([[], []]);
  expect(unit.problems.map(({ location }) => location.line)).toEqual([5]);
});

test('an instance that boot starts is audited as itself', async () => {
  const unit = await auditUnit('a@one.service', {
    [`${etc}/a@.service`]: '[Service]\nExecStart=/usr/bin/%i\n',
    [`${etc}/default.target.wants/a@one.service`]: { link: '../a@.service' },
  });
  expect(unit.use).toBe('boot');
  expect(unit.commands.map(({ path, state }) => [path, state])).toEqual([['/usr/bin/one', 'missing']]);
});

test('one line of a drop-in for all services is one problem', async () => {
  const { value } = await audit({
    [`${etc}/a.service`]: '[Service]\nExecStart=/usr/bin/true\n',
    [`${etc}/b.service`]: '[Service]\nExecStart=/usr/bin/true\n',
    [`${etc}/service.d/all.conf`]: '[Service]\nRestart=sometimes\nMemoryLimit=1G\n',
  });
  expect(value.units.flatMap(({ problems }) => problems).length).toBe(1);
  expect(value.units.flatMap(({ advice }) => advice).length).toBe(1);
});

test('a program that was looked for in a damaged directory is not called missing', async () => {
  const error = new ImageError('corrupt', 'test/damage', 'the directory is damaged');
  const unit = await auditUnit('a.service', {
    [`${etc}/a.service`]: '[Service]\nExecStart=/opt/agent/run\n',
    '/opt/agent': { directory: true, error },
  });
  expect(unit.commands.map(({ state }) => state)).toEqual(['unreadable']);
});

test('a unit that cannot be read is a gap of that unit', async () => {
  const error = new ImageError('corrupt', 'test/damage', 'the file is damaged');
  const { gaps, value } = await audit({ [`${etc}/a.service`]: { text: 'x', error }, [`${etc}/b.target`]: '[Unit]\n' });
  expect(gaps.map(({ keys, cause }) => [keys, cause.code])).toContainEqual([['a.service'], 'test/damage']);
  expect(value.units.map(({ name }) => name)).toContain('b.target');
});

test('without a readable passwd no account is called missing', async () => {
  const error = new ImageError('corrupt', 'test/damage', 'the file is damaged');
  const tree = { [`${etc}/a.service`]: '[Service]\nExecStart=/usr/bin/true\nUser=agent\n' };
  const { value, gaps } = await audit({ ...tree, '/etc/passwd': { text: 'x', error } });
  expect(value.units.flatMap(({ missingAccounts }) => missingAccounts)).toEqual([]);
  expect(gaps.map(({ cause }) => cause.code)).toContain('test/damage');
  expect((await auditUnit('a.service', tree)).missingAccounts.map(({ name }) => name)).toEqual(['agent']);
});

test('programs in another root, or below paths that are mounted over, stay undecided', async () => {
  const inRoot = '[Service]\nRootDirectory=/srv/root\nExecStart=/bin/inside\n';
  const bound = '[Service]\nBindReadOnlyPaths=/srv/bin:/opt/bin\nExecStart=/opt/bin/x\nExecStop=/usr/bin/true\n';
  const tree = { [`${etc}/a.service`]: inRoot, [`${etc}/b.service`]: bound };
  expect((await auditUnit('a.service', tree)).commands.map(({ state }) => state)).toEqual(['undecided']);
  expect((await auditUnit('b.service', tree)).commands.map(({ state }) => state)).toEqual(['undecided', 'runnable']);
});

test('a condition that the image decides against is named', async () => {
  const text = '[Unit]\nConditionPathExists=/etc/agent\n[Service]\nExecStart=/usr/bin/agent\n';
  const unit = await auditUnit('a.service', { [`${etc}/a.service`]: text });
  expect(unit.skippedBecause).toBe('ConditionPathExists=/etc/agent');
});

test('a circle names the lines that close it, and what starting brings it together', async () => {
  const order = (after: string) => `[Unit]\nAfter=${after}\n[Service]\nExecStart=/usr/bin/true\n`;
  const { value } = await audit({
    [`${etc}/a.service`]: order('b.service'),
    [`${etc}/b.service`]: '[Service]\nExecStart=/usr/bin/true\n',
    [`${etc}/b.service.d/x.conf`]: '[Unit]\nDescription=b\nAfter=c.service\n',
    [`${etc}/c.service`]: '[Service]\nExecStart=/usr/bin/true\n',
    [`${etc}/a.service.d/y.conf`]: '[Unit]\nBefore=c.service\n',
    ...Object.fromEntries(
      ['a', 'b', 'c'].map((name) => [`${etc}/default.target.wants/${name}.service`, { link: `../${name}.service` }]),
    ),
  });
  const [cycle, ...more] = value.cycles;
  expect(more).toEqual([]);
  expect([cycle?.root, cycle?.unbreakable, [...(cycle?.units ?? [])].sort()]).toEqual([
    'default.target',
    false,
    ['a.service', 'b.service', 'c.service'],
  ]);
  expect(cycle?.steps.map(({ location: { path, line } }) => `${path}:${line}`).sort()).toEqual([
    `${etc}/a.service.d/y.conf:2`,
    `${etc}/a.service:2`,
    `${etc}/b.service.d/x.conf:3`,
  ]);
});

test('thousands of units in one circle are one finding, in time', async () => {
  const count = 1000;
  const unit = (at: number) => `u${at % count}.service`;
  const { value } = await audit(
    Object.fromEntries(
      Array.from({ length: count }, (_, at) => [
        `${etc}/${unit(at)}`,
        `[Unit]\nAfter=${unit(at + 1)}\nWants=${unit(at + 1)}\n[Service]\nExecStart=/usr/bin/true\n`,
      ]),
    ),
  );
  expect(value.cycles.map(({ units }) => units.length)).toEqual([count]);
}, 60_000);

test('the fact is plain JSON', async () => {
  const { value } = await audit({ [`${etc}/a.service`]: '[Service]\nExecStart=/usr/bin/x\nRestart=sometimes\n' });
  expect(JSON.parse(JSON.stringify(value))).toEqual(value);
});
