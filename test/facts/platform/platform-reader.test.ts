import { describe, expect, it } from 'vitest';
import { ImageError } from '../../../src/errors.ts';
import type { ImageFacts } from '../../../src/facts/fact.ts';
import { FactStore } from '../../../src/facts/fact-store.ts';
import { MemoryFileSystem, type MemoryTree } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { RootView } from '../../../src/root/root-view.ts';

function platformOf(tree: MemoryTree, image: Partial<ImageFacts> = {}) {
  const view = new RootView([{ path: '/', fileSystem: new MemoryFileSystem(tree, 'p2') }], defaultLimits);
  return new FactStore(view, { label: 'image', sideFiles: [], ...image }).get('platform');
}
const record = (name: string, architecture = 'amd64'): string =>
  `Package: ${name}\nStatus: install ok installed\nArchitecture: ${architecture}\nVersion: 1\n\n`;
const release = 'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nID=debian\nVERSION_ID="13"\n';
const debian = {
  '/etc/os-release': { link: '../usr/lib/os-release' },
  '/usr/lib/os-release': release,
  '/var/lib/dpkg/status': record('dpkg') + record('libc6') + record('tzdata', 'all'),
} satisfies MemoryTree;
/** The head of an ELF file: class, byte order, machine. */
function elf(machine: number, is64 = true): Uint8Array {
  const bytes = new Uint8Array(64);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, is64 ? 2 : 1, 1, 1]);
  bytes.set([2, 0, machine & 0xff, machine >> 8, 1], 16);
  bytes.set([64], 52);
  return bytes;
}

describe('the platform', () => {
  it('of plain Debian is debian', () => {
    const { value, gaps } = platformOf(debian);
    expect(value).toMatchObject({
      platform: 'debian',
      name: 'Debian GNU/Linux 13 (trixie)',
      architecture: 'amd64',
      osRelease: { ID: 'debian', VERSION_ID: '13' },
      osReleaseLocation: { source: 'p2', path: '/usr/lib/os-release' },
      osReleaseLines: { PRETTY_NAME: 1, ID: 2, VERSION_ID: 3 },
    });
    expect(gaps).toEqual([]);
  });

  it.each([
    [
      'its build fields',
      { '/usr/lib/os-release': `${release}BUILD_ID=v1\nVARIANT="an image"\nVARIANT_VERSION=1\n` },
      '/usr/lib/os-release',
      4,
    ],
    ['an image UUID', { '/usr/lib/os-release': `${release}IMAGE_UUID=x\n` }, '/usr/lib/os-release', 4],
    ['its fstab', { '/etc/fstab': '# Begin /etc/fstab\nproc /proc proc\n' }, '/etc/fstab', 1],
    ['its packages', { '/var/lib/dpkg/status': record('dpkg') + record('sshd-regen-keys') }, '/var/lib/dpkg/status', 6],
    ['its left-overs', { '/isar-apt': { directory: true } }, '/isar-apt', undefined],
    ['immutable data', { '/usr/share/immutable-data/x': '' }, '/usr/share/immutable-data', undefined],
  ])('is isar with %s, and says where', (_what, tree, path, line) => {
    const { value } = platformOf({ ...debian, ...tree });
    expect(value.platform).toBe('isar');
    expect(value.evidence[0]?.location).toEqual({ source: 'p2', path, ...(line === undefined ? {} : { line }) });
  });

  it('is isar with a manifest beside the image', () => {
    const sideFiles = [{ kind: 'manifest', name: 'image.manifest', text: '' }] as const;
    expect(platformOf(debian, { sideFiles }).value).toMatchObject({
      platform: 'isar',
      evidence: [{ location: { source: 'image.manifest' } }],
    });
  });

  it.each([
    ['a build id alone', { ...debian, '/usr/lib/os-release': `${release}BUILD_ID=v1\n` }, 'debian'],
    ['a derivative', { '/etc/os-release': 'ID=raspbian\nID_LIKE=debian' }, 'debian'],
    ['a dpkg database alone', { '/var/lib/dpkg/status': record('dpkg') }, 'debian'],
    ['another distribution', { '/etc/os-release': 'ID=fedora', '/etc/fstab': '# Begin /etc/fstab' }, 'unknown'],
    ['NixOS by name', { '/etc/os-release': 'ID=nixos', '/nix/store/x': '' }, 'nixos'],
    ['NixOS before its first boot', { '/nix/store/x': '', '/etc/os-release': { link: '/nix/store/gone' } }, 'nixos'],
    ['a Nix store on Debian', { ...debian, '/nix/store/x': '' }, 'debian'],
    ['nothing', {}, 'unknown'],
  ])('of %s', (_what, tree, platform) => {
    expect(platformOf(tree).value.platform).toBe(platform);
  });

  it('is not trusted where damage hides the evidence', () => {
    const error = new ImageError('corrupt', 'test/damage', 'damaged');
    const { value, gaps } = platformOf({ ...debian, '/etc/fstab': { error } });
    expect(value).toMatchObject({ platform: 'unknown', architecture: 'amd64' });
    expect(gaps).toMatchObject([{ cause: { code: 'test/damage' } }]);
  });
});

describe('the architecture', () => {
  it('is what most witnesses say', () => {
    const { value } = platformOf({
      ...debian,
      '/usr/bin/bash': elf(62),
      '/bin/sh': { link: '../usr/bin/bash' },
      '/usr/bin/cat': elf(183),
      '/etc/ld.so.conf.d/x86_64-linux-gnu.conf': '',
      '/etc/ld.so.conf.d/libc.conf': '',
    });
    expect(value.architecture).toBe('amd64');
    expect(value.architectureEvidence.map(({ source, architecture }) => `${source} ${architecture}`)).toEqual([
      'dpkg amd64',
      'dpkg amd64',
      'elf amd64',
      'elf arm64',
      'etc amd64',
    ]);
  });

  it('is left open by a tie, and without witnesses', () => {
    expect(platformOf({ '/usr/bin/bash': elf(62), '/usr/bin/cat': elf(183) }).value.architecture).toBeUndefined();
    expect(platformOf({}).value.architecture).toBeUndefined();
  });
});

describe('the names', () => {
  it('of the host come from the first line that says one', () => {
    const { value } = platformOf({ ...debian, '/etc/hostname': '# set at build\n\n node \n' });
    expect(value.hostname).toEqual({ value: 'node', location: { source: 'p2', path: '/etc/hostname', line: 3 } });
    expect(platformOf(debian).value.hostname).toBeUndefined();
  });

  it.each([
    ['NAME=Debian\nVERSION_ID=13', 'Debian 13'],
    ['ID=debian', 'debian'],
    ['', ''],
    ['NAME=a\nNAME=b', 'b'],
  ])('of the system with %j is %j', (text, name) => {
    expect(platformOf({ '/etc/os-release': text }).value.name).toBe(name);
  });
});
