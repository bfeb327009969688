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

  it('finds a hash that ends a file, and none that is cut off', () => {
    const end = other.slice('/nix/store/'.length, '/nix/store/'.length + 32);
    for (const before of [0, 5, PIECE - 32, PIECE - 31, PIECE - 1, 2 * PIECE - 10]) {
      expect(scan({ [top]: '.'.repeat(before) + end, [other]: 'x' }).paths.has(other)).toBe(true);
      expect(scan({ [top]: '.'.repeat(before) + end.slice(0, -1), [other]: 'x' }).paths.has(other)).toBe(false);
    }
  });

  it('finds what Nix would: a hash alone, in a row of its characters, or in a relative link', () => {
    const hash = other.slice('/nix/store/'.length, '/nix/store/'.length + 32);
    for (const text of [hash, `x${hash}`, `0a1${hash}${hash}zz`, `"${hash}"`, `${'a'.repeat(40)}${hash}`])
      expect(scan({ [top]: text, [other]: 'x' }).paths.has(other), text).toBe(true);
    expect(scan({ [`${top}/to`]: { link: `../../${other.slice(11)}/bin` }, [other]: 'x' }).paths.has(other)).toBe(true);
    expect(scan({ [top]: hash.replace('b', 'e'), [other]: 'x' }).paths.has(other)).toBe(false);
  });

  it('finds the hashes a plain search finds, in random characters of them', () => {
    let state = 1;
    const random = (below: number): number => {
      state = (state * 48271) % 0x7fffffff;
      return state % below;
    };
    const letters = '0123456789abcdfghijklmnpqrsvwxyz';
    const name = () => `/nix/store/${Array.from({ length: 32 }, () => letters[random(3)]).join('')}-x`;
    const others = Array.from({ length: 20 }, name);
    for (let round = 0; round < 200; round++) {
      const parts = Array.from({ length: 12 }, () => others[random(20)]?.slice(11 + random(3), 40 + random(4)) ?? '');
      const text = parts.map((part) => part + (random(4) === 0 ? 'e' : '')).join('');
      const { paths } = scan({ [top]: text, ...Object.fromEntries(others.map((one) => [one, ''])) });
      const expected = others.filter((one) => text.includes(one.slice(11, 43)));
      expect([...paths].sort(), text).toEqual([...new Set([top, ...expected])].sort());
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
