import { describe, expect, it } from 'vitest';
import { ImageError } from '../../../src/errors.ts';
import { FactStore } from '../../../src/facts/fact-store.ts';
import { MemoryFileSystem, type MemoryTree } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { RootView } from '../../../src/root/root-view.ts';

function readTree(tree: MemoryTree, boot?: MemoryTree, limits = defaultLimits) {
  const mounts = [{ path: '/', fileSystem: new MemoryFileSystem(tree, 'disk!p2') }];
  if (boot) mounts.push({ path: '/boot', fileSystem: new MemoryFileSystem(boot, 'disk!p1') });
  return new FactStore(new RootView(mounts, limits), { label: 'disk', sideFiles: [] }).get('tree');
}

const paths = (result: ReturnType<typeof readTree>) => result.value.entries.map(({ path }) => path);

describe('the tree', () => {
  it('shows every entry once, mounts entered, each at its own place', () => {
    const result = readTree({ '/boot/hidden': 'x', '/etc/passwd': { text: 'root', mode: 0o600 } }, { '/vmlinuz': 'k' });
    expect(paths(result)).toEqual(['/', '/boot', '/boot/vmlinuz', '/etc', '/etc/passwd']);
    expect(result.value.entries[2]?.location).toEqual({ source: 'disk!p1', path: '/vmlinuz' });
    expect(result.value.entries[4]).toMatchObject({ type: 'file', mode: 0o600, uid: 0, size: 4, standing: 'present' });
    expect(result.gaps).toEqual([]);
  });

  it('says where links lead, and how they end', () => {
    const { entries } = readTree(
      {
        '/a': { link: 'b' },
        '/b': { link: '/boot/vmlinuz' },
        '/c': { link: 'c' },
        '/d': { link: 'gone' },
        '/e': { link: '/file/x' },
        '/file': 'x',
      },
      { '/vmlinuz': 'k' },
    ).value;
    expect(entries.flatMap(({ path, link }) => (link ? [[path, link.end, link.resolved]] : []))).toEqual([
      ['/a', 'present', '/boot/vmlinuz'],
      ['/b', 'present', '/boot/vmlinuz'],
      ['/c', 'loop', '/c'],
      ['/d', 'dangling', '/gone'],
      ['/e', 'not-a-directory', '/file'],
    ]);
  });

  it('has a gap for a directory that cannot be read, and goes on behind it', () => {
    const error = new ImageError('corrupt', 'ext4/bad-directory', 'the directory is damaged');
    const result = readTree({ '/bad': { directory: true, error }, '/link': { link: 'bad/x' }, '/z': 'x' });
    expect(paths(result)).toEqual(['/', '/bad', '/link', '/z']);
    expect(result.gaps).toMatchObject([{ cause: { code: 'ext4/bad-directory' }, keys: ['/bad'] }]);
    expect(result.value.entries[2]?.link?.end).toBe('unreadable');
  });

  it('has a gap for a capability that makes no sense', () => {
    const xattrs = { 'security.capability': Uint8Array.of(1, 2, 3) };
    const result = readTree({ '/bin/ping': { text: 'x', mode: 0o755, xattrs } });
    expect(result.gaps).toMatchObject([{ keys: ['/bin/ping'] }]);
    expect(paths(result)).toContain('/bin/ping');
  });

  it('stops at the limit and says so', () => {
    const limits = { ...defaultLimits, fileSystemEntries: 2 };
    const result = readTree({ '/a': 'x', '/b': 'x', '/c': 'x' }, undefined, limits);
    expect(paths(result)).toEqual(['/', '/a']);
    expect(result.gaps).toMatchObject([{ cause: { code: 'limit/fileSystemEntries' } }]);
  });
});
