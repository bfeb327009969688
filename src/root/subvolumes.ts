/**
 * File systems that hold several trees (btrfs): one of them, looked at by itself. Which one is mounted is said by `subvol=` and
 * `subvolid=` in fstab and in `rootflags=`, else it is the default subvolume of the file system.
 */
import type { FileSystem, NodeId } from '../filesystems/file-system.ts';
import type { Limits } from '../limits.ts';
import { findParameter } from './boot-entries/command-line.ts';
import { findOption, parseFstab } from './fstab.ts';
import { findRootEvidence } from './root-evidence.ts';
import { RootView } from './root-view.ts';

/** The subvolume that mount options name, if any: by its path, or by its number. */
export function namedSubvolume(options: readonly string[]): string | number | undefined {
  const path = findOption(options, 'subvol');
  if (path !== undefined) return path;
  const id = findOption(options, 'subvolid');
  return id !== undefined && /^\d{1,15}$/.test(id) ? Number(id) : undefined;
}

/** The same for the root, as the command line of the kernel says. */
export function rootSubvolume(commandLine: string): string | number | undefined {
  return namedSubvolume((findParameter(commandLine, 'rootflags') ?? '').split(','));
}

/** The tree that mount options name, as a file system; undefined if there is none such. Options that name none change nothing. */
export function openSubvolume(fileSystem: FileSystem, name: string | number | undefined): FileSystem | undefined {
  if (name === undefined || !fileSystem.findSubvolume) return fileSystem;
  const node = fileSystem.findSubvolume(name);
  return node === undefined ? undefined : withRoot(fileSystem, node);
}

/**
 * The subvolume that is a root, where the default one is none: the only one, or of several (snapshots of each other) the one that
 * their own fstab mounts at `/`. None where only a Nix store is known by what is in it and other subvolumes lie beside it: one of them is the
 * root, too empty before its first boot to tell which, and the store alone would show its files as absent.
 */
export function findRootSubvolume(fileSystem: FileSystem, limits: Limits): FileSystem | undefined {
  const subvolumes = fileSystem.listSubvolumes?.() ?? [];
  const roots = subvolumes.flatMap(({ path, node }) => {
    const view = new RootView([{ path: '/', fileSystem: withRoot(fileSystem, node) }], limits);
    const { sign, store } = findRootEvidence(view);
    return sign !== undefined ? [{ path, node, view, store }] : [];
  });
  if (subvolumes.length > 1 && roots.length > 0 && roots.every(({ store }) => store !== undefined)) return undefined;
  const wanted = roots.length > 1 ? rootInFstab(roots[0]?.view) : undefined;
  const chosen = roots.length === 1 ? roots[0] : roots.find(({ path }) => path === wanted);
  return chosen && withRoot(fileSystem, chosen.node);
}

function rootInFstab(view: RootView | undefined): string | undefined {
  const { entries } = parseFstab(view?.readText('/etc/fstab') ?? '');
  const name = namedSubvolume(entries.find(({ path }) => path === '/')?.options ?? []);
  return typeof name === 'string' ? name.replace(/^\/+/, '') : undefined;
}

function withRoot(fileSystem: FileSystem, root: NodeId): FileSystem {
  if (root === fileSystem.root) return fileSystem;
  const { format, label, volumeLabel, uuid, diagnostics } = fileSystem;
  return {
    ...{ format, label, volumeLabel, uuid, diagnostics, root },
    lookup: (directory, name) => fileSystem.lookup(directory, name),
    list: (directory) => fileSystem.list(directory),
    stat: (node) => fileSystem.stat(node),
    readLink: (node) => fileSystem.readLink(node),
    open: (node, name) => fileSystem.open(node, name),
    xattrs: (node) => fileSystem.xattrs(node),
    findSubvolume: (name) => fileSystem.findSubvolume?.(name),
    listSubvolumes: () => fileSystem.listSubvolumes?.() ?? [],
    close: () => fileSystem.close(),
  };
}
