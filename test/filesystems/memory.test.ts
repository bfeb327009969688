/** The file system in memory keeps the contract that every format keeps. */
import { MemoryFileSystem } from '../../src/filesystems/memory.ts';
import { describeConformance } from './conformance.ts';

const hash = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

describeConformance(
  'memory',
  () =>
    new MemoryFileSystem({
      '/etc/test': { text: 'test', mode: 0o600, uid: 7, xattrs: { 'user.a': Uint8Array.of(1, 2) } },
      '/etc/empty': '',
      '/etc/link': { link: 'test' },
      '/dev/null': { type: 'character', device: { major: 1, minor: 3 } },
      '/\udcff': { type: 'fifo' },
    }),
  {
    '/': { type: 'directory', mode: '0755', links: 4 },
    '/etc': { type: 'directory' },
    '/etc/test': { type: 'file', mode: '0600', uid: 7, size: 4, sha256: hash, xattrs: { 'user.a': '0102' } },
    '/etc/empty': { type: 'file', size: 0, xattrs: {} },
    '/etc/link': { type: 'symlink', target: 'test', size: 4 },
    '/dev': { type: 'directory' },
    '/dev/null': { type: 'character', device: '1:3' },
    '/\udcff': { type: 'fifo' },
  },
);
