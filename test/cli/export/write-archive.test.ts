import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../../src/bytes/memory-source.ts';
import { TerminalBuffer } from '../../../src/cli/export/terminal-buffer.ts';
import { writeArchive } from '../../../src/cli/export/write-archive.ts';
import { ImageError } from '../../../src/errors.ts';
import { ext } from '../../../src/filesystems/ext/ext.ts';
import type { FileSystem } from '../../../src/filesystems/file-system.ts';
import { MemoryFileSystem } from '../../../src/filesystems/memory.ts';
import { TarFileSystem } from '../../../src/filesystems/tar/tar-file-system.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { RootView } from '../../../src/root/root-view.ts';
import { describeConformance } from '../../filesystems/conformance.ts';
import { type Expectation, readExpectation } from '../../filesystems/expectation.ts';

const fixtures = join(import.meta.dirname, '../../fixtures');

interface Exported {
  readonly bytes: Buffer;
  readonly sockets: number;
  readonly problems: readonly string[];
}

async function exportFrom(fileSystem: FileSystem, start = '/'): Promise<Exported> {
  const parts: Buffer[] = [];
  const terminal = {
    out: () => {},
    err: () => {},
    color: false,
    write: async (bytes: Uint8Array) => {
      parts.push(Buffer.from(bytes));
    },
  };
  const problems: string[] = [];
  const sockets = await writeArchive(
    new RootView([{ path: '/', fileSystem }], defaultLimits),
    start,
    { onProblem: (path, error) => problems.push(`${path} ${error.code}`) },
    new TerminalBuffer(terminal),
  );
  return { bytes: Buffer.concat(parts), sockets, problems };
}

const readBack = (bytes: Uint8Array): TarFileSystem =>
  new TarFileSystem(new MemorySource(bytes, 'export.tar'), defaultLimits);

async function exported(fileSystem: FileSystem): Promise<FileSystem> {
  const { bytes, problems } = await exportFrom(fileSystem);
  expect(problems).toEqual([]);
  return readBack(bytes);
}

/** Larger files are left to the suite of a built image: an archive holds sparse files in full. */
const LARGEST = 64 * 1024 * 1024;

/** The file system without its largest files. */
function withoutGiants(inner: FileSystem): FileSystem {
  const { format, label, volumeLabel, uuid, diagnostics, root } = inner;
  const isSmall = (node: number): boolean => inner.stat(node).size <= LARGEST;
  return {
    ...{ format, label, volumeLabel, uuid, diagnostics, root },
    lookup: (directory, name) => inner.lookup(directory, name),
    list: (directory) => inner.list(directory).filter(({ node }) => isSmall(node)),
    stat: (node) => inner.stat(node),
    readLink: (node) => inner.readLink(node),
    open: (node, name) => inner.open(node, name),
    xattrs: (node) => inner.xattrs(node),
    close: () => inner.close(),
  };
}

/** What tar can hold of an expectation: no sockets, and of directories neither sizes nor links. */
function inTar(expectation: Expectation): Expectation {
  return Object.fromEntries(
    Object.entries(expectation).flatMap(([path, node]): [string, Expectation[string]][] => {
      if ('sameAs' in node) return [[path, node]];
      if (node.type === 'socket' || (node.size ?? 0) > LARGEST) return [];
      if (node.type !== 'directory') return [[path, node]];
      const { size: _size, links: _links, ...directory } = node;
      return [[path, directory]];
    }),
  );
}

describeConformance(
  'the export of a tree that GNU tar packed',
  () => exported(readBack(gunzipSync(readFileSync(join(fixtures, 'tar/pax-1.0.tar.gz'))))),
  inTar(readExpectation(join(fixtures, 'tar/full-pax.json.gz'))),
);

