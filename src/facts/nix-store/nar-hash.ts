/**
 * The SHA-256 of a store path as Nix takes it: over the NAR serialisation (Dolstra, The Purely Functional Software Deployment
 * Model, figure 5.2), which knows names, link targets, contents and one executable bit, but no owners and no times.
 */
import { Sha256 } from '../../bytes/checksums/sha256.ts';
import { compareNames, encodeBytes } from '../../bytes/names.ts';
import { ImageError } from '../../errors.ts';
import type { FileSystem, NodeId } from '../../filesystems/file-system.ts';
import { type Limits, limitExceeded } from '../../limits.ts';

const CHUNK = 1 << 20;
const EXECUTABLE = 0o100;
const padding = new Uint8Array(8);

/** What is still to be written: a node, or a text behind one. */
type Step = { readonly node: NodeId; readonly depth: number } | { readonly texts: readonly string[] };

/** Hashes the tree at `node`, each file read once in pieces. ImageError where it cannot be read or holds a device. */
export function hashNar(fileSystem: FileSystem, node: NodeId, limits: Limits): Uint8Array {
  const hash = new Sha256();
  const write = (bytes: Uint8Array): void => {
    hash.update(formatLength(bytes.length));
    hash.update(bytes);
    hash.update(padding.subarray(0, -bytes.length & 7));
  };
  const stack: Step[] = [{ node, depth: 0 }, { texts: ['nix-archive-1'] }];
  for (let step = stack.pop(); step; step = stack.pop()) {
    if ('texts' in step) {
      for (const text of step.texts) write(encodeBytes(text));
      continue;
    }
    const { depth } = step;
    const { type, mode } = fileSystem.stat(step.node);
    for (const text of ['(', 'type', type === 'file' ? 'regular' : type]) write(encodeBytes(text));
    if (type === 'directory') {
      if (depth >= limits.depth) throw limitExceeded('depth', limits, fileSystem.label);
      stack.push({ texts: [')'] });
      const entries = [...fileSystem.list(step.node)].sort((a, b) => compareNames(b.name, a.name));
      for (const entry of entries) {
        stack.push({ texts: [')'] }, { node: entry.node, depth: depth + 1 });
        stack.push({ texts: ['entry', '(', 'name', entry.name, 'node'] });
      }
      continue;
    }
    if (type === 'symlink') for (const text of ['target', fileSystem.readLink(step.node)]) write(encodeBytes(text));
    else if (type === 'file') {
      if (mode & EXECUTABLE) for (const text of ['executable', '']) write(encodeBytes(text));
      write(encodeBytes('contents'));
      hashContent(hash, fileSystem, step.node);
    } else
      throw new ImageError('corrupt', 'nix/bad-node', `a store path cannot hold a ${type}`, {
        location: { source: fileSystem.label },
      });
    write(encodeBytes(')'));
  }
  return hash.digest();
}

function hashContent(hash: Sha256, fileSystem: FileSystem, node: NodeId): void {
  const source = fileSystem.open(node);
  hash.update(formatLength(source.size));
  for (let at = 0; at < source.size; at += CHUNK) hash.update(source.read(at, Math.min(CHUNK, source.size - at)));
  hash.update(padding.subarray(0, -source.size & 7));
}

/** 64 bits, little-endian. */
function formatLength(length: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(length));
  return bytes;
}
