/** Two small roots: every property of a file, content, moves, archives, mounts, damage. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ImageError } from '../../../src/errors.ts';
import { compareTrees } from '../../../src/facts/two-trees/compare-trees.ts';
import type { TreeComparison } from '../../../src/facts/two-trees/tree-difference.ts';
import { MemoryFileSystem, type MemoryTree } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { formatLocation } from '../../../src/location.ts';
import { RootView } from '../../../src/root/root-view.ts';

const rootOf = (tree: MemoryTree, mounted?: MemoryTree): RootView =>
  new RootView(
    [
      { path: '/', fileSystem: new MemoryFileSystem(tree) },
      ...(mounted ? [{ path: '/boot', fileSystem: new MemoryFileSystem(mounted, 'esp') }] : []),
    ],
    defaultLimits,
  );

const compare = (a: MemoryTree, b: MemoryTree): Promise<TreeComparison> => compareTrees(rootOf(a), rootOf(b));

async function linesOf(comparing: Promise<TreeComparison>): Promise<readonly string[]> {
  const { differences } = await comparing;
  return differences.map(({ state, path, from, fields, content }) =>
    [
      state,
      ...(from === undefined ? [] : [from]),
      path,
      ...fields.map(({ name, a, b }) => `${name} ${a ?? '-'} ${b ?? '-'}`),
      ...(content ? [content.kind] : []),
    ].join(' '),
  );
}

/** A cpio archive (newc) of one file. */
function cpioOf(name: string, text: string): Uint8Array {
  const member = (path: string, content: string, mode: number): string => {
    const fields = [1, mode, 0, 0, 1, 0, content.length, 0, 0, 0, 0, path.length + 1, 0];
    const head = `070701${fields.map((one) => one.toString(16).padStart(8, '0')).join('')}${path}\0`;
    const pad = (part: string): string => part + '\0'.repeat((4 - (part.length % 4)) % 4);
    return pad(head) + pad(content);
  };
  return Buffer.from(member(name, text, 0o100644) + member('TRAILER!!!', '', 0), 'latin1');
}

describe('files of /boot', () => {
  it('are compared though their names tell a version, in archives by the path of the whole', async () => {
    const rest = { '/usr/lib/linux-6.1': 'a' };
    const a = {
      '/boot/vmlinuz-6.1': 'one',
      '/boot/config-6.1': 'same',
      '/boot/m-1/initrd': cpioOf('boot/k-1', 'x'),
      ...rest,
    };
    const b = { '/boot/vmlinuz-6.2': 'other', '/boot/config-6.2': 'same', '/boot/m-2/initrd': cpioOf('boot/k-2', 'y') };
    const { differences } = await compare(a, { ...b, '/usr/lib/linux-6.2': 'b' });
    const paths = differences.map(({ state, path, fields }) => {
      const [named] = fields;
      return [state, path, ...(named?.name === 'path' ? [named.a, named.b] : [])].join(' ');
    });
    expect(paths).toEqual([
      'changed /boot/config-6.1 /boot/config-6.1 /boot/config-6.2',
      'changed /boot/m-1 /boot/m-1 /boot/m-2',
      'changed /boot/m-1/initrd!/boot/k-1 /boot/m-1/initrd!/boot/k-1 /boot/m-1/initrd!/boot/k-2',
      'changed /boot/m-1/initrd',
      'changed /boot/vmlinuz-6.1 /boot/vmlinuz-6.1 /boot/vmlinuz-6.2',
      'removed /usr/lib/linux-6.1',
      'added /usr/lib/linux-6.2',
    ]);
  });
});

