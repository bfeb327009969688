/** The root hash that a dm-verity tree stands for: the digest of its topmost block, without a look at the data below. */
import { createHash } from 'node:crypto';
import type { ByteSource } from '../../bytes/byte-source.ts';
import type { VerityParameters } from './superblock.ts';

/** Lower-case hex; undefined for a single block of data, which has no tree. Throws `truncated`. */
export function readTopHash(tree: ByteSource, parameters: VerityParameters): string | undefined {
  const { algorithm, salt, saltLast, dataBlocks, hashBlockBytes, treeOffset } = parameters;
  if (dataBlocks <= 1) return undefined;
  const block = tree.read(treeOffset, hashBlockBytes);
  const hash = createHash(algorithm);
  if (saltLast) hash.update(block).update(salt);
  else hash.update(salt).update(block);
  return hash.digest('hex');
}
