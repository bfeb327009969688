/** What `inspect` says of images that hold no root: what they are made of, and why there is no more to say. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { checkImage } from '../command-line.ts';

const folder = mkdtempSync(join(tmpdir(), 'check-image-layers-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function inspect(name: string, ...options: readonly string[]) {
  const bytes = gunzipSync(readFileSync(join(import.meta.dirname, `../../fixtures/volumes-virtual/${name}.gz`)));
  writeFileSync(join(folder, name), bytes);
  return checkImage('inspect', join(folder, name), ...options);
}

describe('an image without a root', () => {
  it('of a kernel: sections, machine, signature', async () => {
    const { code, out, err } = await inspect('uki.efi');
    expect(code).toBe(3);
    expect(out).toMatch(/^pe +85 KiB$/m);
    expect(out).toMatch(/^├─ \.initrd +512 bytes {2}cpio$/m);
    expect(out).toMatch(/^├─ \.cmdline +33 bytes {2}data$/m);
    expect(out).toContain('a program for amd64, signed, which is not verified');
    expect(err).toContain('no root file system found');
  });

  it.each([
    ['inside.itb', /^├─ ramdisk-1 +512 bytes {2}cpio$/m],
    ['update.swu', /its signature is not verified/],
    ['machine.ova', /^ +├─ p1 "platform" +1024 KiB {2}ext2 "platform"/m],
    ['plain.raucb', /^└─ squashfs/m],
  ])('%s', async (name, wanted) => {
    const { code, out } = await inspect(name);
    expect(code).toBe(3);
    expect(out).toMatch(wanted);
  });

  it('has no layers in JSON, for there is no inspection', async () => {
    expect(await inspect('inside.itb', '--json')).toMatchObject({ code: 3, out: '' });
  });
});
