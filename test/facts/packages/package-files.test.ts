import { describe, expect, it } from 'vitest';
import { readPackagePaths, readPackageSums } from '../../../src/facts/packages/package-files.ts';
import { MemoryFileSystem } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { RootView } from '../../../src/root/root-view.ts';

const info = '/var/lib/dpkg/info';
const fileSystem = new MemoryFileSystem({
  [`${info}/kmod.list`]: '/.\n/usr\n/usr/bin\n/usr/bin/kmod\n',
  [`${info}/libc6:amd64.md5sums`]: 'd41d8cd98f00b204e9800998ecf8427e  usr/lib/x y.so\nnot a sum\n',
});
const view = new RootView([{ path: '/', fileSystem }], defaultLimits);
const database = '/var/lib/dpkg';

describe('files of a package', () => {
  it('lists its paths without the root', () => {
    expect(readPackagePaths(view, database, { name: 'kmod', architecture: 'amd64' })).toEqual([
      '/usr',
      '/usr/bin',
      '/usr/bin/kmod',
    ]);
  });

  it('finds the sums of a package that is installed once per architecture', () => {
    const sums = readPackageSums(view, database, { name: 'libc6', architecture: 'amd64' });
    expect([...(sums ?? [])]).toEqual([['/usr/lib/x y.so', 'd41d8cd98f00b204e9800998ecf8427e']]);
  });

  it('says so where dpkg recorded none', () => {
    expect(readPackagePaths(view, database, { name: 'absent', architecture: 'all' })).toBeUndefined();
  });
});
