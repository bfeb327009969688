/** Images with one field damaged each, in the image whose tables are not compressed, and with bytes damaged at random. */
import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../../src/bytes/memory-source.ts';
import { type NumberField, patchField, u8, u16le, u32le } from '../../../src/bytes/struct.ts';
import type { FileSystem, NodeId } from '../../../src/filesystems/file-system.ts';
import { FRAGMENT } from '../../../src/filesystems/squashfs/content.ts';
import { ENTRY, RUN } from '../../../src/filesystems/squashfs/directory-entries.ts';
import {
  DIR,
  INODE,
  INODE_HEAD,
  LREG,
  LREG_SIZE,
  REG,
  REG_SIZE,
  SYMLINK,
} from '../../../src/filesystems/squashfs/inode-structures.ts';
import { squashfs } from '../../../src/filesystems/squashfs/squashfs.ts';
import { SUPERBLOCK } from '../../../src/filesystems/squashfs/superblock.ts';
import { XATTR_ENTRY } from '../../../src/filesystems/squashfs/xattrs.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { walk } from '../conformance.ts';
import { createRandom, outcomeOf, readEverything } from '../fuzz.ts';
import { openBytes, readImage } from './images.ts';

const plain = readImage('plain');
const sound = await openBytes(plain);
const nodes = walk(sound);
const view = new DataView(plain.buffer);

function nodeAt(path: string): NodeId {
  const node = nodes.get(path);
  if (node === undefined) throw new Error(`there is no ${path}`);
  return node;
}

/** Where the inode lies in the image: its table is not compressed. */
function inodeAt(path: string): number {
  const node = nodeAt(path);
  return (sound.stat(node).offset ?? 0) + 2 + (node % 0x1_0000);
}

/** Where the listing of a directory with a basic inode begins. */
function listingAt(path: string): number {
  const body = inodeAt(path) + INODE_HEAD;
  const table = Number(view.getBigUint64(SUPERBLOCK.directory_table_start.offset, true));
  const start = view.getUint32(body + DIR.start_block.offset, true);
  return table + start + 2 + view.getUint16(body + DIR.offset.offset, true);
}

type Ask = (fileSystem: FileSystem, node: NodeId) => unknown;
const list: Ask = (fileSystem, node) => fileSystem.list(node);
const stat: Ask = (fileSystem, node) => fileSystem.stat(node);
const readLink: Ask = (fileSystem, node) => fileSystem.readLink(node);
const xattrs: Ask = (fileSystem, node) => fileSystem.xattrs(node);
const read: Ask = (fileSystem, node) => {
  const content = fileSystem.open(node);
  for (let at = 0; at < content.size; at += 1024 * 1024) content.read(at, Math.min(1024 * 1024, content.size - at));
};

function outcome(change: (bytes: Uint8Array) => void, path: string, ask: Ask, limits = defaultLimits): Promise<string> {
  const bytes = Uint8Array.from(plain);
  change(bytes);
  return outcomeOf(async () => ask(await openBytes(bytes, limits), nodeAt(path)));
}

