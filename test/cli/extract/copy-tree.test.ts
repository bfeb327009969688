import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemorySource } from '../../../src/bytes/memory-source.ts';
import { copyTree } from '../../../src/cli/extract/copy-tree.ts';
import { ensureFolder, HostDirectory } from '../../../src/cli/extract/host-directory.ts';
import { ImageError } from '../../../src/errors.ts';
import { ExtentSource } from '../../../src/filesystems/extent-source.ts';
import type { FileSystem } from '../../../src/filesystems/file-system.ts';
import { MemoryFileSystem, type MemoryTree } from '../../../src/filesystems/memory.ts';
import {
  endOfArchive,
  formatMember,
  type MemberStatus,
  paddingOf,
} from '../../../src/filesystems/tar/format-member.ts';
import { TarFileSystem } from '../../../src/filesystems/tar/tar-file-system.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { RootView } from '../../../src/root/root-view.ts';

let folder = '';
let destination = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'extract-'));
  destination = join(folder, 'destination');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const plain = { force: false, owner: false, specialModes: false };

async function copy(
  fileSystem: FileSystem,
  options: Partial<typeof plain> = {},
  start = '/',
): Promise<{ problems: string[]; leftOut: string[] }> {
  const problems: string[] = [];
  ensureFolder(destination);
  const view = new RootView([{ path: '/', fileSystem }], defaultLimits);
  const onProblem = (path: string, { code }: ImageError): number => problems.push(`${path} ${code}`);
  const leftOut = await copyTree(view, start, HostDirectory.open(destination), { ...plain, ...options, onProblem });
  return { problems, leftOut: leftOut.lines() };
}

const copyMemory = (tree: MemoryTree, options: Partial<typeof plain> = {}): ReturnType<typeof copy> =>
  copy(new MemoryFileSystem(tree), options);

/** Everything in the scratch folder, so that nothing written beside the destination goes unnoticed. */
const written = (): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();

const epoch = { seconds: 0, nanoseconds: 0 };
type Member = Pick<MemberStatus, 'path' | 'type'> & Partial<MemberStatus> & { readonly text?: string };

function tarOf(...members: readonly Member[]): TarFileSystem {
  const parts = members.flatMap(({ text = '', ...member }) => {
    const size = Buffer.byteLength(text);
    const header = formatMember({ mode: 0o644, uid: 0, gid: 0, mtime: epoch, ...member, size });
    return [header, Buffer.from(text), new Uint8Array(paddingOf(size))];
  });
  return new TarFileSystem(new MemorySource(Buffer.concat([...parts, endOfArchive]), 'x.tar'), defaultLimits);
}

