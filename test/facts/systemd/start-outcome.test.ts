/** Which line is named for a start that is in vain; what becomes of units is held against real boots in started-units.test.ts. */
import { expect, test } from 'vitest';
import { ImageError } from '../../../src/errors.ts';
import { resolveStartup } from '../../../src/facts/systemd/startup.ts';
import { UnitSet } from '../../../src/facts/systemd/unit-set.ts';
import { MemoryFileSystem, type MemoryTree } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { RootView } from '../../../src/root/root-view.ts';

const etc = '/etc/systemd/system';
const service = '[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true\n';
const tree: MemoryTree = {
  '/etc/machine-id': '0123456789abcdef0123456789abcdef\n',
  [`${etc}/default.target`]: { link: 'multi-user.target' },
  [`${etc}/multi-user.target`]: '[Unit]\n',
  [`${etc}/masked.slice`]: { link: '/dev/null' },
  [`${etc}/asserts.service`]: `[Unit]\nAssertPathExists=/etc/nowhere\n${service}`,
  [`${etc}/idle.service`]: service,
  [`${etc}/srv-refused.mount`]: '[Unit]\nRequires=gone.service\n[Mount]\nWhat=tmpfs\nWhere=/srv/refused\n',
  [`${etc}/multi-user.target.wants/t.service`]: { link: '../t.service' },
  [`${etc}/multi-user.target.wants/t.timer`]: { link: '../t.timer' },
};

function startupOf(more: MemoryTree) {
  const fileSystem = new MemoryFileSystem({ ...tree, ...more });
  return resolveStartup(new UnitSet(new RootView([{ path: '/', fileSystem }], defaultLimits)));
}

test.each([
  ['', 'Slice=masked.slice', 'never', 'Slice=masked.slice, which is masked', 7],
  ['RequiresMountsFor=/srv/refused', '', 'never', 'Requires=gone.service, which does not exist', 2],
  ['Requires=asserts.service\nAfter=asserts.service', '', 'never', 'Requires=asserts.service, which fails', 2],
  ['Requires=asserts.service', '', 'unknown', 'Requires=asserts.service, which fails', 2],
  ['Requisite=idle.service\nAfter=idle.service', '', 'never', 'Requisite=idle.service, which is not started', 2],
])('%s %s: %s', (unit, exec, state, because, line) => {
  const { units } = startupOf({ [`${etc}/t.service`]: `[Unit]\n${unit}\n${service}${exec}\n` }).value;
  const start = units['t.service'];
  expect([start?.state, start?.skippedBecause, start?.skippedAt?.line]).toEqual([state, because, line]);
});

test('a timer whose service may be hidden by damage may start', () => {
  const timer = { [`${etc}/t.timer`]: '[Timer]\nOnCalendar=daily\n' };
  const { state, skippedBecause } = startupOf(timer).value.units['t.timer'] ?? {};
  expect([state, skippedBecause]).toEqual(['never', 't.service, which it would start and which does not exist']);
  const error = new ImageError('corrupt', 'test/damage', 'the block is damaged');
  const damaged = startupOf({ ...timer, [`${etc}/t.service`]: { text: service, error } });
  expect(damaged.value.units['t.timer']?.state).toBe('unknown');
  expect(damaged.gaps.map(({ cause }) => cause.code)).toEqual(['test/damage']);
});

test('damage of what a unit requires leaves a gap', () => {
  const error = new ImageError('corrupt', 'test/damage', 'the block is damaged');
  const { value, gaps } = startupOf({
    [`${etc}/t.service`]: `[Unit]\nRequires=idle.service\n${service}`,
    [`${etc}/idle.service.d/a.conf`]: { text: '[Unit]\n', error },
  });
  expect(value.units['t.service']?.state).toBe('boot');
  expect(gaps.map(({ cause }) => cause.code)).toEqual(['test/damage']);
});

test('units that require each other run', () => {
  const { units } = startupOf({
    [`${etc}/t.service`]: `[Unit]\nRequires=u.service\n${service}`,
    [`${etc}/u.service`]: `[Unit]\nRequires=t.service\n${service}`,
  }).value;
  expect([units['t.service']?.state, units['u.service']?.state]).toEqual(['boot', 'boot']);
});
