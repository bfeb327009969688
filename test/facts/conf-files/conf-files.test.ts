import { describe, expect, test } from 'vitest';
import { ImageError } from '../../../src/errors.ts';
import { confDirectories, listConfFiles, readConfTexts } from '../../../src/facts/conf-files/conf-files.ts';
import { MemoryFileSystem, type MemoryTree } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { RootView } from '../../../src/root/root-view.ts';

function viewOf(tree: MemoryTree): RootView {
  return new RootView([{ path: '/', fileSystem: new MemoryFileSystem(tree, 'image') }], defaultLimits);
}

function listed(tree: MemoryTree) {
  return listConfFiles(viewOf(tree), confDirectories('x.d'), '.conf');
}

describe('listConfFiles', () => {
  test('sorts by the bytes of the base name over all directories', () => {
    const { files } = listed({
      '/usr/lib/x.d/b.conf': '1',
      '/etc/x.d/c.conf': '1',
      '/run/x.d/B.conf': '1',
      '/usr/local/lib/x.d/a.conf': '1',
      '/etc/x.d/\u00e4.conf': '1',
    });
    expect(files.map(({ path }) => path)).toEqual([
      '/run/x.d/B.conf',
      '/usr/local/lib/x.d/a.conf',
      '/usr/lib/x.d/b.conf',
      '/etc/x.d/c.conf',
      '/etc/x.d/\u00e4.conf',
    ]);
  });

  test('the first directory wins by name and the loser is named with the winner', () => {
    const { files, masked } = listed({
      '/usr/lib/x.d/a.conf': 'low',
      '/run/x.d/a.conf': 'mid',
      '/etc/x.d/a.conf': 'top',
    });
    expect(files).toEqual([
      { name: 'a.conf', path: '/etc/x.d/a.conf', kind: 'text', location: { source: 'image', path: '/etc/x.d/a.conf' } },
    ]);
    const by = { source: 'image', path: '/etc/x.d/a.conf' };
    expect(masked).toEqual([
      { file: { source: 'image', path: '/run/x.d/a.conf' }, by },
      { file: { source: 'image', path: '/usr/lib/x.d/a.conf' }, by },
    ]);
  });

  test.each([
    ['null', { link: '/dev/null' }],
    ['null', { link: '../../dev/null' }],
    ['null', { type: 'character' as const, device: { major: 1, minor: 3 } }],
    ['empty', ''],
    ['dangling', { link: '/nowhere' }],
    ['not-a-file', { directory: true }],
    ['not-a-file', { type: 'fifo' as const }],
  ])('%s hides the file below', (kind, node) => {
    const { files, masked } = listed({ '/usr/lib/x.d/a.conf': 'low', '/etc/x.d/a.conf': node });
    expect(files.map((file) => file.kind)).toEqual([kind]);
    expect(masked.map(({ by }) => by)).toEqual([{ source: 'image', path: '/etc/x.d/a.conf' }]);
  });

  test('a link is followed to the file to edit', () => {
    const { files } = listed({ '/etc/x.d/99.conf': { link: '../x.conf' }, '/etc/x.conf': 'text' });
    expect(files[0]?.location).toEqual({ source: 'image', path: '/etc/x.conf' });
  });

  test('/lib that is a link to /usr/lib is not read twice', () => {
    const { files, masked } = listed({ '/lib': { link: 'usr/lib' }, '/usr/lib/x.d/a.conf': 'x' });
    expect(files).toHaveLength(1);
    expect(masked).toEqual([]);
  });

  test('passes over other suffixes and hidden files', () => {
    expect(listed({ '/etc/x.d/a.conf.bak': '1', '/etc/x.d/README': '1', '/etc/x.d/.a.conf': '1' }).files).toEqual([]);
  });

  test('an unreadable directory is a gap, the others are still listed', () => {
    const error = new ImageError('corrupt', 'ext4/bad-checksum', 'bad checksum');
    const { files, gaps } = listed({ '/etc/x.d': { directory: true, error }, '/usr/lib/x.d/a.conf': 'x' });
    expect(files).toHaveLength(1);
    expect(gaps).toEqual([
      {
        cause: {
          level: 'damage',
          code: 'ext4/bad-checksum',
          message: 'bad checksum',
          location: { source: 'image', path: '/etc/x.d' },
        },
      },
    ]);
  });

  test('an unreadable file is a gap', () => {
    const error = new ImageError('truncated', 'bytes/truncated', 'cut off');
    const view = viewOf({ '/etc/x.d/a.conf': { text: 'x', error }, '/etc/x.d/b.conf': 'y' });
    const { texts, gaps } = readConfTexts(view, listConfFiles(view, ['/etc/x.d'], '.conf').files);
    expect(texts.map(({ text }) => text)).toEqual(['y']);
    expect(gaps.map(({ cause }) => cause.code)).toEqual(['bytes/truncated']);
  });
});
