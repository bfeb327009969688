import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { MemorySource } from '../../../src/bytes/memory-source.ts';
import { endOfArchive, formatMember } from '../../../src/filesystems/tar/format-member.ts';
import { TarFileSystem } from '../../../src/filesystems/tar/tar-file-system.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { walk } from '../../filesystems/conformance.ts';
import { checkImage } from '../command-line.ts';

const plain = join(import.meta.dirname, '../../fixtures/disks/plain.wic.zst');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'copy-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('extract', () => {
  it('copies the composed root, mounts included, or one file system of it', async () => {
    const whole = join(folder, 'whole');
    expect((await checkImage('extract', plain, whole)).code).toBe(0);
    expect(readFileSync(join(whole, 'etc/hostname'), 'utf8')).toBe('node\n');
    expect(readFileSync(join(whole, 'boot/loader/loader.conf'), 'utf8')).toBe('default boot\ntimeout 0\n');
    const root = join(folder, 'root');
    expect((await checkImage('extract', '-x', plain, root)).code).toBe(0);
    expect(readdirSync(join(root, 'boot'))).toEqual([]);
  });

  it('wants an empty folder unless it may replace', async () => {
    const used = mkdtempSync(join(folder, 'used-'));
    writeFileSync(join(used, 'hostname'), 'mine');
    const refused = await checkImage('extract', `${plain}:/etc/hostname`, used);
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.err).toContain('is not empty; name an empty or new folder, or add --force');
    expect(readFileSync(join(used, 'hostname'), 'utf8')).toBe('mine');
    expect((await checkImage('extract', '--force', `${plain}:/etc/hostname`, used)).code).toBe(0);
    expect(readFileSync(join(used, 'hostname'), 'utf8')).toBe('node\n');
  });

  it('gives files to their owners as root only, which it asks before it writes', async () => {
    const euid = vi.spyOn(process, 'geteuid').mockReturnValue(1000);
    const owned = join(folder, 'owned');
    const { code, err } = await checkImage('extract', '--owner', plain, owned);
    euid.mockRestore();
    expect({ code, err }).toEqual({
      code: 2,
      err: 'check-image: --owner gives files to others; run as root, or leave it out\n',
    });
    expect(lstatSync(owned, { throwIfNoEntry: false })).toBeUndefined();
  });

  it('says what is not there, and makes no folder for it', async () => {
    const none = join(folder, 'none');
    const { code, err } = await checkImage('extract', `${plain}:/none`, none);
    expect({ code, err }).toEqual({ code: 1, err: `check-image: there is no ${plain}:/none\n` });
    expect(lstatSync(none, { throwIfNoEntry: false })).toBeUndefined();
  });

  it('cannot write where a file is', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const onFile = await checkImage('extract', plain, file);
    expect(onFile).toMatchObject({
      code: 2,
      err: `check-image: cannot open ${file}: it, or a part of its path, is not a directory\n`,
    });
    const nowhere = await checkImage('extract', plain, join(folder, 'no/where'));
    expect(nowhere).toMatchObject({ code: 2, err: expect.stringContaining('make the folder it is to lie in first') });
  });

  it('says of what it makes nothing, and makes no folder for it', async () => {
    const tar = join(folder, 'device.tar');
    const [mode, uid, gid, size, mtime] = [0o600, 0, 0, 0, { seconds: 0, nanoseconds: 0 }];
    const device = {
      path: './null',
      type: 'character',
      mode,
      uid,
      gid,
      size,
      mtime,
      device: { major: 1, minor: 3 },
    } as const;
    writeFileSync(tar, Buffer.concat([formatMember(device), endOfArchive]));
    const none = join(folder, 'device');
    const { code, err } = await checkImage('extract', `${tar}:/null`, none);
    const reason = `${tar}:/null is a device node: extract makes none, export writes it as tar`;
    expect({ code, err }).toEqual({ code: 1, err: `check-image: ${reason}\n` });
    expect(lstatSync(none, { throwIfNoEntry: false })).toBeUndefined();
    expect((await checkImage('extract', tar, none)).err.split('\n')).toEqual([
      'check-image: left out: 1 device node (extract makes none)',
      expect.stringContaining('to keep all of it: check-image export IMAGE:PATH | sudo tar'),
      '',
    ]);
  });
});

describe('export', () => {
  it('writes the same archive every time, of the root and of one partition', async () => {
    const [one, two] = [await checkImage('export', plain), await checkImage('export', plain)];
    expect(one).toMatchObject({ code: 0, err: '' });
    expect(one.out === two.out).toBe(true);
    expect(one.out.startsWith('./\0')).toBe(true);
    const archive = new TarFileSystem(new MemorySource(Buffer.from(one.out, 'latin1'), 'x.tar'), defaultLimits);
    const found = (await checkImage('find', plain)).out.trimEnd().split('\n');
    expect([...walk(archive).keys()].sort()).toEqual(found.sort());
    expect((await checkImage('export', `${plain}!p1`)).out).toContain('./loader/loader.conf\0');
  });

  it('says which access control lists its archive does not give', async () => {
    const named = join(import.meta.dirname, '../../fixtures/tar/named-gnu.tar.gz');
    const { code, err } = await checkImage('export', named);
    expect({ code, lines: err.split('\n').length }).toEqual({ code: 0, lines: 2 });
    expect(err).toMatch(/^check-image: the access control lists of 2 members are left out: /);
    // As `ls -l` showed the files that were packed.
    const listed = (await checkImage('ls', '-l', `${named}:/`)).out.trimEnd().split('\n');
    expect(listed.map((line) => `${line.slice(10, 11).trim()} ${line.split(' ').at(-1)}`)).toEqual([
      '+ everyone',
      '+ folder',
      ' nobody',
      '+ numbered',
    ]);
    expect((await checkImage('stat', `${named}:/everyone`)).out).toContain('an access control list of names without');
    expect((await checkImage('stat', `${named}:/nobody`)).out).not.toContain('access control list');
  });

  it('says what is not there', async () => {
    expect(await checkImage('export', `${plain}:/none`)).toMatchObject({ code: 1, out: '' });
  });
});
