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
  }).get('sshd');

const values = (tree: MemoryTree) =>
  Object.fromEntries(Object.entries(read(tree).value.settings).map(([name, { value }]) => [name, value]));

describe('the settings of sshd', () => {
  it('are the first of each keyword, includes read where they stand, in the order of their names', () => {
    expect(
      values({
        '/etc/ssh/sshd_config': '# Port 1\nX11Forwarding = yes\nInclude sshd_config.d/*.conf\nPort 22\nPort 23\n',
        '/etc/ssh/sshd_config.d/b.conf': 'Port 2222\n',
        '/etc/ssh/sshd_config.d/a.conf': 'Port 2221 # the one\n',
        '/etc/ssh/sshd_config.d/a.txt': 'Port 1\n',
      }),
    ).toEqual({ x11forwarding: 'yes', port: '2221' });
  });

  it('keep those behind a Match apart, to the end of the file that begins it', () => {
    const { settings, matched } = read({
      '/etc/ssh/sshd_config': 'Include a.conf\nUsePAM yes\nMatch all\nBanner none\nMatch User x\nUsePAM no\n',
      '/etc/ssh/a.conf': 'Match Group y\nUseDNS no\n',
    }).value;
    expect(Object.keys(settings)).toEqual(['usepam', 'banner']);
    expect(matched.map(({ keyword, condition }) => [keyword, condition])).toEqual([
      ['usedns', 'Group y'],
      ['usepam', 'User x'],
    ]);
  });

  it('end where files include themselves', () => {
    const { value, gaps } = read({ '/etc/ssh/sshd_config': 'Port 1\nInclude /etc/ssh/sshd_config\n' });
    expect(value.settings.port?.value).toBe('1');
    expect(gaps).toMatchObject([{ cause: { code: 'sshd/include-depth' } }]);
  });

  it('end where includes multiply', () => {
    const many = Array.from({ length: 50 }, () => 'sshd_config').join(' ');
    expect(read({ '/etc/ssh/sshd_config': `Include ${many}\n` }).gaps[0]?.cause.code).toBe('sshd/include-depth');
  });

  it('have a gap where a file cannot be read, and say when there is none', () => {
    const error = new ImageError('corrupt', 'ext4/bad-extent', 'damaged');
    expect(read({ '/etc/ssh/sshd_config': { text: 'x', error } }).gaps).toHaveLength(1);
    expect(read({})).toMatchObject({ value: { state: 'missing' }, gaps: [] });
  });
});