describeConformance(
  'the export of an ext4 file system with every awkward thing',
  async () => {
    const image = brotliDecompressSync(readFileSync(join(fixtures, 'ext/ext4-1k.img.br')));
    return exported(withoutGiants(await ext.open(new MemorySource(image, 'ext4.img'), { limits: defaultLimits })));
  },
  inTar(readExpectation(join(fixtures, 'ext/awkward.json.gz'))),
);

describe('an archive', () => {
  const tree = {
    '/etc/os-release': { text: 'ID=debian\n', uid: 4_000_000_000, gid: 4_000_000_001, mtime: -315_619_200 },
    '/etc/later': { text: '', mtime: 4_291_747_200 },
    '/dev/null': { type: 'character', device: { major: 1, minor: 3 }, mode: 0o666 },
    '/dev/large': { type: 'block', device: { major: 4095, minor: 1_048_575 } },
    '/run/notify': { type: 'socket' },
    '/run/pipe': { type: 'fifo' },
    '/usr/bin/ping': { text: 'x', mode: 0o4755, xattrs: { 'security.capability': Uint8Array.of(1, 0, 10, 255) } },
    '/a\nb': { text: 'newline' },
  } as const;

  it('is the same bytes every time', async () => {
    const [one, two] = [await exportFrom(new MemoryFileSystem(tree)), await exportFrom(new MemoryFileSystem(tree))];
    expect(one.bytes.equals(two.bytes)).toBe(true);
    expect(one.bytes.length % 512).toBe(0);
  });

  it('holds what a header has no digits for, devices and attributes', async () => {
    const { bytes, sockets } = await exportFrom(new MemoryFileSystem(tree));
    const view = new RootView([{ path: '/', fileSystem: readBack(bytes) }], defaultLimits);
    expect(sockets).toBe(1);
    expect(view.lstat('/etc/os-release')).toMatchObject({
      uid: 4_000_000_000,
      gid: 4_000_000_001,
      mtime: { seconds: -315_619_200, nanoseconds: 0 },
    });
    expect(view.lstat('/etc/later')?.mtime.seconds).toBe(4_291_747_200);
    expect(view.lstat('/dev/null')).toMatchObject({ type: 'character', device: { major: 1, minor: 3 } });
    expect(view.lstat('/dev/large')).toMatchObject({ type: 'block', device: { major: 4095, minor: 1_048_575 } });
    expect(view.lstat('/run/pipe')?.type).toBe('fifo');
    expect(view.readText('/a\nb')).toBe('newline');
    const ping = view.find('/usr/bin/ping');
    expect(ping && [...ping.fileSystem.xattrs(ping.node)]).toEqual([
      ['security.capability', Uint8Array.of(1, 0, 10, 255)],
    ]);
  });

  it('holds one file under its own name', async () => {
    const { bytes } = await exportFrom(new MemoryFileSystem(tree), '/etc/os-release');
    expect(
      readBack(bytes)
        .list(1)
        .map(({ name }) => name),
    ).toEqual(['os-release']);
  });

  it('goes on after what cannot be read', async () => {
    const error = new ImageError('corrupt', 'test/damaged', 'damaged');
    const { bytes, problems } = await exportFrom(
      new MemoryFileSystem({ '/bad': { text: 'x', error }, '/good': 'y', '/worse': { directory: true, error } }),
    );
    expect(problems).toEqual(['/bad test/damaged', '/worse test/damaged']);
    expect(
      readBack(bytes)
        .list(1)
        .map(({ name }) => name),
    ).toEqual(['good', 'worse']);
  });

  it('has no end where a content breaks off', async () => {
    class Breaking extends MemoryFileSystem {
      override open(node: number): MemorySource {
        const source = super.open(node) as MemorySource;
        const read = source.read.bind(source);
        source.read = (offset, length) => {
          if (length > 1) throw new ImageError('truncated', 'test/cut', 'cut off');
          return read(offset, length);
        };
        return source;
      }
    }
    await expect(exportFrom(new Breaking({ '/file': 'content' }))).rejects.toThrow('cut off');
  });
});
