/** Images with one field damaged each, and with bytes damaged at random. */
import { describe, expect, it } from 'vitest';
import { updateCrc32c } from '../../../src/bytes/checksums/crc32c.ts';
import { MemorySource } from '../../../src/bytes/memory-source.ts';
import { type NumberField, patchField, u8, u16le, u32le } from '../../../src/bytes/struct.ts';
import { CHUNK_INDEX } from '../../../src/filesystems/erofs/chunk-source.ts';
import { LCLUSTER } from '../../../src/filesystems/erofs/compressed/full-index.ts';
import { ADVISE, MAP_HEADER } from '../../../src/filesystems/erofs/compressed/map-header.ts';
import { DIRENT } from '../../../src/filesystems/erofs/directories.ts';
import { erofs } from '../../../src/filesystems/erofs/erofs.ts';
import { EXTENDED } from '../../../src/filesystems/erofs/inode.ts';
import { SUPERBLOCK } from '../../../src/filesystems/erofs/superblock.ts';
import { SUPERBLOCK_OFFSET } from '../../../src/filesystems/erofs/superblock-place.ts';
import { XATTR_HEADER } from '../../../src/filesystems/erofs/xattrs.ts';
import type { FileSystem, NodeId } from '../../../src/filesystems/file-system.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { walk } from '../conformance.ts';
import { createRandom, outcomeOf, readEverything } from '../fuzz.ts';
import { openBytes, readImage } from './images.ts';

/** Makes the checksum hold again. */
function seal(bytes: Uint8Array): void {
  const blockSize = 1 << (bytes[SUPERBLOCK_OFFSET + SUPERBLOCK.blkszbits.offset] ?? 0);
  const length = blockSize > SUPERBLOCK_OFFSET ? blockSize - SUPERBLOCK_OFFSET : blockSize;
  patchField(bytes, SUPERBLOCK_OFFSET, SUPERBLOCK.checksum, 0);
  const covered = bytes.subarray(SUPERBLOCK_OFFSET, SUPERBLOCK_OFFSET + length);
  patchField(bytes, SUPERBLOCK_OFFSET, SUPERBLOCK.checksum, updateCrc32c(0xffff_ffff, covered) >>> 0);
}

/** A sound image, and where its nodes are. */
class Subject {
  readonly bytes: Uint8Array;
  readonly nodes: ReadonlyMap<string, NodeId>;
  readonly #offsets: ReadonlyMap<string, number>;

  private constructor(bytes: Uint8Array, fileSystem: FileSystem) {
    this.bytes = bytes;
    this.nodes = walk(fileSystem);
    this.#offsets = new Map([...this.nodes].map(([path, node]) => [path, fileSystem.stat(node).offset ?? 0]));
  }

  static async open(name: string): Promise<Subject> {
    const bytes = readImage(name);
    return new Subject(bytes, await openBytes(bytes));
  }

  node(path: string): NodeId {
    const node = this.nodes.get(path);
    if (node === undefined) throw new Error(`there is no ${path}`);
    return node;
  }

  inode(path: string): number {
    return this.#offsets.get(path) ?? 0;
  }

  /** Byte offset of what follows the attributes of an inode. */
  tail(path: string): number {
    const at = this.inode(path);
    const view = new DataView(this.bytes.buffer, at);
    const count = view.getUint16(EXTENDED.i_xattr_icount.offset, true);
    return at + (view.getUint16(0, true) & 1 ? 64 : 32) + (count === 0 ? 0 : 12 + 4 * (count - 1));
  }

  patched(base: number, field: NumberField, value: number | bigint): Uint8Array {
    const bytes = Uint8Array.from(this.bytes);
    patchField(bytes, base, field, value);
    seal(bytes);
    return bytes;
  }

  outcome(bytes: Uint8Array, path: string, ask: Ask, limits = defaultLimits): Promise<string> {
    return outcomeOf(async () => ask(await openBytes(bytes, limits), this.node(path)));
  }
}

type Ask = (fileSystem: FileSystem, node: NodeId) => unknown;
const list: Ask = (fileSystem, node) => fileSystem.list(node);
const stat: Ask = (fileSystem, node) => fileSystem.stat(node);
const readLink: Ask = (fileSystem, node) => fileSystem.readLink(node);
const xattrs: Ask = (fileSystem, node) => fileSystem.xattrs(node);
const read: Ask = (fileSystem, node) => {
  const content = fileSystem.open(node);
  content.read(0, content.size);
};