describe('properties', () => {
  it('of equal trees are equal', async () => {
    const tree = { '/a/b': 'text', '/l': { link: 'a' }, '/d': { directory: true } };
    expect(await compare(tree, tree)).toEqual({ differences: [], gaps: [], equal: 5, touched: 0 });
  });

  it('are told one by one', async () => {
    const device = (minor: number) => ({ type: 'character', device: { major: 1, minor } }) as const;
    const a = {
      '/mode': { text: 'x', mode: 0o644 },
      '/owner': { text: 'x', uid: 0, gid: 0 },
      '/link': { link: 'a' },
      '/type': 'x',
      '/dev': device(3),
      '/cap': { text: 'x', xattrs: { 'user.a': Buffer.from('1'), 'user.b': Buffer.from('1') } },
    };
    const b = {
      '/mode': { text: 'x', mode: 0o4755 },
      '/owner': { text: 'x', uid: 1, gid: 2 },
      '/link': { link: 'b' },
      '/type': { link: 'x' },
      '/dev': device(5),
      '/cap': { text: 'x', xattrs: { 'user.a': Buffer.from('2'), 'user.c': Buffer.from([0xff]) } },
    };
    expect(await linesOf(compare(a, b))).toEqual([
      'changed /cap xattr user.a 1 2 xattr user.b 1 - xattr user.c - ff',
      'changed /dev device 1:3 1:5',
      'changed /link target a b',
      'changed /mode mode 0644 4755',
      'changed /owner owner 0 1 group 0 2',
      'changed /type type file symlink to x',
    ]);
  });

  it('do not count a new time, but it is counted', async () => {
    const { differences, touched } = await compare(
      { '/a': { text: 'x', mtime: 1 } },
      { '/a': { text: 'x', mtime: 2 } },
    );
    expect([differences.length, touched]).toEqual([0, 1]);
  });
});

describe('contents', () => {
  const large = (last: number): Uint8Array => {
    const bytes = new Uint8Array(3 * 1024 * 1024);
    bytes[bytes.length - 1] = last;
    return bytes;
  };

  it('differ by kind', async () => {
    const a = { '/text': 'a\n', '/data': Buffer.from([0, 1, 2]), '/large': large(1), '/same': large(7) };
    const b = { '/text': 'b\n', '/data': Buffer.from([0, 1, 3, 4]), '/large': large(2), '/same': large(7) };
    const { differences } = await compare(a, b);
    expect(differences.map(({ path, content }) => [path, content])).toEqual([
      ['/data', { kind: 'data' }],
      ['/large', { kind: 'data', offset: 3 * 1024 * 1024 - 1 }],
      ['/text', { kind: 'text', a: 'a\n', b: 'b\n' }],
    ]);
  });

  it('that not everybody may read are not shown', async () => {
    const token = (text: string) => ({ '/token': { text, mode: 0o600 } });
    expect(await linesOf(compare(token('a'), token('b')))).toEqual(['changed /token private']);
  });

  it('that moved are found, the nearest name first', async () => {
    const a = { '/old/a.conf': 'content', '/old/b.conf': 'content', '/empty': '' };
    const b = { '/new/b.conf': 'content', '/new/x': 'content', '/none': '' };
    expect(await linesOf(compare(a, b))).toEqual([
      'removed /empty mode 0644 -',
      'added /new mode - 0755',
      'moved /old/b.conf /new/b.conf',
      'moved /old/a.conf /new/x',
      'added /none mode - 0644',
      'removed /old mode 0755 -',
    ]);
  });

  it('that moved keep nothing else to themselves', async () => {
    const a = { '/a': { text: 'content', mode: 0o755 } };
    const b = { '/b': { text: 'content', mode: 0o4755 } };
    expect(await linesOf(compare(a, b))).toEqual(['moved /a /b mode 0755 4755']);
  });

  it('that are archives are opened', async () => {
    const initrd = (name: string, text: string) => ({ '/boot/initrd.img': cpioOf(name, text) });
    expect(await linesOf(compare(initrd('init', 'a'), initrd('init', 'b')))).toEqual([
      'changed /boot/initrd.img!/init text',
      'changed /boot/initrd.img archive',
    ]);
    const broken = { '/boot/initrd.img': Buffer.from('070701 and no more') };
    expect(await linesOf(compare(initrd('init', 'a'), broken))).toEqual(['changed /boot/initrd.img data']);
  });
});

