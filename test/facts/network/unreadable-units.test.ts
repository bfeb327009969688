/** A unit directory that cannot be read is a gap of the managers, not the end of the run, and never "no manager". */
import { expect, test } from 'vitest';
import { ImageError } from '../../../src/errors.ts';
import { FactStore } from '../../../src/facts/fact-store.ts';
import { MemoryFileSystem } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { RootView } from '../../../src/root/root-view.ts';

test('an unreadable /etc/systemd/system leaves a gap in the network managers', async () => {
  const error = new ImageError('corrupt', 'test/damage', 'the block is damaged');
  const fileSystem = new MemoryFileSystem({
    '/usr/lib/systemd/system/default.target': '[Unit]\n',
    '/etc/systemd/system': { directory: true, error },
  });
  const store = new FactStore(new RootView([{ path: '/', fileSystem }], defaultLimits), {
    label: 'test',
    sideFiles: [],
  });
  await store.prepare(['network']);
  const { gaps } = store.get('network');
  expect(gaps.map(({ keys, cause }) => [keys, cause.code])).toContainEqual([['managers'], 'test/damage']);
});
