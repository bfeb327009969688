import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ImageError } from '../../../src/errors.ts';
import type { FactContext, SideFile } from '../../../src/facts/fact.ts';
import { packagesReader } from '../../../src/facts/packages/packages-reader.ts';
import { MemoryFileSystem, type MemoryTree } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { RootView } from '../../../src/root/root-view.ts';

interface RecordedDatabase {
  readonly name: string;
  readonly status: string;
  readonly updates: Readonly<Record<string, string>>;
  readonly refused: boolean;
  readonly packages: readonly string[];
}

const recorded = JSON.parse(
  readFileSync(new URL('../../fixtures/packages/status.json', import.meta.url), 'utf8'),
) as RecordedDatabase[];

function read(tree: MemoryTree, sideFiles: readonly SideFile[] = []) {
  const view = new RootView([{ path: '/', fileSystem: new MemoryFileSystem(tree) }], defaultLimits);
  const context: FactContext = {
    image: { label: 'image', sideFiles },
    share: (_name, make) => make(),
    get: () => {
      throw new Error('packages needs no other fact');
    },
  };
  return packagesReader.read(view, context, '');
}

const stanza = (name: string, version: string, status = 'install ok installed'): string =>
  `Package: ${name}\nStatus: ${status}\nArchitecture: amd64\nVersion: ${version}\n\n`;

describe('the dpkg database', () => {
  it.each(recorded)('$name: as dpkg-query', ({ status, updates, refused, packages }) => {
    const tree: Record<string, string> = { '/var/lib/dpkg/status': status };
    for (const [name, text] of Object.entries(updates)) tree[`/var/lib/dpkg/updates/${name}`] = text;
    const { value, gaps } = read(tree);
    expect(value.database).toBe('dpkg');
    expect(gaps.length > 0).toBe(refused);
    if (refused) return;
    const listed = value.packages.map((p) => `${p.name}|${p.version}|${p.architecture}|${p.status}`);
    expect(listed.sort()).toEqual([...packages].sort());
  });

  it('gives each package the line of its stanza', () => {
    const { value } = read({ '/var/lib/dpkg/status': stanza('a', '1') + stanza('b', '2') });
    expect(value.packages.map(({ name, location }) => [name, location.path, location.line])).toEqual([
      ['a', '/var/lib/dpkg/status', 1],
      ['b', '/var/lib/dpkg/status', 6],
    ]);
  });

  it('names the line a damaged database breaks at', () => {
    const { gaps, value } = read({ '/var/lib/dpkg/status': `${stanza('a', '1')}\0\0\0\0\n` });
    expect(gaps.map(({ cause }) => [cause.code, cause.location?.line])).toEqual([['packages/bad-status', 6]]);
    expect(value.packages.map(({ name }) => name)).toEqual(['a']);
  });

  it('falls back to the immutable copy of an image with an empty /var', () => {
    const { value, gaps } = read({
      '/var/lib': { directory: true },
      '/usr/share/immutable-data/var/lib/dpkg/status': stanza('k3s-server', '1.32.5'),
    });
    expect(gaps).toEqual([]);
    expect(value.database).toBe('dpkg-immutable');
    expect(value.packages.map(({ version }) => version)).toEqual(['1.32.5']);
    expect(value.databaseLocation?.path).toBe('/usr/share/immutable-data/var/lib/dpkg/status');
  });

  it('reads distroless status.d, where a package has no status and sums lie beside it', () => {
    const { value, gaps } = read({
      '/var/lib/dpkg/status.d/base': 'Package: base-files\nVersion: 12\nArchitecture: arm64\n',
      '/var/lib/dpkg/status.d/base.md5sums': 'd41d8cd98f00b204e9800998ecf8427e  etc/x\n',
    });
    expect(gaps).toEqual([]);
    expect(value.packages.map(({ name, status }) => [name, status])).toEqual([['base-files', 'installed']]);
  });

  it.each<[string, MemoryTree]>([
    ['cannot be read', { '/var/lib/dpkg/status': { error: new ImageError('corrupt', 'ext4/bad-block', 'bad') } }],
    ['cannot be reached', { '/var/lib/dpkg': { directory: true, error: new ImageError('corrupt', 'ext4/x', 'bad') } }],
    ['is a directory', { '/var/lib/dpkg/status': { directory: true } }],
    ['is lost while info/ is there', { '/var/lib/dpkg/info/a.list': '/.\n' }],
    ['is a Nix store', { '/nix/store/x-k3s/bin/k3s': '' }],
  ])('is a gap, never no packages, when it %s', (_what, tree) => {
    expect(read(tree).gaps).toHaveLength(1);
  });

  it('is none, without a gap, where there is nothing of dpkg', () => {
    const { value, gaps } = read({ '/etc/hostname': 'x' });
    expect([value.database, value.packages, gaps]).toEqual(['none', [], []]);
  });
});

describe('lists beside the image', () => {
  it('reads the four fields of a manifest, the architecture as part of the name', () => {
    const text = 'glibc|2.41-12|libc6:amd64|2.41-12\nk3s|1.35.0|k3s-server|1.35.0\n\nbroken|line\n';
    const { value, diagnostics } = read({}, [{ kind: 'manifest', name: 'x.manifest', text }]);
    expect(value.beside[0]?.packages).toEqual([
      { name: 'libc6', version: '2.41-12', architecture: 'amd64', line: 1 },
      { name: 'k3s-server', version: '1.35.0', architecture: '', line: 2 },
    ]);
    expect(diagnostics.map(({ level, location }) => [level, location])).toEqual([
      ['damage', { source: 'x.manifest', line: 4 }],
    ]);
  });

  it('takes from a status copy only what is installed', () => {
    const text = stanza('a', '1') + stanza('b', '2', 'deinstall ok config-files');
    const { value } = read({}, [{ kind: 'dpkg-status', name: 'x.dpkg_status', text }]);
    expect(value.beside[0]?.packages.map(({ name }) => name)).toEqual(['a']);
  });
});
