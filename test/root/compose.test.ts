import { describe, expect, it } from 'vitest';
import type { MemoryTree } from '../../src/filesystems/memory.ts';
import { defaultLimits } from '../../src/limits.ts';
import { type Composition, composeRoot } from '../../src/root/compose.ts';
import type { Device } from '../../src/root/layer.ts';
import { damaged, deviceOf, espType, labelled, rootTree } from './devices.ts';

function compose(fstab: string, devices: readonly Device[], tree: MemoryTree = {}): Composition {
  const device = deviceOf(2, labelled('platform', 'uuid-2', { ...rootTree, ...tree, '/etc/fstab': fstab }));
  if (device.content.state !== 'filesystem') throw new Error('a root is a file system');
  const mount = { path: '/', fileSystem: device.content.fileSystem };
  return composeRoot([mount], device, [device, ...devices], defaultLimits);
}
const data = (number: number, tree: MemoryTree): Device =>
  deviceOf(number, labelled(`data${number}`, `uuid-${number}`, tree));
const mountsOf = ({ view }: Composition): string[] =>
  view.mounts.map(({ path, fileSystem }) => `${path} ${fileSystem.label}`);

describe('fstab', () => {
  it('is mounted parents first, whatever the order of its lines', () => {
    const composed = compose(
      'LABEL=data4 /var/lib/rancher ext4\n/dev/vda3 /var ext4\n/dev/sda2 / ext4\nproc /proc proc\ntmpfs /tmp tmpfs\n/dev/sda5 none swap sw\n',
      [data(3, { '/lib/rancher': { directory: true }, '/lib/dpkg/status': 'x' }), data(4, { '/token': 'x' })],
    );
    expect(mountsOf(composed)).toEqual(['/ disk.wic!p2', '/var disk.wic!p3', '/var/lib/rancher disk.wic!p4']);
    expect(composed.view.exists('/var/lib/rancher/token')).toBe('yes');
    expect(composed.view.exists('/var/lib/dpkg/status')).toBe('yes');
    expect(composed.diagnostics).toEqual([]);
  });

  it('mounts through links, and makes the directories that are missing', () => {
    const composed = compose(
      'LABEL=data3 /home ext4\nLABEL=data4 /srv/a/b ext4',
      [data(3, { '/ada': 'x' }), data(4, { '/x': 'y' })],
      {
        '/home': { link: 'var/home' },
        '/var/home': { directory: true },
      },
    );
    expect(composed.view.resolve('/home/ada')).toMatchObject({ path: '/var/home/ada' });
    expect(composed.view.readText('/srv/a/b/x')).toBe('y');
    expect(composed.view.resolve('/srv/a')).toMatchObject({ state: 'found', standing: 'declared' });
    expect(composed.view.exists('/srv/other')).toBe('no');
  });

  it('leaves noauto out unless it is mounted on access', () => {
    const composed = compose('LABEL=data3 /a auto noauto\nLABEL=data4 /b auto noauto,x-systemd.automount', [
      data(3, {}),
      data(4, {}),
    ]);
    expect(mountsOf(composed).slice(1)).toEqual(['/b disk.wic!p4']);
  });

  it('binds what is mounted before', () => {
    const composed = compose(
      '/data/rancher /var/lib/rancher none bind\nLABEL=data3 /data ext4\n/none /gone none bind',
      [data(3, { '/rancher/token': 'x' })],
    );
    expect(composed.view.locate('/var/lib/rancher/token')).toEqual({ source: 'disk.wic!p3', path: '/rancher/token' });
    expect(composed.view.exists('/gone/x')).toBe('unreadable');
  });

  it.each([
    ['a damaged partition', 'PARTLABEL=bad /boot vfat', [deviceOf(9, damaged, { name: 'bad' })], 'test/damaged'],
    [
      'an empty partition',
      'PARTLABEL=bad /boot vfat',
      [deviceOf(9, { state: 'empty' }, { name: 'bad' })],
      'root/nothing-to-mount',
    ],
    ['a partition that is not there', 'UUID=gone /boot vfat', [], 'root/no-such-device'],
    ['a misspelt tag', 'UUDI=4A7B-21C9 /boot vfat', [], 'root/no-such-device'],
    ['a hardware serial', 'ID=ata-disk-part1 /boot vfat', [], 'root/no-such-device'],
    ['a mapped device', '/dev/mapper/boot /boot ext4', [], 'root/no-such-device'],
    ['a network share', 'server:/x /boot nfs', [], 'root/no-such-device'],
  ] as const)('hides what lies below %s', (_what, line, devices, code) => {
    const composed = compose(line, devices);
    expect(composed.view.exists('/boot/vmlinuz')).toBe('unreadable');
    expect(composed.view.exists('/boot')).toBe('yes');
    expect(composed.diagnostics).toMatchObject([{ level: 'damage', code }]);
  });

  it('says where the line is, and takes nofail for a note', () => {
    const { diagnostics } = compose('# x\nUUID=gone /boot vfat nofail\nbad line', []);
    expect(diagnostics).toMatchObject([
      { level: 'note', code: 'root/bad-fstab-line', location: { path: '/etc/fstab', line: 3 } },
      { level: 'note', code: 'root/no-such-device', location: { source: 'disk.wic!p2', path: '/etc/fstab', line: 2 } },
    ]);
  });

  it('reports overlays, and as damage where the upper layer has something', () => {
    const line = 'overlay /etc overlay lowerdir=/etc,upperdir=/upper,workdir=/work';
    expect(compose(line, []).diagnostics).toMatchObject([{ level: 'note', code: 'root/overlay' }]);
    expect(compose(line, [], { '/upper/passwd': '' }).diagnostics).toMatchObject([
      { level: 'damage', code: 'root/overlay-upper' },
    ]);
  });

  it('with more mounts than a machine has is refused', () => {
    const lines = Array.from({ length: 300 }, (_, i) => `LABEL=x${i} /m${i} ext4`).join('\n');
    expect(() => compose(lines, [])).toThrow(/limit partitions/);
  });

  it('that cannot be read is damage', () => {
    const device = deviceOf(
      2,
      labelled('x', '', {
        '/etc': { directory: true, ...(damaged.state === 'unreadable' ? { error: damaged.error } : {}) },
      }),
    );
    if (device.content.state !== 'filesystem') throw new Error('a root is a file system');
    const { diagnostics } = composeRoot(
      [{ path: '/', fileSystem: device.content.fileSystem }],
      device,
      [device],
      defaultLimits,
    );
    expect(diagnostics).toMatchObject([{ level: 'damage', code: 'test/damaged' }]);
  });
});

describe('the EFI system partition without a line in fstab', () => {
  const esp = deviceOf(1, labelled('EFI', '', { '/vmlinuz': '' }, 'vfat'), { type: espType });

  it('is mounted at an empty /boot, else at an empty /efi, else not', () => {
    expect(mountsOf(compose('', [esp])).slice(1)).toEqual(['/boot disk.wic!p1']);
    expect(mountsOf(compose('', [esp], { '/boot/x': '', '/efi': { directory: true } })).slice(1)).toEqual([
      '/efi disk.wic!p1',
    ]);
    expect(mountsOf(compose('', [esp], { '/boot/x': '' })).slice(1)).toEqual([]);
  });

  it('is not mounted twice', () => {
    expect(mountsOf(compose('/dev/sda1 /boot/efi vfat', [esp], { '/efi': { directory: true } })).slice(1)).toEqual([
      '/boot/efi disk.wic!p1',
    ]);
  });
});