describe('archives', () => {
  const uki = gunzipSync(readFileSync(join(import.meta.dirname, '../../fixtures/volumes-virtual/uki.efi.gz')));
  const linux = '/boot/EFI/Linux/linux.efi';
  /** The fixture with other texts of the same length in it. */
  function rebuilt(texts: Readonly<Record<string, string>>): Buffer {
    const copy = Buffer.from(uki);
    for (const [from, to] of Object.entries(texts)) copy.write(to, copy.indexOf(from), 'latin1');
    return copy;
  }

  it('are told by what is in them: sections of a kernel image, files of its initrd', async () => {
    const other = rebuilt({ 'ro quiet': 'ro debug', '/sbin/init': '/sbin/iNIT' });
    const { differences } = await compare({ [linux]: uki }, { [linux]: other });
    expect(differences.map(({ path, content, at }) => [path, content, at.b && formatLocation(at.b)])).toEqual([
      [
        `${linux}!.cmdline`,
        { kind: 'text', a: 'root=PARTLABEL=platform ro quiet\n', b: 'root=PARTLABEL=platform ro debug\n' },
        `memory:${linux}!.cmdline`,
      ],
      [
        `${linux}!.initrd!/init`,
        { kind: 'text', a: '#!/bin/sh\nexec /sbin/init\n', b: '#!/bin/sh\nexec /sbin/iNIT\n' },
        `memory:${linux}!.initrd:/init`,
      ],
      [`${linux}!.initrd`, { kind: 'archive', inside: 1 }, `memory:${linux}!.initrd`],
      [linux, { kind: 'archive', inside: 3 }, `memory:${linux}`],
    ]);
  });

  it('of one content may be signed by another key', async () => {
    const signature = uki.subarray(uki.indexOf('261122152835Z')).subarray(0, 13).toString('latin1');
    const other = rebuilt({ [signature]: '271122152835Z' });
    expect(await linesOf(compare({ [linux]: uki }, { [linux]: other }))).toEqual([
      `changed ${linux}!signature data`,
      `changed ${linux} archive`,
    ]);
  });

  it('are boot programs without a kernel where nothing tells their parts apart', async () => {
    const names = { '.linux\0': '.linex\0', '.initrd\0': '.initrx\0' };
    const [one, other] = [rebuilt(names), rebuilt({ ...names, 'ro quiet': 'ro debug' })];
    expect(await linesOf(compare({ [linux]: one }, { [linux]: other }))).toEqual([`changed ${linux} data`]);
  });

  it('have sections of any name', async () => {
    const names = { '.osrel\0': '../rel\0', '.uname\0': '\0\0\0\0\0\0\0' };
    const [one, other] = [rebuilt(names), rebuilt({ ...names, 'ID=debian': 'ID=nobody' })];
    expect(await linesOf(compare({ [linux]: one }, { [linux]: other }))).toEqual([
      `changed ${linux}!section 12 text`,
      `changed ${linux} archive`,
    ]);
  });

  it('are the initrds of NixOS, too, and compressed ones', async () => {
    const path = `/boot/EFI/nixos/${'a'.repeat(32)}-initrd-linux-6.6.68-initrd.efi`;
    const packed = (text: string, level: number) => ({ [path]: gzipSync(cpioOf('init', text), { level }) });
    expect(await linesOf(compare(packed('a', 9), packed('b', 9)))).toEqual([
      `changed ${path}!/init text`,
      `changed ${path} archive`,
    ]);
    expect(await linesOf(compare(packed('a', 9), packed('a', 0)))).toEqual([`changed ${path} archive`]);
  });

  it('keep to themselves what they keep to themselves as a whole', async () => {
    const initrd = (text: string) => ({ '/boot/initrd.img': { bytes: cpioOf('token', text), mode: 0o600 } });
    expect(await linesOf(compare(initrd('a'), initrd('b')))).toEqual([
      'changed /boot/initrd.img!/token private',
      'changed /boot/initrd.img archive',
    ]);
  });

  it('tell where in them a file has moved', async () => {
    const initrd = (name: string) => ({ '/boot/initrd.img': cpioOf(name, 'text') });
    const [moved] = (await compare(initrd('old'), initrd('new'))).differences;
    expect(moved).toMatchObject({
      state: 'moved',
      from: '/boot/initrd.img!/old',
      path: '/boot/initrd.img!/new',
    });
  });

  it('are not what only has such a name, and all of them counts', async () => {
    const named = (text: string) => ({ '/etc/initramfs.conf': text });
    expect(await linesOf(compare(named('a\n'), named('b\n')))).toEqual(['changed /etc/initramfs.conf text']);
    const initrd = (rest: string) => ({ '/boot/initrd.img': Buffer.concat([cpioOf('init', 'a'), Buffer.from(rest)]) });
    expect(await linesOf(compare(initrd('rest'), initrd('REST')))).toEqual(['changed /boot/initrd.img data']);
  });

  it('that are cut off are bytes', async () => {
    const cut = uki.subarray(0, 72_000);
    expect(await linesOf(compare({ [linux]: uki }, { [linux]: cut }))).toEqual([`changed ${linux} data`]);
  });
});

