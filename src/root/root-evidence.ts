/**
 * Whether a file system is the root of a system, by what is in it. Links count without being followed: on NixOS, and with
 * an unmounted /usr, they lead out of the partition.
 */
import type { RootView } from './root-view.ts';

export interface RootEvidence {
  /** Paths that speak for a root; empty if it is none. */
  readonly paths: readonly string[];
}

/** Each of these alone says that a system lives here, given a directory of a root beside it. */
const signs = [
  '/etc/os-release',
  '/usr/lib/os-release',
  '/var/lib/dpkg/status',
  '/usr/share/immutable-data/var/lib/dpkg/status',
  '/sbin/init',
  '/usr/sbin/init',
  '/usr/lib/systemd/systemd',
  '/lib/systemd/systemd',
  '/bin/sh',
  '/usr/bin/dpkg',
];
const directories = ['/etc', '/usr'];

/** Looks for the signs of a root; throws where damage hides them. */
export function findRootEvidence(view: RootView): RootEvidence {
  const has = (path: string): boolean => view.find(path, 'parents') !== undefined;
  const store = has('/nix/store') ? ['/nix/store'] : [];
  if (!directories.some(has)) return { paths: store };
  return { paths: [...store, ...signs.filter(has)] };
}
