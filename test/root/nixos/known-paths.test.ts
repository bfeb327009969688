/** Registration files and databases of stores, against what nix-store and sqlite3 say of the same ones. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { zstd } from '../../../src/bytes/codecs/zstd/zstd.ts';
import { openFileSource } from '../../../src/bytes/file-source.ts';
import { asImageError } from '../../../src/errors.ts';
import { MemoryFileSystem } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { readStoreDatabase } from '../../../src/root/nixos/database/read-store-database.ts';
import { databasePath, readKnownPaths } from '../../../src/root/nixos/known-paths.ts';
import { parseRegistration, type RegisteredPath } from '../../../src/root/nixos/registration.ts';
import { RootView } from '../../../src/root/root-view.ts';
import { fixture } from './system-image.ts';

const location = { source: 'registration' };

async function unpack(name: string): Promise<Uint8Array> {
  const packed = openFileSource(fixture(name), { label: name, cacheBytes: 1 << 20 });
  const source = await zstd.open(packed, { limits: defaultLimits });
  const bytes = Uint8Array.from(source.read(0, source.size));
  source.close();
  packed.close();
  return bytes;
}

const viewOf = (tree: Record<string, string | Uint8Array>): RootView =>
  new RootView([{ path: '/', fileSystem: new MemoryFileSystem(tree) }], defaultLimits);

const plain = (paths: readonly RegisteredPath[]) =>
  paths
    .map(({ path, narHash, narSize, references }) => ({
      path,
      hash: narHash.replace('sha256:', ''),
      narSize,
      references: [...references].sort(),
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));

describe('the database of a store', () => {
  it.each(['db', 'deep'])('%s: holds what its own tools print', async (name) => {
    const database = await unpack(`${name}.sqlite.zst`);
    const dump = Buffer.from(await unpack(`${name}.dump.zst`)).toString();
    const expected = plain(parseRegistration(dump, location));
    expect(expected.length).toBeGreaterThan(30);
    expect(plain(readStoreDatabase(viewOf({ '/db': database }), '/db'))).toEqual(expected);
  });

  it('comes before a registration', async () => {
    const database = await unpack('db.sqlite.zst');
    const known = readKnownPaths(viewOf({ [databasePath]: database, '/nix-path-registration': 'x' }));
    expect(known?.from).toBe('database');
  });

  it.each(['db', 'deep'])('%s: damage ends in records or an ImageError', async (name) => {
    const database = await unpack(`${name}.sqlite.zst`);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(database.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        fc.nat(database.length),
        (changes, cut) => {
          const bytes = Uint8Array.from(database);
          for (const [at, value] of changes) bytes[at] = value;
          try {
            readStoreDatabase(viewOf({ '/db': bytes.subarray(0, cut % 3 === 0 ? cut : bytes.length) }), '/db');
          } catch (thrown) {
            asImageError(thrown);
          }
        },
      ),
      { seed: 20260126, numRuns: 300 },
    );
  });

  it('refuses what is none', () => {
    expect(() => readStoreDatabase(viewOf({ '/db': 'x'.repeat(200) }), '/db')).toThrow(/no SQLite database/);
    expect(() => readStoreDatabase(viewOf({ '/db': 'x' }), '/db')).toThrow(/too short/);
  });
});

const path = (letter: string): string => `/nix/store/${letter.repeat(32)}-x`;

describe('a registration', () => {
  it('may lack its last newline and its derivers', () => {
    const text = `${path('a')}\nsha256:0\n120\n\n1\n${path('b')}\n${path('b')}\nsha256:1\n7\n${path('c')}\n0`;
    expect(parseRegistration(text, location)).toEqual([
      { path: path('a'), narHash: 'sha256:0', narSize: 120, references: [path('b')] },
      { path: path('b'), narHash: 'sha256:1', narSize: 7, references: [] },
    ]);
    expect(parseRegistration('', location)).toEqual([]);
  });

  it.each([
    ['a line that is no store path', 'hello\n', 1],
    ['more references than lines', `${path('a')}\nh\n1\n\n99999999\n`, 5],
    ['a size that is none', `${path('a')}\nh\n-1\n\n0\n`, 3],
    ['an end in a record', `${path('a')}\nh\n`, 3],
    ['a reference below a store path', `${path('a')}\nh\n1\n\n1\n${path('b')}/bin\n`, 6],
  ])('is refused with its line for %s', (_, text, line) => {
    expect(() => parseRegistration(text, location)).toThrow(
      expect.objectContaining({ code: 'nix/bad-registration', location: { ...location, line } }),
    );
  });

  it('lies in a root, or among the paths of a volume', () => {
    const text = readFileSync(fixture('toplevel'), 'utf8').trim();
    for (const place of ['/nix-path-registration', '/nix/store/nix-path-registration']) {
      const known = readKnownPaths(viewOf({ [place]: `${text}\nh\n1\n\n0\n` }));
      expect(known).toMatchObject({ from: 'registration', location: { path: place }, paths: [{ path: text }] });
    }
    expect(readKnownPaths(viewOf({}))).toBeUndefined();
  });
});
