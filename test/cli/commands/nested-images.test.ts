/** Files in images in images, of formats that have nothing to do with each other. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endOfArchive, formatMember, paddingOf } from '../../../src/filesystems/tar/format-member.ts';
import { checkImage } from '../command-line.ts';

const fixtures = join(import.meta.dirname, '../../fixtures');
const folder = mkdtempSync(join(tmpdir(), 'check-image-nested-'));
const outer = join(folder, 'outer!.tar');
const uki = join(folder, 'uki.efi');

/** A regular file of a tar archive. */
function member(path: string, content: Buffer): Uint8Array {
  const size = content.length;
  const owner = { mode: 0o644, uid: 0, gid: 0, mtime: { seconds: 0, nanoseconds: 0 } };
  const header = formatMember({ path, type: 'file', size, ...owner, xattrs: new Map() });
  return Buffer.concat([header, content, new Uint8Array(paddingOf(size))]);
}

beforeAll(() => {
  const read = (name: string): Buffer => gunzipSync(readFileSync(join(fixtures, name)));
  writeFileSync(uki, read('volumes-virtual/uki.efi.gz'));
  const members = [
    member('images/disk.wic', read('disks/plain.wic.gz')),
    member('boot/linux.efi', read('volumes-virtual/uki.efi.gz')),
    member('odd:/name!p1', Buffer.from('a name of a file')),
  ];
  writeFileSync(outer, Buffer.concat([...members, endOfArchive]));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('an address inside an image inside an image', () => {
  it('goes through archives, disks, partitions and sections', async () => {
    const said = await checkImage('cat', `${outer}:/images/disk.wic!p1:/loader/loader.conf`);
    expect(said).toEqual({ code: 0, out: 'default boot\ntimeout 0\n', err: '' });
    expect((await checkImage('ls', `${outer}:/boot/linux.efi!.initrd:/`)).out).toBe('init\n');
    expect((await checkImage('stat', '--json', `${outer}:/boot/linux.efi!.initrd:/init`)).out).toContain('.initrd');
    expect((await checkImage('find', `${outer}:/boot/linux.efi!.initrd`)).out).toBe('/\n/init\n');
  });

  it('names a volume by itself: its bytes, or what is in it', async () => {
    expect((await checkImage('cat', `${uki}!.cmdline`)).out).toBe('root=PARTLABEL=platform ro quiet\n');
    expect((await checkImage('ls', `${uki}!.initrd`)).out).toBe('init\n');
    expect((await checkImage('stat', `${uki}!.initrd`)).code).toBe(2);
  });

  it('shows the root of a disk that is named as a whole', async () => {
    expect((await checkImage('cat', `${outer}:/images/disk.wic:/etc/hostname`)).out).toBe('node\n');
    expect((await checkImage('cat', `${outer}:/images/disk.wic!:/vmlinuz`)).out).toBe('kernel\n');
    expect((await checkImage('sysctl', `${outer}:/images/disk.wic!`)).code).toBe(0);
    expect((await checkImage('sysctl', outer)).code).toBe(3);
  });

  it('tells of a digest on the way that does not match', async () => {
    const fit = gunzipSync(readFileSync(join(fixtures, 'volumes-virtual/inside.itb.gz')));
    const whole = join(folder, 'whole.itb');
    writeFileSync(whole, fit);
    expect(await checkImage('ls', `${whole}!ramdisk-1:/`)).toEqual({ code: 0, out: 'init\n', err: '' });
    const changed = join(folder, 'changed.itb');
    fit[fit.indexOf('exec /sbin/init')] = 0x45;
    writeFileSync(changed, fit);
    for (const words of [
      ['ls', ''],
      ['find', ''],
      ['cat', ':/init'],
      ['stat', ':/init'],
      ['cat', ''],
    ]) {
      const [command = '', path] = words;
      const { code, out, err } = await checkImage(command, `${changed}!ramdisk-1${path}`);
      expect([command, code, out !== '']).toEqual([command, 3, true]);
      expect(err).toContain('ramdisk-1 does not match its sha1 hash: it was changed or damaged');
    }
    const judged = await checkImage(`${changed}!ramdisk-1`, '--contract', 'boot', '--format', 'json');
    const [image] = JSON.parse(judged.out).images as { diagnostics: { code: string }[] }[];
    expect(image?.diagnostics.map(({ code }) => code)).toContain('fit/bad-hash');
  });

  it('is judged and inspected like any other', async () => {
    const inspected = await checkImage('inspect', `${outer}:/images/disk.wic`);
    expect(inspected).toMatchObject({ code: 0, out: expect.stringContaining('outer!.tar:/images/disk.wic') });
    const judged = await checkImage(`${outer}:/images/disk.wic`, '--contract', 'boot');
    expect(judged.out).toContain('gpt > p2 ext4');
    const missing = await checkImage(`${outer}:/images/none.wic`);
    expect(missing).toMatchObject({ code: 3, err: expect.stringContaining('/images/none.wic') });
  });

  it('is a side of a diff, files and all', async () => {
    const disk = join(folder, 'disk.wic');
    writeFileSync(disk, gunzipSync(readFileSync(join(fixtures, 'disks/plain.wic.gz'))));
    const diff = async (...words: string[]) => {
      const { code, out, err } = await checkImage('diff', ...words, '--format', 'json');
      if (out === '') return { code, err };
      const { a, b, changes } = JSON.parse(out) as { a: { image: string }; b: { image: string }; changes: unknown[] };
      return { code, images: [a.image, b.image], changes };
    };
    const nested = `${outer}:/images/disk.wic`;
    const images = ['outer!.tar:/images/disk.wic', 'disk.wic'];
    expect(await diff(nested, disk)).toEqual({ code: 0, images, changes: [] });
    expect(await diff('--files', nested, disk)).toEqual({ code: 0, images, changes: [] });
    // A partition by itself lacks what is mounted on it: nothing differs, but not all could be told.
    const parts = images.map((image) => `${image}!p2`);
    expect(await diff('--files', `${nested}!p2`, `${disk}!p2`)).toEqual({ code: 3, images: parts, changes: [] });
    expect(await diff(nested, `${disk}!p9`)).toMatchObject({ code: 3, err: expect.stringContaining('no volume p9') });
    const saved = join(folder, 'saved.json');
    writeFileSync(saved, (await checkImage('inspect', '--facts', nested)).out);
    expect(await diff(saved, disk)).toEqual({ code: 0, images, changes: [] });
  });

  it('is that of a file system beside the root, as locations name it', async () => {
    const initrd = join(fixtures, 'nixos/netboot-initrd.zst');
    const said = await checkImage('ls', `${initrd}:/nix-store.squashfs:/`);
    expect(said).toMatchObject({ code: 0, out: expect.stringMatching(/^[0-9a-z]{32}-/) });
  });

  it('is a plain path where there is one', async () => {
    expect((await checkImage('cat', `${outer}:/odd:/name!p1`)).out).toBe('a name of a file');
  });

  it('says what is there where a name leads nowhere', async () => {
    const missing = await checkImage('cat', `${outer}:/boot/linux.efi!.dtb`);
    expect(missing).toMatchObject({
      code: 3,
      err: expect.stringMatching(/has no volume \.dtb; it has .*!\.linux !\.initrd/),
    });
    const none = await checkImage('cat', `${outer}:/images/none.wic!p1:/x`);
    expect(none).toMatchObject({ code: 1, err: expect.stringContaining('there is no') });
    const flat = await checkImage('ls', `${outer}:/images/disk.wic!p2!p1`);
    expect(flat).toMatchObject({
      code: 3,
      err: expect.stringContaining('has no volumes: it is a file system (ext2/3/4)'),
    });
  });
});
