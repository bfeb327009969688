/**
 * The NAR serialisation of a store path (Dolstra, The Purely Functional Software Deployment Model, figure 5.2), as a stream: names,
 * link targets, contents and one executable bit, but no owners and no times.
 */
import { compareNames, encodeBytes } from '../../bytes/names.ts';
import { ImageError } from '../../errors.ts';
import type { FileSystem, NodeId } from '../../filesystems/file-system.ts';
import { type Limits, limitExceeded } from '../../limits.ts';

const CHUNK = 1 << 20;
const EXECUTABLE = 0o100;
const padding = new Uint8Array(8);

/** What is still to be written: a node, or a text behind one. */
type Step = { readonly node: NodeId; readonly depth: number } | { readonly texts: readonly string[] };

/** The bytes in order, each valid until the next is asked for; files are read once, in pieces. ImageError where one cannot be read. */
export function* streamNar(fileSystem: FileSystem, root: NodeId, limits: Limits): Generator<Uint8Array> {
  const stack: Step[] = [{ node: root, depth: 0 }, { texts: ['nix-archive-1'] }];
  for (let step = stack.pop(); step; step = stack.pop()) {
    if ('texts' in step) {
      yield formatTexts(step.texts);
      continue;
    }
    const { node, depth } = step;
    const { type, mode } = fileSystem.stat(node);
    if (type === 'directory') {
      if (depth >= limits.depth) throw limitExceeded('depth', limits, fileSystem.label);
      yield formatTexts(['(', 'type', 'directory']);
      stack.push({ texts: [')'] });
      const entries = [...fileSystem.list(node)].sort((a, b) => compareNames(b.name, a.name));
      for (const entry of entries) {
        stack.push({ texts: [')'] }, { node: entry.node, depth: depth + 1 });
        stack.push({ texts: ['entry', '(', 'name', entry.name, 'node'] });
      }
    } else if (type === 'symlink') {
      yield formatTexts(['(', 'type', 'symlink', 'target', fileSystem.readLink(node), ')']);
    } else if (type === 'file') {
      const executable = mode & EXECUTABLE ? ['executable', ''] : [];
      yield formatTexts(['(', 'type', 'regular', ...executable, 'contents']);
      yield* streamContent(fileSystem, node);
      yield formatTexts([')']);
    } else
      throw new ImageError('corrupt', 'nix/bad-node', `a store path cannot hold a ${type}`, {
        location: { source: fileSystem.label },
      });
  }
}

function* streamContent(fileSystem: FileSystem, node: NodeId): Generator<Uint8Array> {
  const source = fileSystem.open(node);
  yield formatLength(source.size);
  for (let at = 0; at < source.size; at += CHUNK) yield source.read(at, Math.min(CHUNK, source.size - at));
  yield padding.subarray(0, -source.size & 7);
}

/** Each with its length in front, filled up to a multiple of eight. */
function formatTexts(texts: readonly string[]): Uint8Array {
  return Buffer.concat(
    texts.flatMap((text) => {
      const bytes = encodeBytes(text);
      return [formatLength(bytes.length), bytes, padding.subarray(0, -bytes.length & 7)];
    }),
  );
}

/** 64 bits, little-endian. */
function formatLength(length: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(length));
  return bytes;
}