const plain = await Subject.open('plain');
const legacy = await Subject.open('lz4-legacy');
const big = await Subject.open('lz4-big');
const fragments = await Subject.open('lz4-fragments');
const dedupe = await Subject.open('lz4-dedupe');
const indexes = await Subject.open('chunk-indexes');

describe('a damaged superblock', () => {
  it.each([
    ['blkszbits', 8, 'corrupt erofs/bad-superblock'],
    ['blkszbits', 17, 'corrupt erofs/bad-superblock'],
    ['feature_incompat', 0x80, 'unsupported erofs/features'],
    ['feature_incompat', 0x100, 'unsupported erofs/features'],
    ['feature_incompat', 0x8000_0000, 'unsupported erofs/features'],
    ['dirblkbits', 1, 'unsupported erofs/features'],
    ['blocks', 0xffff_ffff, 'truncated erofs/truncated'],
    ['epoch', 1n << 60n, 'corrupt bytes/huge-number'],
    ['root_nid', 0xffff, 'corrupt erofs/bad-nid'],
    ['meta_blkaddr', 0xffff_ffff, 'corrupt erofs/bad-nid'],
  ] as const)('has %s %s', async (name, value, expected) => {
    const bytes = plain.patched(SUPERBLOCK_OFFSET, SUPERBLOCK[name], value);
    expect(await outcomeOf(async () => walk(await openBytes(bytes)))).toBe(expected);
  });

  it('is told by its checksum', async () => {
    const bytes = Uint8Array.from(plain.bytes);
    patchField(bytes, SUPERBLOCK_OFFSET, SUPERBLOCK.inos, 5);
    expect(await outcomeOf(() => openBytes(bytes))).toBe('corrupt erofs/bad-checksum');
  });

  it('speaks of other devices', async () => {
    const bytes = plain.patched(SUPERBLOCK_OFFSET, SUPERBLOCK.feature_incompat, 0x8);
    patchField(bytes, SUPERBLOCK_OFFSET, SUPERBLOCK.extra_devices, 1);
    seal(bytes);
    expect(await outcomeOf(() => openBytes(bytes))).toBe('unsupported erofs/multi-device');
  });

  it('is none, or cut off', async () => {
    for (const size of [0, 1024, 1027]) {
      expect(erofs.detect(new MemorySource(plain.bytes.subarray(0, size), 'image'))).toBe(false);
    }
    for (const size of [1028, 1100, 4096, plain.bytes.length - 1]) {
      expect(await outcomeOf(() => openBytes(plain.bytes.subarray(0, size)))).toMatch(/^truncated /);
    }
  });
});

describe('a damaged inode', () => {
  it.each([
    ['an unknown layout', EXTENDED.i_format, 0xb, stat, 'unsupported erofs/inode-format'],
    ['unknown format bits', EXTENDED.i_format, 0x15, stat, 'unsupported erofs/inode-format'],
    ['no type', EXTENDED.i_mode, 0o644, stat, 'corrupt erofs/bad-inode'],
    ['a size of 2^60', EXTENDED.i_size, 1n << 60n, stat, 'corrupt bytes/huge-number'],
    ['a size of 2^50', EXTENDED.i_size, 1n << 50n, read, 'corrupt erofs/bad-place'],
  ] as const)('has %s', async (_, field, value, ask, expected) => {
    const path = '/times/1960';
    expect(await plain.outcome(plain.patched(plain.inode(path), field, value), path, ask)).toBe(expected);
  });

  it('has inline data over the end of a block', async () => {
    const bytes = plain.patched(plain.inode('/size-60'), u32le(EXTENDED.i_size.offset), 8192);
    expect(await plain.outcome(bytes, '/size-60', read)).toBe('corrupt erofs/bad-inline');
  });

  it('of a file lies outside of the image', async () => {
    const bytes = plain.patched(plain.inode('/size-140001'), EXTENDED.i_u, 0xffff_0000);
    expect(await plain.outcome(bytes, '/size-140001', read)).toBe('corrupt erofs/bad-place');
  });

  it('of a symlink has an impossible target', async () => {
    const at = plain.inode('/links/dangling');
    for (const size of [0, 70_000]) {
      const bytes = plain.patched(at, u32le(EXTENDED.i_size.offset), size);
      expect(await plain.outcome(bytes, '/links/dangling', readLink)).toBe('corrupt erofs/bad-symlink');
    }
    const bytes = plain.patched(plain.tail('/links/dangling') + 1, u8(0), 0);
    expect(await plain.outcome(bytes, '/links/dangling', readLink)).toBe('corrupt erofs/bad-symlink');
  });

  it('has attributes that do not fit', async () => {
    const at = plain.tail('/xattrs/first');
    const head = plain.inode('/xattrs/first') + 64;
    const outcomes = [
      await plain.outcome(plain.patched(head, XATTR_HEADER.h_shared_count, 255), '/xattrs/first', xattrs),
      await plain.outcome(plain.patched(head + 12, u32le(0), 0xffff_fff0), '/xattrs/first', xattrs),
      await plain.outcome(plain.bytes, '/xattrs/first', xattrs, { ...defaultLimits, xattrBytes: 20 }),
    ];
    expect(at).toBeGreaterThan(head);
    expect(outcomes.every((each) => /^(corrupt erofs\/bad-(attributes|place)|limit )/.test(each))).toBe(true);
  });
});

