/** What a booted systemd 257 did with these units, all wanted by multi-user.target: a job that was never made has no ConditionTimestamp. */
import { describe, expect, test } from 'vitest';
import { ImageError } from '../../../src/errors.ts';
import { resolveStartup } from '../../../src/facts/systemd/startup.ts';
import { UnitSet } from '../../../src/facts/systemd/unit-set.ts';
import { MemoryFileSystem, type MemoryTree } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { RootView } from '../../../src/root/root-view.ts';

const etc = '/etc/systemd/system';
const service = '[Service]\nType=oneshot\nExecStart=/bin/true\n';
const tree: MemoryTree = {
  '/etc/machine-id': '0123456789abcdef0123456789abcdef\n',
  [`${etc}/default.target`]: { link: 'multi-user.target' },
  [`${etc}/multi-user.target`]: '[Unit]\n',
  [`${etc}/masked.service`]: { link: '/dev/null' },
  [`${etc}/bad.service`]: '[Service]\nType=oneshot\n',
  [`${etc}/broken.service`]: '[Unit\n',
  [`${etc}/middle.service`]: `[Unit]\nRequires=gone.service\n${service}`,
  [`${etc}/skipped.service`]: `[Unit]\nConditionPathExists=/nowhere\n${service}`,
  [`${etc}/opt.mount`]: { link: '/dev/null' },
};

function startOf(lines: string, more: MemoryTree = {}) {
  const fileSystem = new MemoryFileSystem({
    ...tree,
    [`${etc}/t.service`]: `[Unit]\n${lines}\n${service}`,
    [`${etc}/multi-user.target.wants/t.service`]: { link: '../t.service' },
    ...more,
  });
  const startup = resolveStartup(new UnitSet(new RootView([{ path: '/', fileSystem }], defaultLimits)));
  return { start: startup.value.units['t.service'], gaps: startup.gaps };
}

describe('no job is made with', () => {
  test.each([
    ['Requires=gone.service', 'Requires=gone.service, which does not exist'],
    ['Requires=gone.target', 'Requires=gone.target, which does not exist'],
    ['BindsTo=gone.service', 'BindsTo=gone.service, which does not exist'],
    ['Requisite=gone.service', 'Requisite=gone.service, which does not exist'],
    ['Requires=masked.service', 'Requires=masked.service, which is masked'],
    ['Requires=bad.service', 'Requires=bad.service, which has a setting systemd refuses'],
    ['Requires=broken.service', 'Requires=broken.service, which cannot be read'],
    ['Requires=middle.service', 'Requires=gone.service, which does not exist'],
  ])('%s', (lines, because) => {
    const { start } = startOf(lines);
    expect([start?.state, start?.skippedBecause]).toEqual(['never', because]);
    expect(start?.skippedAt?.line).toBe(2);
  });

  test('a link in .requires', () => {
    const link = `${etc}/t.service.requires/gone.service`;
    const { start } = startOf('', { [link]: { link: '../gone.service' } });
    expect([start?.state, start?.skippedAt?.path]).toEqual(['never', link]);
  });
});

test.each([
  'Wants=gone.service masked.service',
  'Wants=middle.service',
  'PartOf=gone.service',
  'Upholds=gone.service',
  'Requires=skipped.service',
  'Requires=t.service',
  'RequiresMountsFor=/opt/x',
  'Requires=dev-nodisk.device',
])('one is made with %s', (lines) => {
  expect(startOf(lines).start?.state).toBe('boot');
});

test('what is required may be damaged, or be made by a generator of another package', () => {
  const error = new ImageError('corrupt', 'ext4/bad-checksum', 'damaged');
  const damaged = startOf('Requires=gone.service', { [`${etc}/gone.service`]: { text: service, error } });
  expect([damaged.start?.state, damaged.gaps.map(({ cause }) => cause.code)]).toEqual([
    'unknown',
    ['ext4/bad-checksum'],
  ]);
  const generator = { '/etc/systemd/system-generators/make': { text: '#!/bin/sh\n>$1/gone.service\n', mode: 0o755 } };
  expect(startOf('Requires=gone.service', generator).start?.state).toBe('unknown');
});
