/** Many store paths hashed by worker threads: the same as one by one, and as Nix registered. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ImageError } from '../../../src/errors.ts';
import { hashPaths } from '../../../src/facts/nix-store/hash-paths.ts';
import { hashNar } from '../../../src/facts/nix-store/nar-hash.ts';
import { MemoryFileSystem, type MemoryTree } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { RootView } from '../../../src/root/root-view.ts';

const viewOf = (tree: MemoryTree): RootView =>
  new RootView([{ path: '/', fileSystem: new MemoryFileSystem(tree) }], defaultLimits);
const name = (n: number): string => `/nix/store/${String(n).padStart(32, '0')}-path`;
const content = (size: number): Uint8Array => Uint8Array.from({ length: size }, (_, i) => (i * 31) >> (i & 7));

const MiB = 1 << 20;
const tree: MemoryTree = {
  ...Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`${name(n)}/bin/program`, content(n * 1001)])),
  ...Object.fromEntries([0, 1, 2].map((off) => [name(50 + off), content(3 * MiB - 112 + off)])),
  [name(60)]: { link: name(1) },
};
const paths = [...new Set(Object.keys(tree).map((path) => path.slice(0, name(0).length)))];

let folder: string;
let worker: URL;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'check-image-test-'));
  const outfile = join(folder, 'worker.mjs');
  const entry = join(import.meta.dirname, '../../../src/facts/nix-store/nar-hash-worker.ts');
  await build({ entryPoints: [entry], outfile, bundle: true, format: 'esm', platform: 'node', logLevel: 'error' });
  worker = pathToFileURL(outfile);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('hashes in worker threads', () => {
  it('are those of one thread', async () => {
    const view = viewOf(tree);
    const expected = new Map(
      paths.map((path) => {
        const found = view.find(path, 'parents');
        if (!found) throw new Error(path);
        return [path, Buffer.from(hashNar(found.fileSystem, found.node, defaultLimits)).toString('hex')];
      }),
    );
    const found = await hashPaths(view, paths, { worker, bytes: 0 });
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
    expect(Object.fromEntries(await hashPaths(view, paths, { bytes: 0 }))).toEqual(Object.fromEntries(expected));
  });

  it('leave out what cannot be read, and what is not there', async () => {
    const error = new ImageError('corrupt', 'test/damaged', 'damaged');
    const damaged: MemoryTree = {
      ...tree,
      [`${name(7)}/bin/after`]: { error },
      [`${name(7)}/aaa`]: content(2 * MiB + 5),
    };
    const view = viewOf(damaged);
    const hashes = await hashPaths(view, [name(99), ...paths], { worker, bytes: 0 });
    expect(hashes.get(name(7))).toBe(error);
    expect(hashes.has(name(99))).toBe(false);
    const whole = await hashPaths(viewOf(tree), paths, { bytes: 0 });
    for (const path of paths) if (path !== name(7)) expect(hashes.get(path)).toBe(whole.get(path));
  });
});