describe('a damaged directory', () => {
  const start = plain.tail('/modes');
  const names = new DataView(plain.bytes.buffer).getUint16(start + DIRENT.nameoff.offset, true);

  it.each([
    ['no entries', start, DIRENT.nameoff, 0],
    ['half an entry', start, DIRENT.nameoff, 13],
    ['names beyond its end', start, DIRENT.nameoff, 4080],
    ['an empty name', start + 12, DIRENT.nameoff, names],
    ['a name that goes backwards', start + 24, DIRENT.nameoff, 5],
    ['a slash in a name', start + names + 3, u16le(0), 0x2f30],
    ['a NUL in a name', start + names + 3, u8(0), 0],
    ['names out of order', start + names + 3, u8(0), 0x7f],
  ] as const)('has %s', async (_, at, field, value) => {
    expect(await plain.outcome(plain.patched(at, field, value), '/modes', list)).toBe('corrupt erofs/bad-directory');
  });

  it('holds itself, or a directory of another one', async () => {
    const sticky = plain.nodes.size > 0 ? plain.tail('/deep') + 24 : 0;
    for (const target of ['/', '/modes/sticky']) {
      const bytes = plain.patched(sticky, DIRENT.nid, plain.node(target));
      const fileSystem = await openBytes(bytes);
      fileSystem.list(plain.node('/modes'));
      expect(await outcomeOf(() => fileSystem.list(plain.node('/deep')))).toBe('corrupt erofs/bad-directory');
    }
  });

  it('is larger than the limit', async () => {
    const limits = { ...defaultLimits, directoryEntries: 3 };
    expect(await plain.outcome(plain.bytes, '/modes', list, limits)).toBe('limit limit/directoryEntries');
  });
});

describe('damaged chunks', () => {
  const list = Math.ceil(indexes.tail('/size-140001') / 8) * 8;

  it('lie on another device, outside of the image or in an unknown format', async () => {
    const ask = (bytes: Uint8Array): Promise<string> => indexes.outcome(bytes, '/size-140001', read);
    expect(await ask(indexes.patched(list, CHUNK_INDEX.device_id, 1))).toBe('corrupt erofs/bad-chunk');
    expect(await ask(indexes.patched(list, CHUNK_INDEX.startblk_lo, 0xffff_0000))).toBe('corrupt erofs/bad-place');
    const format = indexes.patched(indexes.inode('/size-140001'), EXTENDED.i_u, 0x80);
    expect(await ask(format)).toBe('unsupported erofs/chunk-format');
  });

  it('may be holes', async () => {
    const fileSystem = await openBytes(indexes.patched(list, CHUNK_INDEX.startblk_lo, 0xffff_ffff));
    expect(
      fileSystem
        .open(indexes.node('/size-140001'))
        .read(0, 65_536)
        .every((byte) => byte === 0),
    ).toBe(true);
  });
});

