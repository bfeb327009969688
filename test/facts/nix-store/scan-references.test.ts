/** The scan for references: what it finds at the seams of its pieces, and that it reads each byte of each file once. */
import { describe, expect, it } from 'vitest';
import type { ByteSource } from '../../../src/bytes/byte-source.ts';
import { scanClosure } from '../../../src/facts/nix-store/scan-references.ts';
import type { NodeId } from '../../../src/filesystems/file-system.ts';
import { MemoryFileSystem, type MemoryTree } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { isStoreName } from '../../../src/root/nixos/store-path.ts';
import { RootView } from '../../../src/root/root-view.ts';
import { loadTree, toplevel } from '../../root/nixos/system-image.ts';

const PIECE = 64 << 10;
const [top, other] = ['a', 'b'].map((letter) => `/nix/store/${letter.repeat(32)}-x`) as [string, string];

/** A file system that counts the bytes read of each file. */
class CountingFileSystem extends MemoryFileSystem {
  readonly read = new Map<NodeId, number>();

  override open(node: NodeId, label?: string): ByteSource {
    const source = super.open(node, label);
    const read = (offset: number, length: number): Uint8Array => {
      this.read.set(node, (this.read.get(node) ?? 0) + length);
      return source.read(offset, length);
    };
    return { ...source, size: source.size, label: source.label, read, slice: source.slice, close: () => {} };
  }
}

function scan(tree: MemoryTree, start = top) {
  const fileSystem = new CountingFileSystem(tree);
  const view = new RootView([{ path: '/', fileSystem }], defaultLimits);
  const names = (view.list('/nix/store') ?? []).map(({ name }) => name).filter(isStoreName);
  const result = scanClosure(view, start, new Set(names.map((name) => `/nix/store/${name}`)));
  return { ...result, fileSystem };
}

describe('the scan for references', () => {
  it('finds a name wherever the pieces of a file part', () => {
    for (let before = PIECE - 60; before <= PIECE + 5; before++) {
      const { paths } = scan({ [top]: `${'.'.repeat(before)}${other}/bin/x${'.'.repeat(90)}`, [other]: 'x' });
      expect(paths.has(other), `${before} bytes before`).toBe(true);
    }
  });

  it('finds a name that ends a file, and none that is cut off', () => {
    const end = other.slice(0, '/nix/store/'.length + 32);
    for (const before of [0, 5, PIECE - 43, PIECE - 42, PIECE - 1, 2 * PIECE - 10]) {
      expect(scan({ [top]: '.'.repeat(before) + end, [other]: 'x' }).paths.has(other)).toBe(true);
      expect(scan({ [top]: '.'.repeat(before) + end.slice(0, -1), [other]: 'x' }).paths.has(other)).toBe(false);
    }
  });

  it('reads every byte of every file of the closure once, and nothing else', async () => {
    const { '/nix-path-registration': _, ...tree } = await loadTree('tarball.tar.xz');
    tree[`${toplevel}/large`] = Buffer.alloc(5 * PIECE + 17, 'large file ');
    const { fileSystem, paths } = scan(tree, toplevel);
    const view = new RootView([{ path: '/', fileSystem }], defaultLimits);
    const expected = new Map<NodeId, number>();
    for (const path of Object.keys(tree)) {
      const found = view.find(path, 'parents');
      const stat = found && fileSystem.stat(found.node);
      if (stat?.type === 'file' && stat.size > 0 && paths.has(path.split('/', 4).join('/')))
        expected.set(stat.node, stat.size);
    }
    expect(expected.size).toBeGreaterThan(80);
    expect([...fileSystem.read].sort()).toEqual([...expected].sort());
  });
});
