import { describe, expect, it } from 'vitest';
import { ImageError } from '../../src/errors.ts';
import { MemoryFileSystem } from '../../src/filesystems/memory.ts';
import { defaultLimits } from '../../src/limits.ts';
import { RootView } from '../../src/root/root-view.ts';
import { walkDirectories, walkTree } from '../../src/root/walk-tree.ts';

const damage = new ImageError('corrupt', 'test/damage', 'damaged');
const root = new MemoryFileSystem({
  '/b/x': '',
  '/a': { link: 'b' },
  '/bad': { directory: true, error: damage },
  '/boot': { directory: true },
  '/c': '',
});
const view = new RootView(
  [
    { path: '/', fileSystem: root },
    { path: '/boot', fileSystem: new MemoryFileSystem({ '/vmlinuz': '' }) },
  ],
  defaultLimits,
);
const paths = (...options: Parameters<typeof walkTree>): string[] => [...walkTree(...options)].map(({ path }) => path);

describe('walkTree', () => {
  it('goes in order, shows links, enters mounts and passes damage', () => {
    const entries = [...walkTree(view, '/')];
    expect(entries.map(({ path }) => path)).toEqual(['/', '/a', '/b', '/b/x', '/bad', '/boot', '/boot/vmlinuz', '/c']);
    expect(entries.filter(({ error }) => error)).toMatchObject([{ path: '/bad', error: damage }]);
  });

  it('stays where it is told to stay', () => {
    expect(paths(view, '/', { maxDepth: 0 })).toEqual(['/']);
    expect(paths(view, '/', { maxDepth: 1 })).toEqual(['/', '/a', '/b', '/bad', '/boot', '/c']);
    expect(paths(view, '/', { oneFileSystem: true })).not.toContain('/boot/vmlinuz');
    expect(paths(view, '/a')).toEqual(['/a', '/a/x']);
    expect(paths(view, '/c')).toEqual(['/c']);
    expect(paths(view, '/none')).toEqual([]);
  });

  it('does not go deeper than the limit, and says so', () => {
    const deep = new RootView([{ path: '/', fileSystem: root }], { ...defaultLimits, depth: 1 });
    expect([...walkTree(deep, '/')].find(({ path }) => path === '/b')?.error).toMatchObject({ code: 'limit/depth' });
  });
});

describe('walkDirectories', () => {
  it('gives each directory with what is in it, in the order of walkTree', () => {
    const walked = [...walkDirectories(view, '/')];
    expect(walked.map(({ path, children }) => [path, children.map((child) => child.path)])).toEqual([
      ['/', ['/a', '/b', '/bad', '/boot', '/c']],
      ['/b', ['/b/x']],
      ['/bad', []],
      ['/boot', ['/boot/vmlinuz']],
    ]);
    expect(walked.filter(({ error }) => error)).toMatchObject([{ path: '/bad', error: damage }]);
    expect([...walkDirectories(view, '/a')]).toMatchObject([{ path: '/a', children: [{ path: '/a/x' }] }]);
    expect([...walkDirectories(view, '/none')]).toEqual([]);
  });
});