describe('stores', () => {
  const [one, two] = ['a'.repeat(32), 'b'.repeat(32)];
  const program = (hash: string, more = '') =>
    Buffer.concat([Buffer.alloc(1024 * 1024 - 20), Buffer.from(`\0/nix/store/${hash}-glibc-2.40/lib\0${more}`)]);

  it('have paths with other hashes, found by name', async () => {
    const store = (hash: string, version: string) => ({
      [`/nix/store/${hash}-socat-${version}/bin/socat`]: program(hash),
      [`/nix/store/${hash}-etc/hostname`]: 'edge-1\n',
    });
    expect(await linesOf(compare(store(one, '1.8.0'), store(two, '1.8.1')))).toEqual([
      `changed /nix/store/${one}-etc path /nix/store/${one}-etc /nix/store/${two}-etc`,
      `changed /nix/store/${one}-socat-1.8.0 path /nix/store/${one}-socat-1.8.0 /nix/store/${two}-socat-1.8.1`,
      `changed /nix/store/${one}-socat-1.8.0/bin/socat hashes`,
    ]);
  });

  it('do not guess among several of one name, and see a change beside a hash', async () => {
    const sources = (...hashes: readonly string[]) =>
      Object.fromEntries(hashes.map((hash, i) => [`/nix/store/${hash}-source`, `${i} ${hash}`]));
    const several = compare(sources(one), sources(two, 'c'.repeat(32)));
    expect((await linesOf(several)).map((line) => line.split(' ')[0])).toEqual(['removed', 'added', 'added']);
    const same = (hash: string, more: string) => ({ [`/nix/store/${one}-x-1/x`]: program(hash, more) });
    expect(await linesOf(compare(same(one, 'a'), same(two, 'b')))).toEqual([`changed /nix/store/${one}-x-1/x data`]);
  });
});

describe('trees', () => {
  it('are walked through mounts, in the order of names', async () => {
    const a = rootOf({ '/boot': { directory: true }, '/a': 'x' }, { '/loader/entry': 'one' });
    const b = rootOf({ '/boot': { directory: true }, '/a': 'y' }, { '/loader/entry': 'two' });
    const { differences } = await compareTrees(a, b);
    expect(differences.map(({ path, at }) => [path, at.b?.source, at.b?.path])).toEqual([
      ['/a', 'memory', '/a'],
      ['/boot/loader/entry', 'esp', '/loader/entry'],
    ]);
  });

  it('have names that sort by their bytes', async () => {
    const a = { '/a/x': '1', '/a.b': '1', '/a-b': '1', '/\udcff': '1' };
    const b = { '/a/x': '2', '/a.b': '2', '/a-b': '2', '/\udcff': '2' };
    expect((await linesOf(compare(a, b))).map((line) => line.split(' ')[1])).toEqual([
      '/a/x',
      '/a-b',
      '/a.b',
      '/\udcff',
    ]);
  });

  it('that cannot be read in one place are compared elsewhere', async () => {
    const error = new ImageError('corrupt', 'test/damage', 'damaged');
    const a = { '/bad': { text: 'x', error }, '/dir': { directory: true, error }, '/good': 'x' };
    const b = { '/bad': 'y', '/dir/file': 'y', '/good': 'y' };
    const { differences, gaps } = await compare(a, b);
    expect(differences.map(({ path }) => path)).toEqual(['/good']);
    expect(gaps.map(({ side, message }) => `${side} ${message}`)).toEqual(['a damaged', 'a damaged']);
  });
});
