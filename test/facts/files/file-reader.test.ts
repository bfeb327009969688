import { describe, expect, it } from 'vitest';
import { ImageError } from '../../../src/errors.ts';
import { FactStore } from '../../../src/facts/fact-store.ts';
import { MemoryFileSystem, type MemoryTree } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { RootView } from '../../../src/root/root-view.ts';

const damage = new ImageError('corrupt', 'test/damage', 'the inode is damaged');
const storeOf = (tree: MemoryTree): FactStore =>
  new FactStore(new RootView([{ path: '/', fileSystem: new MemoryFileSystem(tree, 'p2') }], defaultLimits), {
    label: 'image',
    sideFiles: [],
  });
const facts = storeOf({
  '/usr/bin/ping': {
    text: 'ELF',
    mode: 0o4755,
    uid: 1,
    gid: 2,
    xattrs: { 'security.capability': Buffer.from('0100000200200000000000000000000000000000', 'hex') },
  },
  '/usr/bin/odd': { text: 'ELF', xattrs: { 'security.capability': Uint8Array.of(1, 2) } },
  '/bin': { link: 'usr/bin' },
  '/usr/bin/p': { link: 'ping' },
  '/etc/mtab': { link: '../proc/self/mounts' },
  '/loop': { link: 'loop' },
  '/damaged': { directory: true, error: damage },
  '/etc/hostname': 'node',
  '/etc/locked': { error: damage },
});
const file = (path: string) => facts.get('file', path);

describe('the fact file', () => {
  it('says what stat and getcap say, links followed', () => {
    expect(file('/bin/p')).toEqual({
      value: {
        path: '/bin/p',
        state: 'present',
        link: {
          type: 'symlink',
          mode: 0o777,
          uid: 0,
          gid: 0,
          size: 4,
          links: 1,
          location: { source: 'p2', path: '/usr/bin/p' },
          target: 'ping',
        },
        stat: {
          type: 'file',
          mode: 0o4755,
          uid: 1,
          gid: 2,
          size: 3,
          links: 1,
          capabilities: 'cap_net_raw=ep',
          location: { source: 'p2', path: '/usr/bin/ping' },
        },
        resolved: '/usr/bin/ping',
        identity: expect.stringMatching(/^p2#\d+$/),
        links: [
          { path: '/bin', target: 'usr/bin' },
          { path: '/usr/bin/p', target: 'ping' },
        ],
        standing: 'present',
        location: { source: 'p2', path: '/usr/bin/ping' },
      },
      diagnostics: [],
      gaps: [],
    });
    expect(file('/bin/p').value.identity).toBe(file('/usr/bin/ping').value.identity);
  });

  it.each([
    ['/etc/none', 'missing', '/etc/none'],
    ['/etc/mtab', 'dangling', '/proc/self/mounts'],
    ['/loop', 'loop', '/loop'],
    ['/etc/hostname/x', 'not-a-directory', '/etc/hostname'],
  ])('%s is missing: %s', (path, reason, resolved) => {
    expect(file(path)).toMatchObject({ value: { state: 'missing', reason, resolved }, gaps: [] });
  });

  it('keeps the link of what is missing behind it', () => {
    expect(file('/etc/mtab').value.link?.target).toBe('../proc/self/mounts');
    expect(file('/etc/none').value.link).toBeUndefined();
  });

  it('is unreadable where damage hides it, and names itself in the gap', () => {
    expect(file('/damaged/x')).toMatchObject({
      value: { state: 'unreadable', reason: 'the inode is damaged', resolved: '/damaged/x' },
      gaps: [{ cause: { code: 'test/damage', location: { path: '/damaged/x' } }, keys: ['/damaged/x'] }],
    });
  });

  it('does not take damaged capabilities for none', () => {
    const { value, gaps } = file('/usr/bin/odd');
    expect(value.stat).toMatchObject({ capabilitiesUnknown: true });
    expect(gaps).toMatchObject([{ keys: ['/usr/bin/odd'] }]);
  });
});

describe('the fact text', () => {
  const text = (path: string) => facts.get('text', path);

  it.each([
    ['/etc/hostname', { state: 'present', text: 'node' }],
    ['/etc/none', { state: 'missing' }],
    ['/etc', { state: 'missing', reason: 'it is a directory, not a regular file' }],
    ['/etc/mtab', { state: 'missing' }],
  ])('of %s', (path, value) => {
    expect(text(path)).toMatchObject({ value, gaps: [] });
  });

  it('is unreadable where damage hides it', () => {
    expect(text('/etc/locked')).toMatchObject({
      value: { state: 'unreadable', reason: 'the inode is damaged' },
      gaps: [{ keys: ['/etc/locked'] }],
    });
  });
});
