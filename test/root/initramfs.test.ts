/** An initramfs may begin with a compressed archive and go on with plain ones, as boot loaders and `cat` put them together. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync, gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { MemorySource } from '../../src/bytes/memory-source.ts';
import { openImageSource } from '../../src/root/open-image.ts';
import { outcomeOf } from '../filesystems/fuzz.ts';

const read = (name: string): Buffer =>
  brotliDecompressSync(readFileSync(join(import.meta.dirname, '../fixtures/cpio', `${name}.br`)));
const open = (...parts: readonly Uint8Array[]): ReturnType<typeof openImageSource> =>
  openImageSource(new MemorySource(Buffer.concat(parts), 'initrd.img'));

it('is read to its end', async () => {
  const alone = await open(gzipSync(read('newc.cpio')));
  const image = await open(gzipSync(read('newc.cpio')), new Uint8Array(100), read('initramfs-gzip.img'));
  expect(image.root.fileSystem.format).toBe('cpio');
  const names = (opened: typeof image): string[] => (opened.view.list('/') ?? []).map(({ name }) => name);
  expect(names(image)).toEqual(expect.arrayContaining(names(alone)));
  expect(names(image).length).toBeGreaterThan(names(alone).length);
  expect(image.diagnostics).toContainEqual(expect.objectContaining({ code: 'cpio/segments' }));
  image.close();
  alone.close();
});

it('is refused as before where what follows, or what is compressed, is something else', async () => {
  const text = Buffer.from('no archive at all');
  expect(await outcomeOf(() => open(gzipSync(text), text))).toBe('corrupt gzip/trailing-bytes');
});
