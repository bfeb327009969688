/** The SHA-256 of a store path as Nix takes it: over its NAR serialisation. */
import { Sha256 } from '../../bytes/checksums/sha256.ts';
import type { FileSystem, NodeId } from '../../filesystems/file-system.ts';
import type { Limits } from '../../limits.ts';
import { streamNar } from './nar-stream.ts';

/** Hashes the tree at `node`. ImageError where it cannot be read or holds a device. */
export function hashNar(fileSystem: FileSystem, node: NodeId, limits: Limits): Uint8Array {
  const hash = new Sha256();
  for (const bytes of streamNar(fileSystem, node, limits)) hash.update(bytes);
  return hash.digest();
}
