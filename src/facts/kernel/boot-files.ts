/**
 * Kernel images and configurations under /boot: `vmlinuz-<release>`, `vmlinux-<release>`, `Image-<release>`,
 * `config-<release>`, the kernel-install layout `<token>/<release>/linux` and unified images `EFI/Linux/*<release>.efi`.
 * Where another file system (the ESP) covers /boot, the directory below it is searched as well: a package's files lie there.
 */
import { damageFrom } from '../../diagnostic.ts';
import { asImageError } from '../../errors.ts';
import type { DirectoryEntry } from '../../filesystems/file-system.ts';
import type { Location } from '../../location.ts';
import { type Mount, RootView } from '../../root/root-view.ts';
import type { Gap } from '../fact.ts';

export interface BootFiles {
  /** By release. */
  readonly images: ReadonlyMap<string, Location>;
  readonly configs: ReadonlyMap<string, { readonly view: RootView; readonly path: string }>;
  /** Image files whose names hold a release somewhere: unified kernels. */
  readonly unified: readonly { readonly name: string; readonly location: Location }[];
  readonly gaps: readonly Gap[];
}

const imageName = /^(?:vmlinuz|vmlinux|Image)-(.+)$/;
const configName = /^config-(.+)$/;

/** Everything found, the visible /boot before the covered one. Gaps carry the key `/boot`. */
export function readBootFiles(view: RootView): BootFiles {
  const images = new Map<string, Location>();
  const configs = new Map<string, { view: RootView; path: string }>();
  const unified: { name: string; location: Location }[] = [];
  const gaps: Gap[] = [];
  const list = (from: RootView, path: string): readonly DirectoryEntry[] => {
    try {
      return from.list(path) ?? [];
    } catch (thrown) {
      gaps.push({ cause: { location: from.locate(path), ...damageFrom(asImageError(thrown)) }, keys: ['/boot'] });
      return [];
    }
  };
  for (const from of bootViews(view)) {
    for (const { name, type } of list(from, '/boot')) {
      const path = `/boot/${name}`;
      const release = imageName.exec(name)?.[1];
      if (release !== undefined && type !== 'directory' && !images.has(release)) images.set(release, from.locate(path));
      const configured = configName.exec(name)?.[1];
      if (configured !== undefined && type !== 'directory' && !configs.has(configured))
        configs.set(configured, { view: from, path });
      if (type === 'directory' && !notTokens.has(name.toLowerCase())) {
        for (const entry of list(from, path)) {
          const image = `${path}/${entry.name}/linux`;
          if (entry.type === 'directory' && !images.has(entry.name) && from.exists(image) === 'yes')
            images.set(entry.name, from.locate(image));
        }
      }
    }
    for (const { name } of list(from, '/boot/EFI/Linux'))
      if (name.toLowerCase().endsWith('.efi')) unified.push({ name, location: from.locate(`/boot/EFI/Linux/${name}`) });
  }
  return { images, configs, unified, gaps };
}

/** Directories of /boot that are no entry tokens of kernel-install. */
const notTokens = new Set(['efi', 'grub', 'grub2', 'loader', 'extlinux', 'lost+found', 'overlays', 'dtbs']);

function bootViews(view: RootView): readonly RootView[] {
  const covered = view.mounts.some((mount) => mount.path === '/boot');
  const root = [...view.mounts].reverse().find((mount): mount is Mount => mount.path === '/');
  return covered && root ? [view, new RootView([root], view.limits)] : [view];
}
