import { describe, expect, it } from 'vitest';
import { ImageError } from '../../src/errors.ts';
import type { MemoryTree } from '../../src/filesystems/memory.ts';
import { MemoryFileSystem } from '../../src/filesystems/memory.ts';
import { defaultLimits } from '../../src/limits.ts';
import { RootView } from '../../src/root/root-view.ts';
import { UnreadableFileSystem } from '../../src/root/unreadable-file-system.ts';

const viewOf = (tree: MemoryTree): RootView =>
  new RootView([{ path: '/', fileSystem: new MemoryFileSystem(tree, 'image') }], defaultLimits);
const damage = new ImageError('corrupt', 'test/damage', 'the directory is damaged');

const merged = viewOf({
  '/usr/lib/systemd/system/k3s.service': 'unit',
  '/usr/share': { directory: true },
  '/lib': { link: 'usr/lib' },
  '/etc/systemd/system/alias.service': { link: '/lib/systemd/system/k3s.service' },
  '/etc/mtab': { link: '../proc/self/mounts' },
  '/etc/up': { link: '../../../../etc/passwd' },
  '/etc/passwd': 'root:x:0:0',
  '/a': { link: 'b' },
  '/b': { link: '/a' },
  '/into-file': { link: '/etc/passwd/x' },
  '/dir-link': { link: 'usr/lib/' },
  '/file-link-slash': { link: 'etc/passwd/' },
  '/void': { link: '' },
  '/damaged': { directory: true, error: damage },
});

describe('resolve', () => {
  it.each([
    ['/lib/systemd/system/k3s.service', '/usr/lib/systemd/system/k3s.service', 1],
    ['/etc/systemd/system/alias.service', '/usr/lib/systemd/system/k3s.service', 2],
    ['/etc/up', '/etc/passwd', 1],
    ['/../../etc/passwd', '/etc/passwd', 0],
    ['//etc/./systemd/../passwd', '/etc/passwd', 0],
    ['etc/passwd', '/etc/passwd', 0],
    ['/lib/../share/../../etc', '/etc', 1],
    ['/dir-link/systemd', '/usr/lib/systemd', 1],
    ['/', '/', 0],
    ['', '/', 0],
    ['/lib/', '/usr/lib', 1],
  ])('%s is %s', (path, canonical, links) => {
    const found = merged.resolve(path);
    expect(found).toMatchObject({ state: 'found', path: canonical });
    expect(found.links).toHaveLength(links);
  });

  it.each([
    ['/etc/shadow', 'missing', '/etc/shadow'],
    ['/etc/no/such/./thing', 'missing', '/etc/no/such/thing'],
    ['/etc/mtab', 'dangling', '/proc/self/mounts'],
    ['/etc/mtab/more', 'dangling', '/proc/self/mounts/more'],
    ['/lib/none', 'missing', '/usr/lib/none'],
    ['/etc/passwd/x', 'not-a-directory', '/etc/passwd'],
    ['/etc/passwd/', 'not-a-directory', '/etc/passwd'],
    ['/etc/passwd/.', 'not-a-directory', '/etc/passwd'],
    ['/etc/passwd/..', 'not-a-directory', '/etc/passwd'],
    ['/into-file', 'not-a-directory', '/etc/passwd'],
    ['/file-link-slash', 'not-a-directory', '/etc/passwd'],
    ['/void', 'dangling', '/void'],
    ['/a', 'loop', '/a'],
    ['/a/x', 'loop', '/a'],
  ])('%s is not there: %s', (path, reason, where) => {
    expect(merged.resolve(path)).toMatchObject({ state: 'missing', reason, path: where });
  });

  it('shows the last link itself when asked to follow parents only, unless a slash follows it', () => {
    expect(merged.resolve('/lib', 'parents')).toMatchObject({ path: '/lib', links: [] });
    expect(merged.resolve('/a', 'parents')).toMatchObject({ state: 'found', path: '/a' });
    expect(merged.resolve('/lib/', 'parents')).toMatchObject({ state: 'found', path: '/usr/lib' });
    expect(merged.readLink('/etc/systemd/system/alias.service')).toBe('/lib/systemd/system/k3s.service');
    expect(merged.lstat('/lib')?.type).toBe('symlink');
    expect(merged.stat('/lib')?.type).toBe('directory');
    expect(merged.readLink('/etc/passwd')).toBeUndefined();
  });

  it('follows as many links as the limit says, and not one more', () => {
    const tree: Record<string, string | { link: string }> = { '/l0': 'end' };
    for (let i = 1; i <= 41; i++) tree[`/l${i}`] = { link: `l${i - 1}` };
    const view = viewOf(tree);
    expect(view.resolve('/l40').state).toBe('found');
    expect(view.resolve('/l41')).toMatchObject({ state: 'missing', reason: 'loop' });
  });

  it('counts the links of remembered directories too', () => {
    const tree: Record<string, { link: string } | { directory: boolean }> = { '/d0': { directory: true } };
    for (let i = 1; i <= 30; i++) tree[`/d${i}`] = { link: `d${i - 1}` };
    for (let i = 1; i <= 30; i++) tree[`/d0/e${i}`] = { link: i === 1 ? '.' : `e${i - 1}` };
    const view = viewOf(tree);
    expect(view.resolve('/d30/x')).toMatchObject({ reason: 'missing' });
    expect(view.resolve('/d30/e10').state).toBe('found');
    expect(view.resolve('/d30/e11')).toMatchObject({ reason: 'loop' });
  });

  it('answers the same when asked again, in any order', () => {
    const paths = [
      '/lib/systemd/system',
      '/lib/systemd/system/k3s.service',
      '/lib',
      '/etc/mtab',
      '/etc/passwd/x',
      '/a',
    ];
    const first = paths.map((path) => merged.resolve(path));
    expect([...paths].reverse().map((path) => merged.resolve(path))).toEqual(first.reverse());
  });
});

