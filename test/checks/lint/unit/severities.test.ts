/** How grave a finding about a unit is depends on what starts it, and on how sure it is. */
import { expect, test } from 'vitest';
import type { AnyLintRule } from '../../../../src/checks/lint/lint-rule.ts';
import { fileMode } from '../../../../src/checks/lint/unit/file-mode.ts';
import { missingExecutable } from '../../../../src/checks/lint/unit/missing-executable.ts';
import { missingRequirement } from '../../../../src/checks/lint/unit/missing-requirement.ts';
import { orphanDropIn } from '../../../../src/checks/lint/unit/orphan-drop-in.ts';
import { unknownAccount } from '../../../../src/checks/lint/unit/unknown-account.ts';
import { unknownDirective } from '../../../../src/checks/lint/unit/unknown-directive.ts';
import type { MemoryTree } from '../../../../src/filesystems/memory.ts';
import { runExample } from '../run-example.ts';

const etc = '/etc/systemd/system';
const base: MemoryTree = {
  [`${etc}/default.target`]: '[Unit]\nDescription=Default\n',
  '/usr/bin/true': { text: 'x', mode: 0o755 },
};
const started = { [`${etc}/default.target.wants/a.service`]: { link: '../a.service' } };

async function severities(rule: AnyLintRule, tree: MemoryTree): Promise<readonly string[]> {
  const results = await runExample(rule, { tree: { ...base, ...tree } });
  return results.flatMap(({ verdict, severity }) =>
    verdict.status === 'fail' ? [verdict.severity ?? severity] : [verdict.status],
  );
}

test('a unit that nothing starts, or that a condition holds back, is a note', async () => {
  const service = '[Service]\nExecStart=/usr/bin/agent\n';
  expect(await severities(missingExecutable, { [`${etc}/a.service`]: service })).toEqual(['info']);
  expect(await severities(missingExecutable, { [`${etc}/a.service`]: service, ...started })).toEqual(['should']);
  const held = `[Unit]\nConditionPathExists=/usr/bin/agent\n${service}`;
  expect(await severities(missingExecutable, { [`${etc}/a.service`]: held, ...started })).toEqual(['info']);
  const asserted = `[Unit]\nAssertPathExists=/usr/bin/agent\n${service}`;
  expect(await severities(missingExecutable, { [`${etc}/a.service`]: asserted, ...started })).toEqual(['should']);
});

test('what was meant to start and cannot, for want of what it requires, is as grave as what starts', async () => {
  const service = '[Unit]\nRequires=gone.service\n[Service]\nExecStart=/usr/bin/true\n';
  expect(await severities(missingRequirement, { [`${etc}/a.service`]: service, ...started })).toEqual(['should']);
});

test('what a socket starts on demand is as grave as what boot starts', async () => {
  const tree = {
    [`${etc}/a.socket`]: '[Socket]\nListenStream=80\n',
    [`${etc}/a.service`]: '[Service]\nExecStart=/usr/bin/agent\n',
    [`${etc}/default.target.wants/a.socket`]: { link: '../a.socket' },
  };
  expect(await severities(missingExecutable, tree)).toEqual(['should']);
});

test('a systemd newer than all that are known may know the key', async () => {
  const unit = { [`${etc}/a.service`]: '[Service]\nExecStart=/usr/bin/true\nBrandNew=yes\n', ...started };
  const library = (version: number) => ({ [`/usr/lib/systemd/libsystemd-shared-${version}.so`]: '' });
  expect(await severities(unknownDirective, { ...unit, ...library(257) })).toEqual(['should']);
  expect(await severities(unknownDirective, { ...unit, ...library(258) })).toEqual(['info']);
});

test('drop-ins that a package brings for units of others are notes', async () => {
  const text = '[Service]\nRestart=always\n';
  expect(await severities(orphanDropIn, { [`${etc}/other.service.d/a.conf`]: text })).toEqual(['should']);
  expect(await severities(orphanDropIn, { '/usr/lib/systemd/system/other.service.d/a.conf': text })).toEqual(['info']);
});

test('a unit file that is executable is a note, one that everybody may write is not', async () => {
  const unit = (mode: number) => ({ [`${etc}/a.service`]: { text: '[Service]\nExecStart=/usr/bin/true\n', mode } });
  expect(await severities(fileMode, unit(0o755))).toEqual(['info']);
  expect(await severities(fileMode, unit(0o646))).toEqual(['should']);
});

test('an account may be one that systemd-userdbd knows', async () => {
  const unit = { [`${etc}/a.service`]: '[Service]\nExecStart=/usr/bin/true\nUser=agent\n', ...started };
  const files = { '/etc/passwd': 'root:x:0:0::/root:/bin/sh\n', '/etc/group': 'root:x:0:\n' };
  expect(await severities(unknownAccount, { ...unit, ...files })).toEqual(['should']);
  expect(await severities(unknownAccount, { ...unit, ...files, '/etc/userdb/agent.user': '{}' })).toEqual(['pass']);
});
