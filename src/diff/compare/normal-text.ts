/**
 * Text without what differs from one platform or build to the other though it means the same: `/nix/store/HASH-k3s-1.32.1/bin/k3s`
 * is `{k3s}/bin/k3s`, and across platforms `/usr/bin/k3s` is that too.
 */
import { parseNixName } from '../../facts/packages/nix-name.ts';

const storePath = /\/nix\/store\/[0-9a-df-np-sv-z]{32}-([A-Za-z0-9+\-._?=]{1,211})/g;
const nameHash = /\/[0-9a-df-np-sv-z]{32}-/g;
/** Where programs and what belongs to them lies, on either platform. */
const prefixes = /(?:\{[^{}/]{1,211}\}|\/run\/current-system\/sw|\/usr)(?=\/)/g;

/** Store paths by the name of their package. */
export function withoutStoreHashes(text: string): string {
  return text.replace(storePath, (_, name: string) => `{${parseNixName(name).name}}`);
}

/** A path without Nix's hashes in its names: `/nix/store/k3s-1.32.1/bin/k3s`, `/boot/EFI/nixos/linux-6.12.5-bzImage.efi`. */
export function withoutHashes(path: string): string {
  return path.replace(nameHash, '/');
}

/** Store paths and the merged folders of a distribution are the same place. */
export function withoutPlatform(text: string): string {
  return withoutStoreHashes(text).replace(prefixes, '').replaceAll('/sbin/', '/bin/');
}
