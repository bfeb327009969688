import { describe, expect, it } from 'vitest';
import type { MemoryTree } from '../../src/filesystems/memory.ts';
import { defaultLimits } from '../../src/limits.ts';
import { type AssembledRoot, assembleRoot } from '../../src/root/assemble-root.ts';
import type { RootRequest } from '../../src/root/choose-root.ts';
import type { Device } from '../../src/root/layer.ts';
import { damaged, deviceOf, espType, labelled, rootTree } from './devices.ts';

const assemble = (devices: readonly Device[], request: RootRequest = {}): AssembledRoot =>
  assembleRoot(devices, request, defaultLimits);
const esp = (options: string, tree: MemoryTree = {}): Device =>
  deviceOf(
    1,
    labelled(
      'EFI',
      'abcd-1234',
      { '/vmlinuz': '', '/loader/entries/boot.conf': `linux /vmlinuz\noptions ${options}`, ...tree },
      'vfat',
    ),
    { type: espType, name: 'efi' },
  );
const root = (number: number, name: string, tree: MemoryTree = {}): Device =>
  deviceOf(number, labelled(name, `uuid-${number}`, { ...rootTree, ...tree }), { name, uuid: `part-${number}` });

describe('the root', () => {
  it('is the only one, with the ESP at its fstab mount point and the command line of its boot entry', () => {
    const { view, choice, bootEntry, diagnostics } = assemble([
      esp('root=PARTLABEL=platform quiet'),
      root(2, 'platform', {
        '/etc/fstab': 'UUID=ABCD-1234 /boot vfat defaults 0 0\n',
        '/vmlinuz': { link: 'boot/vmlinuz' },
      }),
    ]);
    expect(choice).toMatchObject({ device: { name: 'p2' }, because: 'root=PARTLABEL=platform of the boot entry' });
    expect(view.exists('/vmlinuz')).toBe('yes');
    expect(view.mounts.map(({ path, because }) => [path, because])).toEqual([
      ['/', 'root=PARTLABEL=platform of the boot entry'],
      ['/boot', '/etc/fstab:1 UUID=ABCD-1234'],
    ]);
    expect(bootEntry?.options).toEqual({
      text: 'root=PARTLABEL=platform quiet',
      location: { source: 'disk.wic!p1', path: '/loader/entries/boot.conf', line: 2 },
    });
    expect(diagnostics).toEqual([]);
  });

  it.each([
    ['root=PARTUUID=part-3', 'p3'],
    ['root=UUID=uuid-2', 'p2'],
    ['root=/dev/sda3', 'p3'],
    ['root=PARTLABEL=APP_b', 'p3'],
    ['root=LABEL=APP', 'p2'],
    ['root=PARTLABEL=APP root=PARTLABEL=APP_b', 'p3'],
  ])('of two is the one that boots: %s', (options, name) => {
    expect(assemble([esp(options), root(2, 'APP'), root(3, 'APP_b')]).choice.device.name).toBe(name);
  });

  it.each(['p3', '3', 'APP_b', 'app_B', 'PARTUUID=part-3', 'LABEL=APP_b', '/dev/sda3'])(
    'of two is the slot %s asked for, whatever boots',
    (slot) => {
      const { choice } = assemble([esp('root=PARTLABEL=APP'), root(2, 'APP'), root(3, 'APP_b')], { slot });
      expect(choice).toMatchObject({ device: { name: 'p3' }, because: `--slot ${slot}` });
    },
  );

  it('brings the boot entry that boots it, where there is one', () => {
    const entries = esp('root=PARTLABEL=APP', {
      '/loader/entries/a.conf': 'linux /vmlinuz\noptions root=PARTLABEL=APP_b slot=b',
    });
    const devices = [entries, root(2, 'APP'), root(3, 'APP_b')];
    expect(assemble(devices).bootEntry?.id).toBe('boot.conf');
    expect(assemble(devices, { slot: 'p3' }).bootEntry?.id).toBe('a.conf');
  });

  it('of two without a boot entry is not guessed', () => {
    expect(() => assemble([root(2, 'APP'), root(3, 'APP_b')])).toThrow(/2 root file systems \(p2 "APP", p3 "APP_b"\)/);
    expect(() => assemble([esp('quiet'), root(2, 'APP'), root(3, 'APP_b')])).toThrow(
      expect.objectContaining({ kind: 'input', code: 'root/ambiguous', remedy: 'choose with --slot p2' }),
    );
  });

  it('is never an empty slot, a data partition or an ESP', () => {
    const data = deviceOf(4, labelled('data', '', { '/lib/dpkg': { directory: true }, '/etc': { directory: true } }));
    const empty = deviceOf(3, { state: 'empty' });
    expect(assemble([esp('quiet'), root(2, 'APP'), empty, data]).choice.device.name).toBe('p2');
    expect(() => assemble([esp('quiet'), empty, data])).toThrow(
      /no root file system found; the image holds p1 "efi" \(vfat\), p3 \(empty\)/,
    );
    expect(() => assemble([root(2, 'APP'), empty], { slot: 'p3' })).toThrow(/p3 is empty/);
    expect(() => assemble([root(2, 'APP'), data], { slot: 'data' })).toThrow(/holds no root/);
    expect(() => assemble([root(2, 'APP')], { slot: 'c' })).toThrow(/has no slot c/);
    expect(assemble([data], { root: 'data' }).choice.device.name).toBe('p4');
  });

  it('with a root= that names another partition is noted, not refused', () => {
    const data = deviceOf(4, labelled('data', ''));
    expect(assemble([esp('root=LABEL=data'), root(2, 'APP'), data]).diagnostics).toMatchObject([
      { level: 'note', code: 'root/other-than-booted', location: { path: '/loader/entries/boot.conf' } },
    ]);
    expect(assemble([esp('root=LABEL=gone'), root(2, 'APP')]).diagnostics).toMatchObject([{ level: 'note' }]);
    expect(assemble([esp('root=/dev/mapper/x'), root(2, 'APP')]).diagnostics).toEqual([]);
  });
});

