/** What dpkg recorded of packages: lists, diversions, checksums, dependencies, scripts. */
import { describe, expect, it } from 'vitest';
import { ImageError } from '../../../src/errors.ts';
import type { FactId } from '../../../src/facts/fact.ts';
import { FactStore } from '../../../src/facts/fact-store.ts';
import { parseDepends } from '../../../src/facts/packages/dependencies-reader.ts';
import { MemoryFileSystem, type MemoryTree } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { RootView } from '../../../src/root/root-view.ts';

const stanza = (name: string, more = '') =>
  `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n${more}\n`;

function read<K extends FactId>(fact: K, tree: MemoryTree) {
  const view = new RootView([{ path: '/', fileSystem: new MemoryFileSystem(tree) }], defaultLimits);
  return new FactStore(view, { label: 'disk', sideFiles: [] }).get(fact);
}

const damaged = { text: 'x', error: new ImageError('corrupt', 'ext4/bad-extent', 'damaged') };
const info = '/var/lib/dpkg/info';

describe('package-files', () => {
  it('are the lists, with the architecture in the name where dpkg writes it, and the diversions', () => {
    const { value, gaps } = read('package-files', {
      '/var/lib/dpkg/status': stanza('a') + stanza('b') + stanza('c'),
      [`${info}/a.list`]: '/.\n/usr\n/usr/bin/a\n',
      [`${info}/b:amd64.list`]: '/.\n/usr/lib/b\n',
      '/var/lib/dpkg/diversions': '/x\n/x.real\na\n/y\n/y.real\n:\n',
    });
    expect(value.lists.map(({ name, paths }) => [name, paths])).toEqual([
      ['a', ['/usr', '/usr/bin/a']],
      ['b', ['/usr/lib/b']],
    ]);
    expect({ ...value.diversions }).toEqual({ '/x': { to: '/x.real', by: 'a' }, '/y': { to: '/y.real', by: ':' } });
    expect(gaps).toEqual([]);
  });

  it('have a gap for a list that cannot be read, and for packages that cannot be told', () => {
    const tree = { '/var/lib/dpkg/status': stanza('a') + stanza('b'), [`${info}/a.list`]: damaged };
    expect(read('package-files', tree).gaps).toMatchObject([{ keys: ['a'] }]);
    expect(read('package-files', { '/var/lib/dpkg/status': damaged }).gaps).toHaveLength(1);
  });
});

describe('package-sums', () => {
  const empty = 'd41d8cd98f00b204e9800998ecf8427e';

  it('are of the file that the package installed, diverted or not', () => {
    const { value } = read('package-sums', {
      '/var/lib/dpkg/status': stanza('a') + stanza('b'),
      [`${info}/a.list`]: '/usr/bin/a\n/usr/bin/b\n',
      [`${info}/a.md5sums`]: `${empty}  usr/bin/a\n${empty}  usr/bin/b\n${empty}  usr/bin/gone\n`,
      [`${info}/b.list`]: '/usr/bin/a\n',
      [`${info}/b.md5sums`]: `${empty}  usr/bin/a\n`,
      '/var/lib/dpkg/diversions': '/usr/bin/a\n/usr/bin/a.real\nb\n',
      '/usr/bin/a': 'changed',
      '/usr/bin/a.real': '',
      '/usr/bin/b': '',
    });
    expect(value.files).toBe(3);
    expect(value.changed).toEqual([
      {
        path: '/usr/bin/a',
        package: 'b',
        recorded: empty,
        // printf changed | md5sum
        found: '8977dfac2f8e04cb96e66882235f5aba',
        location: { source: 'memory', path: '/usr/bin/a' },
      },
    ]);
  });

  it('have a gap for a file that cannot be read', () => {
    const { gaps } = read('package-sums', {
      '/var/lib/dpkg/status': stanza('a'),
      [`${info}/a.list`]: '/usr/bin/a\n',
      [`${info}/a.md5sums`]: `${empty}  usr/bin/a\n`,
      '/usr/bin/a': damaged,
    });
    expect(gaps).toMatchObject([{ keys: ['/usr/bin/a'] }]);
  });
});

describe('dependencies', () => {
  it.each([
    [
      'libc6 (>= 2.38), perl:any',
      [[{ name: 'libc6', relation: '>=', version: '2.38' }], [{ name: 'perl', architecture: 'any' }]],
    ],
    ['a | b (<<1),\n c', [[{ name: 'a' }, { name: 'b', relation: '<<', version: '1' }], [{ name: 'c' }]]],
    ['', []],
    ['$x, ()', []],
  ])('%j', (field, parsed) => {
    expect(parseDepends(field)).toEqual(parsed);
  });

  it('are those of installed packages only', () => {
    const half = stanza('b', 'Depends: c\n').replace('ok installed', 'ok half-installed');
    const { packages } = read('dependencies', {
      '/var/lib/dpkg/status': stanza('a', 'Pre-Depends: x\nDepends: y,\n z\nProvides: q (= 1)\n') + half,
    }).value;
    expect(packages).toMatchObject([
      {
        name: 'a',
        depends: [[{ name: 'x' }], [{ name: 'y' }], [{ name: 'z' }]],
        provides: [{ name: 'q', version: '1' }],
      },
    ]);
  });
});

describe('maintainer-scripts', () => {
  it('are read with their package and kind, and what cannot be read is a gap', () => {
    const { value, gaps } = read('maintainer-scripts', {
      '/var/lib/dpkg/status': stanza('a'),
      [`${info}/a.postinst`]: '#!/bin/sh\n',
      [`${info}/libb:amd64.prerm`]: '#!/bin/sh\n',
      [`${info}/a.list`]: '/.\n',
      [`${info}/c.config`]: damaged,
    });
    expect(value.scripts.map((one) => [one.package, one.kind])).toEqual([
      ['a', 'postinst'],
      ['libb', 'prerm'],
    ]);
    expect(gaps).toMatchObject([{ keys: [`${info}/c.config`] }]);
  });
});

describe('readable-texts', () => {
  it('are small files that others can reach, each once', () => {
    const { value, gaps } = read('readable-texts', {
      '/etc/a': 'x',
      '/etc/b': { text: 'x', mode: 0o640 },
      '/etc/c': { link: '/nix/store/x-c/c' },
      '/nix/store/x-c/c': 'x',
      '/etc/d': { directory: true, mode: 0o700 },
      '/etc/d/e': 'x',
      '/etc/f': 'x'.repeat(70_000),
      '/etc/g': damaged,
      '/usr/share/h': 'x',
    });
    expect(value.files.map(({ path }) => path)).toEqual(['/etc/a', '/nix/store/x-c/c']);
    expect(gaps).toMatchObject([{ keys: ['/etc/g'] }]);
  });
});
