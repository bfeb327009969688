/** Expectations as `systemctl --root=... preset` does them with the same files: systemd 252, for `ignore` 257. */
import { describe, expect, test } from 'vitest';
import { presetFor, readPresets } from '../../../src/facts/conf-files/presets.ts';
import { MemoryFileSystem } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { RootView } from '../../../src/root/root-view.ts';

const view = new RootView(
  [
    {
      path: '/',
      fileSystem: new MemoryFileSystem(
        {
          '/usr/lib/systemd/system-preset/90-default.preset':
            '# comment\n; comment\nenable a.service\ndisable a.service\nenable t@.service one two\ndisable *\n',
          '/etc/systemd/system-preset/10-own.preset': 'disable b.*\nignore c.service\n\nnonsense\n',
          '/usr/lib/systemd/system-preset/20-hidden.preset': 'enable d.service\n',
          '/etc/systemd/system-preset/20-hidden.preset': { link: '/dev/null' },
        },
        'image',
      ),
    },
  ],
  defaultLimits,
);

describe('presets', () => {
  const presets = readPresets(view);

  test.each([
    ['a.service', 'enable', '90-default.preset:3'],
    ['b.service', 'disable', '10-own.preset:1'],
    ['c.service', 'ignore', '10-own.preset:2'],
    ['d.service', 'disable', '90-default.preset:6'],
    ['t@one.service', 'enable', '90-default.preset:5'],
    ['t@three.service', 'disable', '90-default.preset:6'],
    ['t@.service', 'enable', '90-default.preset:5'],
  ])('%s: %s', (unit, action, place) => {
    const answer = presetFor(presets, unit);
    expect(answer.action).toBe(action);
    expect(`${answer.location?.path?.split('/').pop()}:${answer.location?.line}`).toBe(place);
  });

  test('names the instances of a template', () => {
    expect(presetFor(presets, 't@.service').instances).toEqual(['one', 'two']);
  });

  test('without a rule a unit is enabled', () => {
    expect(presetFor({ rules: [] }, 'x.service')).toEqual({ action: 'enable', instances: [] });
  });

  test('reports a line that is no rule', () => {
    expect(presets.problems.map(({ location }) => location.line)).toEqual([4]);
  });
});
