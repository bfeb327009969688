/**
 * Whether the data of a dm-verity device are what its root hash was made of. The hash comes from a kernel command line, from the
 * settings beside an image, or from the UUIDs of two partitions (UAPI.2, Discoverable Partitions Specification).
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { type Diagnostic, damageFrom } from '../../diagnostic.ts';
import { asImageError } from '../../errors.ts';
import { readVeritySuperblock } from './superblock.ts';
import { verifyVerity } from './verify-verity.ts';

/**
 * The root hash that a data partition and its verity partition carry in their UUIDs: its first and its last 16 bytes. It is the whole
 * hash for SHA-256 alone. Lower-case hex.
 */
export function rootHashOfPartitions(dataUuid: string, verityUuid: string): string {
  return (dataUuid + verityUuid).replaceAll('-', '').toLowerCase();
}

/**
 * Reads all data, recomputes the tree whose superblock lies at `offset` of `tree`, and says as damage what does not match `rootHash`
 * (lower-case hex): nothing if the device is intact.
 */
export function compareRootHash(data: ByteSource, tree: ByteSource, offset: number, rootHash: string): Diagnostic[] {
  try {
    const found = verifyVerity(data, tree, readVeritySuperblock(tree, offset));
    const diagnostics: Diagnostic[] = [];
    if (found.rootHash !== rootHash) {
      const message = `the data give the root hash ${found.rootHash}, ${rootHash} is wanted: they were changed or damaged`;
      diagnostics.push({ level: 'damage', code: 'verity/root-hash', message, location: { source: data.label } });
    }
    if (found.firstMismatch !== undefined) {
      const message = 'the hash tree is not the one that the data give: reading fails where it differs';
      const location = { source: tree.label, offset: found.firstMismatch };
      diagnostics.push({ level: 'damage', code: 'verity/tree', message, location });
    }
    return diagnostics;
  } catch (thrown) {
    return [damageFrom(asImageError(thrown))];
  }
}