describe('a damaged superblock', () => {
  const opened = (field: (typeof SUPERBLOCK)[keyof typeof SUPERBLOCK], value: number | bigint): Promise<string> =>
    outcome(
      (bytes) => patchField(bytes, 0, field, value),
      '/',
      (fileSystem) => fileSystem.list(fileSystem.root),
    );

  it.each([
    ['s_major', 3, 'unsupported squashfs/version'],
    ['s_minor', 1, 'unsupported squashfs/version'],
    ['compression', 7, 'unsupported squashfs/compressor'],
    ['compression', 0, 'unsupported squashfs/compressor'],
    ['block_log', 25, 'corrupt squashfs/bad-superblock'],
    ['block_size', 5000, 'corrupt squashfs/bad-superblock'],
    ['no_ids', 0, 'corrupt squashfs/bad-superblock'],
    ['bytes_used', 1n << 40n, 'truncated squashfs/truncated'],
    ['bytes_used', 200, 'corrupt squashfs/bad-superblock'],
    ['bytes_used', 1n << 63n, 'corrupt bytes/huge-number'],
    ['inode_table_start', 5, 'corrupt squashfs/bad-superblock'],
    ['inode_table_start', 1n << 62n, 'corrupt bytes/huge-number'],
    ['inode_table_start', (1n << 64n) - 1n, 'corrupt squashfs/bad-superblock'],
    ['directory_table_start', 96, 'corrupt squashfs/bad-superblock'],
    ['root_inode', 1n << 45n, 'corrupt squashfs/bad-reference'],
    ['root_inode', 0xffff, 'corrupt squashfs/bad-reference'],
  ] as const)('has %s %s', async (name, value, expected) => {
    expect(await opened(SUPERBLOCK[name], value)).toBe(expected);
  });

  it('is big-endian', async () => {
    expect(await outcome((bytes) => bytes.set(Buffer.from('sqsh')), '/', list)).toBe('unsupported squashfs/version');
  });

  it('is none', () => {
    for (const bytes of [new Uint8Array(0), Buffer.from('hsq'), Buffer.from('hsqr'.repeat(100))]) {
      expect(squashfs.detect(new MemorySource(bytes, 'image'))).toBe(false);
    }
    expect(squashfs.detect(new MemorySource(plain, 'image'))).toBe(true);
  });

  it('is followed by nothing', async () => {
    for (const size of [4, 95, 96, 4096, plain.length - 5000]) {
      expect(await outcomeOf(() => openBytes(plain.subarray(0, size)))).toMatch(/^truncated /);
    }
  });
});

describe('a damaged inode', () => {
  it.each([
    ['a type that does not exist', INODE.inode_type, 15, stat, 'corrupt squashfs/bad-inode'],
    ['the type 0', INODE.inode_type, 0, stat, 'corrupt squashfs/bad-inode'],
    ['an owner that does not exist', INODE.uid, 60_000, stat, 'corrupt squashfs/bad-index'],
    ['a group that does not exist', INODE.guid, 60_000, stat, 'corrupt squashfs/bad-index'],
  ] as const)('has %s', async (_, field, value, ask, expected) => {
    const at = inodeAt('/size-1');
    expect(await outcome((bytes) => patchField(bytes, at, field, value), '/size-1', ask)).toBe(expected);
  });

  it('of a file leads to nowhere', async () => {
    const small = inodeAt('/size-1') + INODE_HEAD;
    const large = inodeAt('/size-140001') + INODE_HEAD;
    const sparse = inodeAt('/sparse') + INODE_HEAD;
    const cases: [number, NumberField, number | bigint, string, string][] = [
      [small, REG.fragment, 1000, '/size-1', 'corrupt squashfs/bad-index'],
      [small, REG.offset, 130_000, '/size-1', 'corrupt squashfs/bad-fragment'],
      [small, REG.offset, 0xffff_ffff, '/size-1', 'corrupt squashfs/bad-fragment'],
      [large, REG.start_block, 0xffff_0000, '/size-140001', 'corrupt squashfs/bad-place'],
      [large + REG_SIZE, u32le(0), 0x2_0001, '/size-140001', 'corrupt squashfs/bad-block-size'],
      [large + REG_SIZE, u32le(0), 0x101_0000, '/size-140001', 'corrupt squashfs/bad-block-size'],
      [sparse, LREG.file_size, 1n << 60n, '/sparse', 'corrupt bytes/huge-number'],
      [sparse + LREG_SIZE, u32le(0), 0xff_ffff, '/sparse', 'corrupt squashfs/bad-block-size'],
    ];
    for (const [base, field, value, path, expected] of cases) {
      expect(await outcome((bytes) => patchField(bytes, base, field, value), path, read)).toBe(expected);
    }
  });

  it('of a huge file costs no memory until it is read, and then ends', async () => {
    const at = inodeAt('/sparse') + INODE_HEAD;
    const bytes = Uint8Array.from(plain);
    patchField(bytes, at, LREG.file_size, 2n ** 52n);
    const fileSystem = await openBytes(bytes);
    const content = fileSystem.open(nodeAt('/sparse'));
    expect(Buffer.from(content.read(0, 9)).toString()).toBe('data at 0');
    expect(await outcomeOf(() => content.read(content.size - 1, 1))).toMatch(/^(corrupt|truncated) /);
  });

  it('of a symlink has an impossible target', async () => {
    const at = inodeAt('/links/dangling') + INODE_HEAD;
    for (const size of [0, 65_536, 0xffff_ffff]) {
      const change = (bytes: Uint8Array): void => patchField(bytes, at, SYMLINK.symlink_size, size);
      expect(await outcome(change, '/links/dangling', readLink)).toBe('corrupt squashfs/bad-inode');
    }
    const change = (bytes: Uint8Array): void => patchField(bytes, at + 9, u8(0), 0);
    expect(await outcome(change, '/links/dangling', readLink)).toBe('corrupt squashfs/bad-symlink');
  });

  it('has attributes that do not exist', async () => {
    const at = inodeAt('/xattrs/small') + INODE_HEAD;
    const change = (bytes: Uint8Array): void => patchField(bytes, at, LREG.xattr, 5000);
    expect(await outcome(change, '/xattrs/small', xattrs)).toBe('corrupt squashfs/bad-index');
    const absent = (bytes: Uint8Array): void => patchField(bytes, 0, SUPERBLOCK.xattr_id_table_start, (1n << 64n) - 1n);
    expect(await outcome(absent, '/xattrs/small', xattrs)).toBe('corrupt squashfs/bad-index');
  });
});