describe('what is written', () => {
  it('has the content, modes, times and links of the image', async () => {
    const mtime = { seconds: 1_700_000_000, nanoseconds: 123_456_000 };
    const tree = tarOf(
      { path: 'usr/bin', type: 'directory', mode: 0o555, mtime },
      { path: 'usr/bin/tool', type: 'file', mode: 0o750, mtime, text: 'tool' },
      { path: 'other', type: 'hard-link', linkPath: 'usr/bin/tool' },
      { path: 'link', type: 'symlink', linkPath: '/usr/bin/tool', mtime },
      { path: 'old', type: 'file', mtime: { seconds: -315_619_200, nanoseconds: 0 } },
    );
    expect((await copy(tree)).problems).toEqual([]);
    expect(readFileSync(join(destination, 'usr/bin/tool'), 'utf8')).toBe('tool');
    const [tool, other] = ['usr/bin/tool', 'other'].map((name) => lstatSync(join(destination, name), { bigint: true }));
    expect(tool?.ino).toBe(other?.ino);
    expect({ mode: (tool?.mode ?? 0n) & 0o7777n, mtime: tool?.mtimeNs }).toEqual({
      mode: 0o750n,
      mtime: 1_700_000_000_123_456_000n,
    });
    const bin = lstatSync(join(destination, 'usr/bin'));
    expect({ mode: bin.mode & 0o7777, mtime: bin.mtimeMs }).toEqual({ mode: 0o555, mtime: 1_700_000_000_123.456 });
    expect(readlinkSync(join(destination, 'link'))).toBe('/usr/bin/tool');
    expect(lstatSync(join(destination, 'link')).mtimeMs).toBe(1_700_000_000_123.456);
    expect(lstatSync(join(destination, 'old')).mtimeMs).toBe(-315_619_200_000);
  });

  it('has holes where the image has zeros', async () => {
    const bytes = new Uint8Array(8 * 1024 * 1024);
    bytes.set([1, 2, 3], 5 * 1024 * 1024);
    await copyMemory({ '/sparse': bytes });
    const { size, blocks } = lstatSync(join(destination, 'sparse'));
    expect(size).toBe(bytes.length);
    expect(blocks * 512).toBeLessThan(1024 * 1024);
    expect(readFileSync(join(destination, 'sparse')).equals(bytes)).toBe(true);
  });

  it('passes over holes the source knows of, however long they are', async () => {
    const size = 2 ** 40 + 5;
    const giant = new MemoryFileSystem({ '/giant': '' });
    const data = new MemorySource(Buffer.from('island'), 'data');
    giant.open = () => new ExtentSource(data, [{ at: 2 ** 39 + 4000, length: 6, from: 0 }], size, 'giant');
    expect((await copy(giant)).problems).toEqual([]);
    const file = openSync(join(destination, 'giant'), 'r');
    const bytes = Buffer.alloc(8);
    readSync(file, bytes, 0, 8, 2 ** 39 + 3999);
    closeSync(file);
    expect(bytes.toString('latin1')).toBe('\0island\0');
    const { size: written, blocks } = lstatSync(join(destination, 'giant'));
    expect(written).toBe(size);
    expect(blocks * 512).toBeLessThan(64 * 1024);
  });

  it('has neither setuid bits nor what only the kernel or root may make, and says so', async () => {
    const tree: MemoryTree = {
      '/su': { text: 'x', mode: 0o4755, xattrs: { 'user.a': Uint8Array.of(1) } },
      '/tmp': { directory: true, mode: 0o1777 },
      '/dev/sda': { type: 'block', device: { major: 8, minor: 0 } },
      '/dev/null': { type: 'character', device: { major: 1, minor: 3 } },
      '/pipe': { type: 'fifo' },
      '/run/socket': { type: 'socket' },
    };
    const { leftOut } = await copyMemory(tree);
    expect(lstatSync(join(destination, 'su')).mode & 0o7777).toBe(0o755);
    expect(lstatSync(join(destination, 'tmp')).mode & 0o7777).toBe(0o1777);
    expect(written()).toEqual(['destination', ...['dev', 'run', 'su', 'tmp'].map((name) => `destination/${name}`)]);
    for (const line of [
      '2 device nodes',
      '1 fifo',
      '1 socket',
      '1 setuid or setgid bit',
      '1 file’s extended attributes',
    ])
      expect(leftOut.join('\n')).toContain(`left out: ${line}`);
    await copyMemory({ '/su': { text: 'x', mode: 0o6755 } }, { specialModes: true, force: true });
    expect(lstatSync(join(destination, 'su')).mode & 0o7777).toBe(0o6755);
  });

  it('is one file under its own name where the start is one', async () => {
    await copy(new MemoryFileSystem({ '/etc/hostname': 'node\n', '/name': { link: 'etc/hostname' } }), {}, '/name');
    expect(written()).toEqual(['destination', 'destination/name']);
    expect(readFileSync(join(destination, 'name'), 'utf8')).toBe('node\n');
  });
});

