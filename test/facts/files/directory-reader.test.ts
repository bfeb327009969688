import { expect, it } from 'vitest';
import { ImageError } from '../../../src/errors.ts';
import { FactStore } from '../../../src/facts/fact-store.ts';
import { MemoryFileSystem, type MemoryTree } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { RootView } from '../../../src/root/root-view.ts';

const list = (tree: MemoryTree, path: string) =>
  new FactStore(new RootView([{ path: '/', fileSystem: new MemoryFileSystem(tree, 'disk!p2') }], defaultLimits), {
    label: 'disk',
    sideFiles: [],
  }).get('directory', path);

it('lists the names in a directory, each at its place, links to it followed', () => {
  const { value } = list({ '/bin': { link: 'usr/bin' }, '/usr/bin/b': 'x', '/usr/bin/a': { link: 'b' } }, '/bin');
  expect(value).toMatchObject({ state: 'present', location: { source: 'disk!p2', path: '/usr/bin' } });
  expect(value.entries).toEqual([
    { name: 'a', type: 'symlink', location: { source: 'disk!p2', path: '/usr/bin/a' } },
    { name: 'b', type: 'file', location: { source: 'disk!p2', path: '/usr/bin/b' } },
  ]);
});

it('lists the root without a double slash', () => {
  expect(list({ '/x': 'x' }, '/').value.entries[0]?.location.path).toBe('/x');
});

it.each(['/none', '/file', '/loop'])('%s is no directory', (path) => {
  const tree = { '/file': 'x', '/loop': { link: 'loop' } };
  expect(list(tree, path)).toMatchObject({ value: { state: 'missing', entries: [] }, gaps: [] });
});

it('has a gap where the directory cannot be read', () => {
  const error = new ImageError('corrupt', 'ext4/bad-directory', 'the directory is damaged');
  const { value, gaps } = list({ '/etc/x': { directory: true, error } }, '/etc/x');
  expect(value.state).toBe('unreadable');
  expect(gaps).toMatchObject([{ cause: { code: 'ext4/bad-directory' }, keys: ['/etc/x'] }]);
});
