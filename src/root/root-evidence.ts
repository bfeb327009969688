/**
 * Whether a file system is the root of a system, by what is in it. Links count without being followed: on NixOS, and with
 * an unmounted /usr, they lead out of the partition.
 */
import { asImageError, type ImageError } from '../errors.ts';
import { findStorePlace, type StorePlace } from './nixos/running-system.ts';
import { storeImageName } from './nixos/store-image.ts';
import type { RootView } from './root-view.ts';

export interface RootEvidence {
  /** The first path found that speaks for a root; undefined if it is none. */
  readonly sign?: string;
  /** Set if it is no root, but a Nix store that belongs there. */
  readonly store?: StorePlace;
  /** Damage that may hide such paths. */
  readonly damage?: ImageError;
}

/** A store alone is enough: an image of a NixOS root need not have an /etc before its first boot. */
const stores = ['/nix/store'];
/**
 * Each of these says that a system lives here, given a directory of a root beside it. One is enough: /var comes last, since it mostly
 * lies behind all else, where an image that is still being decoded is not yet.
 */
const signs = [
  '/etc/os-release',
  '/usr/lib/os-release',
  '/sbin/init',
  '/usr/sbin/init',
  '/usr/lib/systemd/systemd',
  '/lib/systemd/systemd',
  '/bin/sh',
  '/usr/bin/dpkg',
  '/usr/share/immutable-data/var/lib/dpkg/status',
  '/var/lib/dpkg/status',
];
const directories = ['/etc', '/usr'];

/** Looks for the signs of a root in the view of one file system. */
export function findRootEvidence(view: RootView): RootEvidence {
  let damage: ImageError | undefined;
  const has = (path: string): boolean => {
    const answer = view.resolve(path, 'parents');
    if (answer.state === 'unreadable') damage ??= answer.error;
    return answer.state === 'found';
  };
  if (has(`/${storeImageName}`)) return {};
  const sign = stores.find(has) ?? (directories.some(has) ? signs.find(has) : undefined);
  if (sign !== undefined) return damage ? { sign, damage } : { sign };
  try {
    const store = findStorePlace(view);
    if (store !== undefined) return { sign: '/', store };
  } catch (thrown) {
    damage ??= asImageError(thrown);
  }
  return damage ? { damage } : {};
}