describe('hostile trees', () => {
  const outside = (): string => join(folder, 'outside');
  beforeEach(() => {
    mkdirSync(outside());
    writeFileSync(join(outside(), 'victim'), 'safe');
  });
  afterEach(() => {
    expect(readdirSync(outside())).toEqual(['victim']);
    expect(readFileSync(join(outside(), 'victim'), 'utf8')).toBe('safe');
    expect(readdirSync(folder).sort()).toEqual(['destination', 'outside']);
  });

  it.each(['..', '.'])('no name %j is written, its siblings are', async (name) => {
    const { problems } = await copyMemory({ [`/${name}`]: 'evil', '/good': 'good' });
    expect(problems.length).toBeLessThanOrEqual(1);
    expect(readdirSync(destination)).toEqual(['good']);
  });

  it('no name with a slash or NUL is written', async () => {
    const hostile = new MemoryFileSystem({ '/good': 'good' });
    const list = hostile.list.bind(hostile);
    const evil = ['../outside/victim', 'a/b', 'nul\0'].map((name) => ({ name, node: 2, type: 'file' as const }));
    hostile.list = (directory) => [...evil, ...list(directory)];
    hostile.lookup = () => 2;
    await copy(hostile);
    expect(readdirSync(destination)).toEqual(['good']);
  });

  it('no link is followed: absolute, by two hops, to a folder, and then a file of its name', async () => {
    const { problems } = await copy(
      tarOf(
        { path: 'absolute', type: 'symlink', linkPath: outside() },
        { path: 'absolute/victim', type: 'file', text: 'evil' },
        { path: 'first', type: 'symlink', linkPath: '.' },
        { path: 'first/second', type: 'symlink', linkPath: '../../outside' },
        { path: 'second/victim', type: 'file', text: 'evil' },
        { path: 'same', type: 'symlink', linkPath: join(outside(), 'victim') },
        { path: 'same', type: 'file', text: 'a file now' },
        { path: 'hard', type: 'hard-link', linkPath: '../outside/victim' },
        { path: 'into', type: 'hard-link', linkPath: 'absolute/victim' },
        { path: '../outside/new', type: 'file', text: 'evil' },
      ),
    );
    expect(problems.every((problem) => problem.endsWith('tar/bad-hard-link'))).toBe(true);
    expect(lstatSync(join(destination, 'same')).isFile()).toBe(true);
    expect(readlinkSync(join(destination, 'absolute'))).toBe(outside());
  });

  it('a file system that lists one name as a link and as a folder cannot write through the link', async () => {
    const hostile = new MemoryFileSystem({ '/link': { link: outside() }, '/folder/victim': 'evil' });
    const list = hostile.list.bind(hostile);
    const [link, directory] = list(hostile.root);
    hostile.list = (node) =>
      node === hostile.root && link && directory ? [link, { ...directory, name: 'LINK' }] : list(node);
    hostile.lookup = (node, name) =>
      node === hostile.root ? (name === 'link' ? link?.node : directory?.node) : list(node)[0]?.node;
    ensureFolder(destination);
    symlinkSync(outside(), join(destination, 'LINK'));
    await copy(hostile, { force: true });
    expect(readFileSync(join(destination, 'LINK/victim'), 'utf8')).toBe('evil');
    expect(lstatSync(join(destination, 'LINK')).isSymbolicLink()).toBe(false);
  });

  it('links that lie in the destination are replaced with --force, and in the way without', async () => {
    ensureFolder(destination);
    symlinkSync(outside(), join(destination, 'folder'));
    symlinkSync(join(outside(), 'victim'), join(destination, 'file'));
    const tree = { '/folder/victim': 'evil', '/file': 'evil' };
    expect((await copyMemory(tree)).problems).toEqual(['/file host/eexist', '/folder host/eexist']);
    expect((await copyMemory(tree, { force: true })).problems).toEqual([]);
    expect(lstatSync(join(destination, 'folder')).isDirectory()).toBe(true);
    expect(lstatSync(join(destination, 'file')).isFile()).toBe(true);
  });

  it('a folder of the destination is never taken away', async () => {
    ensureFolder(destination);
    mkdirSync(join(destination, 'name'));
    expect((await copyMemory({ '/name': 'x' }, { force: true })).problems).toEqual(['/name host/eexist']);
  });

  it('names with newlines and bytes that are not UTF-8 keep their bytes', async () => {
    await copyMemory({ '/a\nb': 'x', '/\udcff': 'y' });
    const names = readdirSync(destination, { encoding: 'buffer' }).map((name) => name.toString('latin1'));
    expect(names.sort()).toEqual(['a\nb', '\xff']);
  });
});

describe('damage', () => {
  const error = new ImageError('corrupt', 'test/damaged', 'damaged');

  it('leaves nothing of a file that cannot be read whole, and its siblings are written', async () => {
    const tree: MemoryTree = { '/bad': { text: 'x', error }, '/folder': { directory: true, error }, '/good': 'good' };
    expect((await copyMemory(tree)).problems).toEqual(['/bad test/damaged', '/folder test/damaged']);
    expect(existsSync(join(destination, 'bad'))).toBe(false);
    expect(readdirSync(destination).sort()).toEqual(['folder', 'good']);
  });

  it('ends at a folder that cannot be made, without what is in it', async () => {
    ensureFolder(destination);
    writeFileSync(join(destination, 'a'), 'in the way');
    expect((await copyMemory({ '/a/b/c': 'x', '/d': 'y' })).problems).toEqual(['/a host/eexist']);
    expect(readdirSync(destination).sort()).toEqual(['a', 'd']);
  });
});
