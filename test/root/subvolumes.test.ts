import { describe, expect, it } from 'vitest';
import type { FileSystem, NodeId } from '../../src/filesystems/file-system.ts';
import type { MemoryTree } from '../../src/filesystems/memory.ts';
import { defaultLimits } from '../../src/limits.ts';
import { type AssembledRoot, assembleRoot } from '../../src/root/assemble-root.ts';
import type { Device } from '../../src/root/layer.ts';
import { findRootSubvolume } from '../../src/root/subvolumes.ts';
import { deviceOf, espType, labelled } from './devices.ts';

const fstab = 'LABEL=disk / btrfs subvol=/@ 0 0\nLABEL=disk /home btrfs subvol=@home 0 0\n';
const rootIn = (name: string, text = fstab): MemoryTree => ({
  [`/${name}/etc/os-release`]: `NAME=${name}`,
  [`/${name}/etc/fstab`]: text,
  [`/${name}/usr/lib/systemd/systemd`]: '',
});

/** Top-level directories as subvolumes with the numbers 256, 257 and so on. */
function subvolumesOf(tree: MemoryTree): Device {
  const fileSystem: FileSystem = labelled('disk', 'uuid', tree, 'btrfs');
  const all = fileSystem.list(fileSystem.root).map(({ name, node }) => ({ path: name, node }));
  const find = (name: string | number): NodeId | undefined =>
    typeof name === 'number' ? all[name - 256]?.node : all.find(({ path }) => path === name.replace(/^\//, ''))?.node;
  return deviceOf(2, Object.assign(fileSystem, { findSubvolume: find, listSubvolumes: () => all }));
}
const boot = (options: string): Device =>
  deviceOf(
    1,
    labelled('EFI', '', { '/vmlinuz': '', '/loader/entries/x.conf': `linux /vmlinuz\noptions ${options}` }, 'vfat'),
    { type: espType },
  );
const assemble = (...devices: readonly Device[]): AssembledRoot => assembleRoot(devices, {}, defaultLimits);

describe('a root in a subvolume', () => {
  it('is found where it is the only one, and others are mounted on it by fstab', () => {
    const { view } = assemble(subvolumesOf({ ...rootIn('@'), '/@home/user/file': 'at home' }));
    expect(view.readText('/etc/os-release')).toBe('NAME=@');
    expect(view.readText('/home/user/file')).toBe('at home');
    expect(view.exists('/@')).toBe('no');
  });

  it('is the one that fstab names among snapshots of it', () => {
    const { view } = assemble(subvolumesOf({ ...rootIn('@snapshot'), ...rootIn('@'), '/@home/x': '' }));
    expect(view.readText('/etc/os-release')).toBe('NAME=@');
  });

  it('is the one that the boot entry names, by path or number', () => {
    const device = subvolumesOf({ ...rootIn('@'), ...rootIn('@new'), '/@home/x': '' });
    for (const flags of ['subvol=@new', 'ro,subvol=/@new,noatime', 'subvolid=257']) {
      const { view } = assemble(boot(`root=LABEL=disk rootflags=${flags}`), device);
      expect(view.readText('/etc/os-release')).toBe('NAME=@new');
    }
    const { diagnostics } = assemble(boot('root=LABEL=disk rootflags=subvol=@gone'), device);
    expect(diagnostics).toContainEqual(expect.objectContaining({ code: 'root/other-than-booted' }));
  });

  it('is not taken from a store beside a subvolume that may be it', () => {
    const path = 'a1b2c3d4f5g6h7i8j9k0l1m2n3p4q5r6'.replace(/[eotu]/g, 'z');
    const store = { [`/@nix/store/${path}-nixos-system-x/init`]: '', [`/@nix/store/${path}-nixos-system-x/etc/x`]: '' };
    const rootOf = (tree: MemoryTree) => {
      const { content } = subvolumesOf(tree);
      if (content.state !== 'filesystem') throw new Error('no file system');
      return findRootSubvolume(content.fileSystem, defaultLimits);
    };
    expect(rootOf(store)).toBeDefined();
    const beside = { ...store, '/@/var/lib/k3s/token': 'secret' };
    expect(rootOf(beside)).toBeUndefined();
    expect(() => assemble(subvolumesOf(beside))).toThrow(/root/);
  });

  it('has nothing where a mounted subvolume is not there, which is no absence', () => {
    const { view, diagnostics } = assemble(subvolumesOf(rootIn('@')));
    expect(view.exists('/home/user')).toBe('unreadable');
    expect(diagnostics).toMatchObject([{ code: 'root/no-such-device', message: expect.stringContaining('@home') }]);
  });
});
