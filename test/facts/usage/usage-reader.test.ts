/** Room of the mounted file systems: which are asked, and what is told of one that cannot be read. */
import { expect, it } from 'vitest';
import { ImageError } from '../../../src/errors.ts';
import { FactStore } from '../../../src/facts/fact-store.ts';
import type { FileSystem, Usage } from '../../../src/filesystems/file-system.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { RootView } from '../../../src/root/root-view.ts';
import { labelled } from '../../root/devices.ts';

const sized = (label: string, usage?: () => Usage): FileSystem =>
  Object.assign(labelled('', '', { '/x/y': '' }), { label, ...(usage ? { usage } : {}) });
const read = (...mounts: readonly { path: string; fileSystem: FileSystem; node?: number }[]) =>
  new FactStore(
    new RootView(
      mounts.map((mount) => ({ because: 'test', ...mount })),
      defaultLimits,
    ),
    {
      label: 'disk.wic',
      sideFiles: [],
    },
  ).get('usage');

it('is that of each file system once', () => {
  const root = sized('disk.wic!p2', () => ({ size: 4096, available: 1024, freeNodes: 7 }));
  const { value, gaps } = read(
    { path: '/', fileSystem: root },
    { path: '/boot', fileSystem: sized('disk.wic!p1', () => ({ size: 512, available: 0 })) },
    { path: '/srv', fileSystem: root, node: root.lookup(root.root, 'x') ?? 0 },
    { path: '/usr', fileSystem: sized('disk.wic!p3') },
  );
  expect(gaps).toEqual([]);
  expect(value.mounts).toEqual([
    { path: '/', format: 'ext4', location: { source: 'disk.wic!p2' }, size: 4096, available: 1024, freeNodes: 7 },
    { path: '/boot', format: 'ext4', location: { source: 'disk.wic!p1' }, size: 512, available: 0 },
  ]);
});

it('is a gap where the table of clusters cannot be read', () => {
  const damage = new ImageError('truncated', 'bytes/truncated', 'the image ends before it');
  const { value, gaps } = read({
    path: '/',
    fileSystem: sized('disk.wic!p2', () => {
      throw damage;
    }),
  });
  expect(value.mounts).toEqual([]);
  expect(gaps).toMatchObject([
    { keys: ['/'], cause: { code: 'bytes/truncated', location: { source: 'disk.wic!p2' } } },
  ]);
});