describe('damage', () => {
  it('of the partition that boots is the answer, even beside another root', () => {
    const devices = [esp('root=/dev/sda2'), deviceOf(2, damaged), root(3, 'APP_b')];
    expect(() => assemble(devices)).toThrow('its superblock is damaged');
    expect(assemble(devices, { slot: 'p3' }).choice.device.name).toBe('p3');
  });

  it('of the only partition that may be the root is the answer', () => {
    expect(() => assemble([esp('quiet'), deviceOf(2, damaged)])).toThrow('its superblock is damaged');
  });

  it('of the first directories makes a file system unreadable, not rootless', () => {
    const error = damaged.state === 'unreadable' ? damaged.error : undefined;
    const broken = labelled('platform', '', error ? { '/etc': { directory: true, error } } : {});
    expect(() => assemble([deviceOf(2, broken)])).toThrow('its superblock is damaged');
  });

  it('of the ESP is kept for whoever misses a boot entry', () => {
    const { bootDamage, bootEntry } = assemble([deviceOf(1, damaged, { type: espType }), root(2, 'APP')]);
    expect(bootEntry).toBeUndefined();
    expect(bootDamage).toMatchObject([{ level: 'damage', code: 'test/damaged' }]);
  });

  it('of a loader entry is too', () => {
    const error = damaged.state === 'unreadable' ? damaged.error : undefined;
    const { bootDamage } = assemble([esp('quiet', error ? { '/loader/loader.conf': { error } } : {}), root(2, 'APP')]);
    expect(bootDamage).toMatchObject([{ code: 'test/damaged' }]);
  });
});

it('is the slot whose IMAGE_UUID the initrd of isar-cip-core looks for', () => {
  const uuid = (digit: number): string => `0f0f0f0f-1111-4222-8333-44444444444${digit}`;
  const slot = (number: number, digit: number): Device =>
    root(number, `system${number}`, { '/etc/os-release': `ID=debian\nIMAGE_UUID="${uuid(digit)}"\n` });
  const options = `cip.abrootfs_root_options=target-image-uuid=${uuid(2)} ro`;
  const { choice } = assemble([esp(options), slot(2, 1), slot(3, 2)]);
  expect(choice.device.name).toBe('p3');
  expect(choice.because).toContain(uuid(2));
  const unknown = `cip.abrootfs_root_options=target-image-uuid=${uuid(9)}`;
  expect(() => assemble([esp(unknown), slot(2, 1), slot(3, 2)])).toThrow(/2 root file systems/);
});

describe('loaders beside the root', () => {
  it('on a separate /boot is found, and the root it names', () => {
    const cfg = "menuentry 'x' {\nsearch --fs-uuid --set=root uuid-2\nlinux /vmlinuz root=PARTLABEL=b\n}\n";
    const { bootEntry, choice } = assemble([
      deviceOf(2, labelled('boot', 'uuid-2', { '/grub/grub.cfg': cfg, '/vmlinuz': '' })),
      root(3, 'a'),
      root(4, 'b'),
    ]);
    expect(choice.device.name).toBe('p4');
    expect(bootEntry).toMatchObject({ loader: 'grub', source: 'disk.wic!p2' });
  });

  it('on a CD names the NixOS system that runs', () => {
    const toplevel = `/nix/store/${'a'.repeat(32)}-nixos-system-cd-24.11`;
    const other = `/nix/store/${'b'.repeat(32)}-nixos-system-cd-25.05`;
    const store = Object.fromEntries(
      [toplevel, other].flatMap((path) =>
        ['activate', 'etc/os-release', 'sw/x'].map((name) => [`${path}/${name}`, '']),
      ),
    );
    const menu = `DEFAULT boot\nLABEL boot\nLINUX /boot/bzImage\nAPPEND init=${toplevel}/init quiet\nINITRD /boot/initrd\n`;
    const disc = { '/isolinux/isolinux.cfg': menu, '/boot/bzImage': '', '/boot/initrd': '' };
    const { nixos, bootEntry } = assemble([
      { ...deviceOf(1, labelled('nixos', '', disc, 'iso9660')), name: 'cd' },
      deviceOf(
        2,
        labelled('', '', Object.fromEntries(Object.entries(store).map(([path, text]) => [path.slice(10), text]))),
      ),
    ]);
    expect(nixos?.toplevel).toBe(toplevel);
    expect(bootEntry).toMatchObject({ loader: 'extlinux', id: 'boot', linux: { text: '/boot/bzImage' } });
  });
});
