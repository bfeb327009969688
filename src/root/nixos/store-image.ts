/**
 * The store of an installer or netboot image: `nix-store.squashfs` at the root of an ISO or of an initrd (nixpkgs: iso-image.nix,
 * netboot.nix). What holds it is no root itself: the machine's is a tmpfs.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import type { FileSystem } from '../../filesystems/file-system.ts';

export const storeImageName = 'nix-store.squashfs';

/** The image inside a file system; undefined if there is none. */
export function findStoreImage(fileSystem: FileSystem): ByteSource | undefined {
  const node = fileSystem.lookup(fileSystem.root, storeImageName);
  if (node === undefined || fileSystem.stat(node).type !== 'file') return undefined;
  return fileSystem.open(node, `${fileSystem.label}:/${storeImageName}`);
}