describe('damage', () => {
  it('is unreadable, never absent', () => {
    expect(merged.resolve('/damaged/x/y')).toMatchObject({ state: 'unreadable', path: '/damaged/x/y', error: damage });
    expect(merged.exists('/damaged/x')).toBe('unreadable');
    expect(merged.exists('/damaged')).toBe('yes');
    expect(() => merged.list('/damaged')).toThrow(damage);
    expect(() => merged.readText('/damaged/x')).toThrow(damage);
  });
});

describe('mounts', () => {
  const esp = new MemoryFileSystem({ '/EFI/Linux/linux.efi': 'MZ', '/vmlinuz-6.1': 'kernel' }, 'disk!p1');
  const root = new MemoryFileSystem(
    {
      '/boot': { directory: true },
      '/boot/hidden': 'below the mount',
      '/vmlinuz': { link: 'boot/vmlinuz-6.1' },
      '/data/var/token': 'secret',
    },
    'disk!p2',
  );
  const view = new RootView(
    [
      { path: '/', fileSystem: root },
      { path: '/boot', fileSystem: esp },
      { path: '/srv', fileSystem: root, node: root.lookup(root.root, 'data') as number, innerPath: '/data' },
    ],
    defaultLimits,
  );

  it('cover what lies below them', () => {
    expect(view.exists('/boot/hidden')).toBe('no');
    expect(view.list('/boot')?.map(({ name }) => name)).toEqual(['EFI', 'vmlinuz-6.1']);
    expect(view.readText('/vmlinuz')).toBe('kernel');
  });

  it('go back up to the directory they are mounted in', () => {
    expect(view.resolve('/boot/EFI/../../vmlinuz')).toMatchObject({ path: '/boot/vmlinuz-6.1' });
    expect(view.resolve('/boot/..')).toMatchObject({ path: '/' });
  });

  it('appear in their parent even where it has no such entry', () => {
    expect(view.list('/')?.map(({ name }) => name)).toEqual(['boot', 'data', 'srv', 'vmlinuz']);
  });

  it('that cannot be read hide everything below them, but not what is mounted there', () => {
    const locked = new UnreadableFileSystem('disk!p3', damage);
    const mounts = [
      { path: '/', fileSystem: root },
      { path: '/boot', fileSystem: locked },
    ];
    const withLocked = new RootView([...mounts, { path: '/boot/efi', fileSystem: esp }], defaultLimits);
    expect(withLocked.exists('/boot')).toBe('yes');
    expect(withLocked.exists('/boot/hidden')).toBe('unreadable');
    expect(withLocked.exists('/vmlinuz')).toBe('unreadable');
    expect(withLocked.exists('/boot/efi/vmlinuz-6.1')).toBe('yes');
    expect(withLocked.resolve('/boot/..')).toMatchObject({ path: '/' });
    expect(() => withLocked.list('/boot')).toThrow(damage);
    expect(() => withLocked.stat('/boot')).toThrow(damage);
    expect(withLocked.list('/')?.map(({ name }) => name)).toContain('boot');
  });

  it('carry their standing', () => {
    const made = { path: '/boot', fileSystem: esp, standing: 'declared' } as const;
    const withMade = new RootView([{ path: '/', fileSystem: root }, made], defaultLimits);
    expect(withMade.resolve('/boot/vmlinuz-6.1')).toMatchObject({ standing: 'declared' });
    expect(withMade.resolve('/data')).toMatchObject({ standing: 'present' });
  });

  it('name the file system and the path inside it', () => {
    expect(view.locate('/vmlinuz', 3)).toEqual({ source: 'disk!p1', path: '/vmlinuz-6.1', line: 3 });
    expect(view.locate('/boot/none/x')).toEqual({ source: 'disk!p1', path: '/none/x' });
    expect(view.locate('/none')).toEqual({ source: 'disk!p2', path: '/none' });
    expect(view.locate('/srv/var/token')).toEqual({ source: 'disk!p2', path: '/data/var/token' });
    expect(view.locate('/srv/none')).toEqual({ source: 'disk!p2', path: '/data/none' });
  });
});

describe('reading', () => {
  it('refuses a text over the limit, and keeps bytes that are not UTF-8 apart', () => {
    const view = new RootView(
      [{ path: '/', fileSystem: new MemoryFileSystem({ '/long': '12345', '/bytes': Uint8Array.of(0x61, 0xff) }) }],
      { ...defaultLimits, textBytes: 4 },
    );
    expect(() => view.readText('/long')).toThrow(/textBytes/);
    expect(view.readText('/bytes')).toBe('a\udcff');
    expect(view.readText('/')).toBeUndefined();
    expect(view.readText('/none')).toBeUndefined();
    expect(() => view.open('/none')).toThrow(/there is no \/none/);
  });

  it('lists names in the order of their bytes', () => {
    const view = viewOf({ '/b': '', '/B': '', '/ä': '', '/a.b': '', '/a': '' });
    expect(view.list('/')?.map(({ name }) => name)).toEqual(['B', 'a', 'a.b', 'b', 'ä']);
    expect(view.list('/a')).toBeUndefined();
  });

  it('needs a root', () => {
    expect(() => new RootView([], defaultLimits)).toThrow(/mounted at/);
  });
});
