import { describe, expect, it } from 'vitest';
import { ImageError } from '../../../src/errors.ts';
import { FactStore } from '../../../src/facts/fact-store.ts';
import { MemoryFileSystem, type MemoryTree } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { RootView } from '../../../src/root/root-view.ts';

const read = (tree: MemoryTree) =>
  new FactStore(new RootView([{ path: '/', fileSystem: new MemoryFileSystem(tree) }], defaultLimits), {
    label: 'disk',
    sideFiles: [],
  }).get('sudoers');

describe('sudoers', () => {
  it('is read with its includes, less the names sudo passes over', () => {
    const { files, ignored } = read({
      '/etc/sudoers': '@include local\n#includedir /etc/sudoers.d\n# include nothing\n',
      '/etc/local': 'Defaults env_reset\n',
      '/etc/sudoers.d/b': 'x ALL=ALL\n',
      '/etc/sudoers.d/b~': 'x ALL=ALL\n',
      '/etc/sudoers.d/b.conf': 'x ALL=ALL\n',
    }).value;
    expect(files.map(({ path }) => path)).toEqual(['/etc/sudoers', '/etc/local', '/etc/sudoers.d/b']);
    expect(ignored.map(({ path }) => path)).toEqual(['/etc/sudoers.d/b.conf', '/etc/sudoers.d/b~']);
  });

  it.each([
    ['root ALL=(ALL:ALL) ALL', { who: 'root', isPasswordless: false, isForAll: true }],
    ['%wheel ALL=(ALL) NOPASSWD: ALL # all', { who: '%wheel', isPasswordless: true, isForAll: true }],
    ['a ALL = NOPASSWD: /bin/ls, \\\n  ALL', { who: 'a', isPasswordless: true, isForAll: true }],
    ['#1000 ALL=NOPASSWD: /bin/ALL', { who: '#1000', isPasswordless: true, isForAll: false }],
  ])('%j', (line, rule) => {
    expect(read({ '/etc/sudoers': `${line}\n` }).value.rules).toMatchObject([rule]);
  });

  it('has no rules in aliases, defaults and comments', () => {
    const text = 'User_Alias A = a, b\nDefaults:a !authenticate\nCmnd_Alias C = ALL\n# a ALL=ALL\n';
    expect(read({ '/etc/sudoers': text }).value.rules).toEqual([]);
  });

  it('ends where files include each other, and has a gap for what cannot be read', () => {
    expect(read({ '/etc/sudoers': '@include /etc/sudoers\n' }).value.files).toHaveLength(1);
    const error = new ImageError('corrupt', 'ext4/bad-extent', 'damaged');
    expect(read({ '/etc/sudoers': { text: 'x', error } })).toMatchObject({
      value: { state: 'present' },
      gaps: [{ cause: { code: 'ext4/bad-extent' } }],
    });
    expect(read({}).value.state).toBe('missing');
  });
});
