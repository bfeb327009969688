import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MemorySource } from '../../../src/bytes/memory-source.ts';
import { copyTree } from '../../../src/cli/extract/copy-tree.ts';
import { ensureFolder, HostDirectory } from '../../../src/cli/extract/host-directory.ts';
import { TarFileSystem } from '../../../src/filesystems/tar/tar-file-system.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { RootView } from '../../../src/root/root-view.ts';
import { checkImage } from '../command-line.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/oci');
const archive = join(fixtures, 'gzip.oci-archive.gz');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'containers-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a container image', () => {
  it.each(['gzip.oci-archive', 'zstd.oci-archive', 'plain.docker-archive'])(
    '%s: plain and as it is deployed',
    async (name) => {
      const packed = join(fixtures, `${name}.gz`);
      const plain = join(folder, name);
      writeFileSync(plain, gunzipSync(readFileSync(packed)));
      for (const image of [packed, plain]) {
        const said = await checkImage('cat', `${image}:/bin/across`, `${image}:/swap`);
        expect(said).toEqual({ code: 0, out: 'lowernow a file', err: '' });
      }
    },
  );

  it('a layout in a folder is the image, not a folder of blobs', async () => {
    const layout = join(folder, 'layout');
    ensureFolder(layout);
    const bytes = gunzipSync(readFileSync(archive));
    const fileSystem = new TarFileSystem(new MemorySource(bytes, 'archive'), defaultLimits);
    await copyTree(new RootView([{ path: '/', fileSystem }], defaultLimits), '/', HostDirectory.open(layout), {
      ...{ force: false, owner: false, specialModes: false },
      onProblem: (_path, error) => expect(error).toBeUndefined(),
    });
    expect((await checkImage('ls', layout)).out).toBe('bin\netc\nopaque\nswap\nto-folder\nusr\nvar\n');
  });

  it('is asked for by platform', async () => {
    expect(await checkImage('cat', '--platform', 'linux/amd64', `${archive}:/swap`)).toMatchObject({ code: 0 });
    const { code, err } = await checkImage('cat', '--platform', 'linux/arm64', `${archive}:/swap`);
    expect(code).toBe(3);
    expect(err).toContain('holds no image for linux/arm64; it holds linux/amd64');
  });
});