describe('a damaged directory', () => {
  const modes = listingAt('/modes');
  const first = modes + 12;

  it.each([
    ['a run of 257 entries', modes, RUN.count, 256],
    ['an entry that goes beyond its end', first, ENTRY.size, 200],
    ['a name of 300 bytes', first, ENTRY.size, 299],
    ['an entry of no type', first, ENTRY.type, 9],
    ['an entry of type 0', first, ENTRY.type, 0],
    ['a slash in a name', first + 8, u16le(0), 0x2f30],
    ['a NUL in a name', first + 8, u16le(0), 0x0030],
  ] as const)('has %s', async (_, at, field, value) => {
    const change = (bytes: Uint8Array): void => patchField(bytes, at, field, value);
    expect(await outcome(change, '/modes', list)).toBe('corrupt squashfs/bad-directory');
  });

  it.each(['.', '..'])('names %s', async (name) => {
    const at = listingAt('/deep') + 12;
    const change = (bytes: Uint8Array): void => {
      patchField(bytes, at, ENTRY.size, name.length - 1);
      bytes.set(Buffer.from(name), at + 8);
      patchField(bytes, inodeAt('/deep') + INODE_HEAD, DIR.file_size, 3 + 12 + 8 + name.length);
    };
    expect(await outcome(change, '/deep', list)).toBe('corrupt squashfs/bad-directory');
  });

  it('holds the root, or a directory of another one', async () => {
    const at = listingAt('/deep');
    for (const target of ['/', '/modes/sticky']) {
      const node = nodeAt(target);
      const bytes = Uint8Array.from(plain);
      patchField(bytes, at, RUN.start_block, Math.floor(node / 0x1_0000));
      patchField(bytes, at + 12, ENTRY.offset, node % 0x1_0000);
      const fileSystem = await openBytes(bytes);
      fileSystem.list(nodeAt('/modes'));
      expect(await outcomeOf(() => fileSystem.list(nodeAt('/deep')))).toBe('corrupt squashfs/bad-directory');
    }
  });

  it('has a name twice: the first counts, and it is said', async () => {
    const bytes = Uint8Array.from(plain);
    bytes.set(bytes.subarray(first + 8, first + 12), first + 12 + 8);
    const fileSystem = await openBytes(bytes);
    const names = fileSystem.list(nodeAt('/modes')).map(({ name }) => name);
    expect(names).toEqual(['0000', '2711', '4755', 'sticky']);
    expect(fileSystem.lookup(nodeAt('/modes'), '0000')).toBe(nodeAt('/modes/0000'));
    expect(fileSystem.diagnostics.map(({ code }) => code)).toEqual(['squashfs/duplicate-name']);
  });

  it('is larger than the limit', async () => {
    const limits = { ...defaultLimits, directoryEntries: 3, xattrBytes: 100 };
    expect(await outcome(() => {}, '/modes', list, limits)).toBe('limit limit/directoryEntries');
    expect(await outcome(() => {}, '/xattrs/first', xattrs, limits)).toBe('limit limit/xattrBytes');
  });
});