describe('a damaged map of a compressed file', () => {
  const path = '/size-140001';
  const header = Math.ceil(legacy.tail(path) / 8) * 8;
  const index = header + 16;
  const compact = Math.ceil(big.tail(path) / 8) * 8;

  it.each([
    ['an extent without a beginning', index, LCLUSTER.di_advise, 2, 'corrupt erofs/bad-extent'],
    ['an extent in another cluster', index, LCLUSTER.di_clusterofs, 5000, 'corrupt erofs/bad-extent'],
    ['an extent outside of the image', index, LCLUSTER.blkaddr, 0xffff_ff00, 'corrupt erofs/bad-place'],
    ['a plain extent that is too long', index, LCLUSTER.di_advise, 0, 'corrupt erofs/bad-extent'],
    ['a cluster too far from its head', index + 8, LCLUSTER.delta_0, 100, 'corrupt erofs/bad-extent'],
    ['a block count where there are none', index + 8, LCLUSTER.delta_0, 0x802, 'corrupt erofs/bad-index'],
  ] as const)('has %s', async (_, at, field, value, expected) => {
    const bytes = legacy.patched(at, field, value);
    const inPieces: Ask = (fileSystem, node) => {
      const { size } = fileSystem.open(node);
      for (let from = 0; from < size; from += 4096) fileSystem.open(node).read(from, 1);
    };
    expect(await legacy.outcome(bytes, path, inPieces)).toBe(expected);
  });

  it('has data that make no sense', async () => {
    const bytes = Uint8Array.from(legacy.bytes);
    const block = new DataView(bytes.buffer).getUint32(index + LCLUSTER.blkaddr.offset, true);
    bytes.fill(0xf0, block * 4096, block * 4096 + 4096);
    expect(await legacy.outcome(bytes, path, read)).toBe('corrupt lz4/bad-block');
    bytes.fill(0, block * 4096, block * 4096 + 4096);
    expect(await legacy.outcome(bytes, path, read)).toMatch(/^corrupt /);
  });

  it('says too much or too little of a large extent', async () => {
    const outcomes = new Set<string>();
    for (let at = compact + 8; at < compact + 48; at++) {
      for (const value of [0, 0x28, 0xff]) {
        outcomes.add(await big.outcome(big.patched(at, u8(0), value), path, read));
      }
    }
    expect(outcomes).toContain('corrupt erofs/bad-extent');
    expect(outcomes.size).toBeGreaterThan(2);
  });

  it('has inline data of no size', async () => {
    const bytes = big.patched(compact, MAP_HEADER.h_advise, ADVISE.INLINE_PCLUSTER | 0x7);
    patchField(bytes, compact, MAP_HEADER.h_idata_size, 0);
    seal(bytes);
    expect(await big.outcome(bytes, path, read)).toBe('corrupt erofs/bad-extent');
  });

  it('has a fragment beyond the end of what holds them', async () => {
    const outcomes = new Set<string>();
    for (const each of ['/size-60', '/size-4097', '/size-140001']) {
      const at = Math.ceil(fragments.tail(each) / 8) * 8;
      outcomes.add(await fragments.outcome(fragments.patched(at, u32le(0), 0x7fff_ffff), each, read));
    }
    expect(outcomes).toContain('truncated bytes/truncated');
  });

  it('has an unknown algorithm, or a fragment where nothing holds them', async () => {
    const at = Math.ceil(dedupe.tail('/three') / 8) * 8;
    const unknown = dedupe.patched(at, MAP_HEADER.h_algorithmtype, 0x77);
    expect(await dedupe.outcome(unknown, '/three', read)).toBe('unsupported erofs/algorithm');
    const fragment = dedupe.patched(at, MAP_HEADER.h_advise, ADVISE.FRAGMENT_PCLUSTER | ADVISE.BIG_PCLUSTER_1);
    expect(await dedupe.outcome(fragment, '/three', read)).toBe('corrupt erofs/bad-fragment');
  });
});

describe('a long directory', () => {
  it('is searched block by block', async () => {
    const whole = await openBytes(readImage('many'));
    const folder = whole.lookup(whole.root, 'directory-with-many-entries') ?? -1;
    const entries = whole.list(folder);
    expect(entries.length).toBe(4001);
    const fresh = await openBytes(readImage('many'));
    for (const { name, node } of entries) expect(fresh.lookup(folder, name)).toBe(node);
    for (const name of ['', '.', '..', 'a', 'entry', 'entry-0001x', 'entry-\udcff', 'zzz', 'the-firs', '\udcff']) {
      expect(fresh.lookup(folder, name)).toBe(undefined);
    }
  });
});

describe('bytes damaged at random', () => {
  it.each([
    ...['plain', 'chunk-indexes', 'lz4', 'lz4-legacy', 'lz4-big', 'lz4-dedupe', 'lzma'],
    ...['deflate', 'zstd', 'prefixes-packed'],
  ])('%s', async (name) => {
    const bytes = readImage(name);
    const random = createRandom(20_240_229);
    const outcomes = new Set<string>();
    for (let round = 0; round < 80; round++) {
      const before = Uint8Array.from(bytes);
      const [from, to] = round % 4 === 0 ? [1024, 1152] : round % 4 === 1 ? [1152, bytes.length] : [1152, 30_000];
      for (let count = 0; count <= random(4); count++)
        bytes[from + random(Math.min(to, bytes.length) - from)] = random(256);
      seal(bytes);
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