describe('damaged tables', () => {
  const place = (field: { offset: number }): number => Number(view.getBigUint64(field.offset, true));
  const inodes = place(SUPERBLOCK.inode_table_start);
  const fragmentList = place(SUPERBLOCK.fragment_table_start);
  const fragments = Number(view.getBigUint64(fragmentList, true)) + 2;
  const attributes = Number(view.getBigUint64(place(SUPERBLOCK.xattr_id_table_start), true)) + 2;

  it.each([0x8000, 0x0000, 0xa001, 0x2001])('have a metadata header of %s', async (value) => {
    const change = (bytes: Uint8Array): void => patchField(bytes, inodes, u16le(0), value);
    expect(await outcome(change, '/names', stat)).toMatch(/^corrupt squashfs\/bad-(metadata|place)$/);
  });

  it('have a metadata block that is not compressed data', async () => {
    const change = (bytes: Uint8Array): void => patchField(bytes, inodes, u16le(0), 0x2000);
    expect(await outcome(change, '/names', stat)).toBe('corrupt zlib/bad-block');
  });

  it('have a fragment block without a size, or outside of the file system', async () => {
    const tooLarge = (bytes: Uint8Array): void => patchField(bytes, fragments, FRAGMENT.size, 0x102_0001);
    expect(await outcome(tooLarge, '/size-1', read)).toBe('corrupt squashfs/bad-fragment');
    const outside = (bytes: Uint8Array): void => patchField(bytes, fragments, FRAGMENT.start_block, 2 ** 40);
    expect(await outcome(outside, '/size-1', read)).toBe('corrupt squashfs/bad-place');
  });

  it('have an attribute of an unknown kind', async () => {
    const change = (bytes: Uint8Array): void => patchField(bytes, attributes, XATTR_ENTRY.type, 3);
    const outcomes = new Set<string>();
    for (const path of ['/xattrs/small', '/xattrs/first', '/xattrs/capable', '/xattrs/folder']) {
      outcomes.add(await outcome(change, path, xattrs));
    }
    expect([...outcomes].sort()).toEqual(['corrupt squashfs/bad-attributes', 'none']);
  });
});

describe('the index of a long directory', () => {
  it('finds every name without reading the whole listing', async () => {
    const whole = await openBytes(readImage('many'));
    const folder = whole.lookup(whole.root, 'directory-with-many-entries') ?? -1;
    const entries = whole.list(folder);
    expect(entries.length).toBe(4001);
    const fresh = await openBytes(readImage('many'));
    for (const { name, node } of entries) expect(fresh.lookup(folder, name)).toBe(node);
    for (const name of ['', 'a', 'entry', 'entry-0001x', 'entry-\udcff', 'zzz', 'the-firs', '\udcff']) {
      expect(fresh.lookup(folder, name)).toBe(undefined);
    }
  });
});

describe('bytes damaged at random', () => {
  it.each(['plain', 'always-fragments', 'lz4', 'lzo', 'xz-bcj', 'zstd', 'lzma'])('%s', async (name) => {
    const bytes = readImage(name);
    const random = createRandom(20_240_229);
    const tables = Number(new DataView(bytes.buffer).getBigUint64(SUPERBLOCK.inode_table_start.offset, true));
    const outcomes = new Set<string>();
    for (let round = 0; round < 80; round++) {
      const before = Uint8Array.from(bytes);
      const [from, to] = round % 4 === 0 ? [0, 96] : round % 4 === 1 ? [96, bytes.length] : [tables, bytes.length];
      for (let count = 0; count <= random(4); count++) bytes[from + random(to - from)] = random(256);
      const opened = await outcomeOf(async () => {
        for (const each of await readEverything(await openBytes(bytes), 60)) outcomes.add(each);
      });
      outcomes.add(opened);
      bytes.set(before);
    }
    expect(outcomes).toContain('none');
    expect(outcomes.size).toBeGreaterThan(3);
  });
});
