/** Images with one field damaged each, and with bytes damaged at random. */
import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../../src/bytes/memory-source.ts';
import { type NumberField, patchField, u8, u32le } from '../../../src/bytes/struct.ts';
import { ImageError } from '../../../src/errors.ts';
import type { NodeId } from '../../../src/filesystems/file-system.ts';
import { FLAG, RECORD } from '../../../src/filesystems/iso9660/directory-record.ts';
import { iso9660 } from '../../../src/filesystems/iso9660/iso9660.ts';
import type { Iso9660FileSystem } from '../../../src/filesystems/iso9660/iso9660-file-system.ts';
import { DESCRIPTORS_OFFSET } from '../../../src/filesystems/iso9660/sectors.ts';
import { CE } from '../../../src/filesystems/iso9660/susp.ts';
import { parseLongTime, parseShortTime } from '../../../src/filesystems/iso9660/time.ts';
import { DESCRIPTOR, ROOT_EXTENT } from '../../../src/filesystems/iso9660/volume-descriptors.ts';
import { ZISOFS } from '../../../src/filesystems/iso9660/zisofs.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { hashRange, walk } from '../conformance.ts';
import { createRandom, outcomeOf, readEverything } from '../fuzz.ts';
import { openBytes, readImage } from './images.ts';

const sound = readImage('xorriso');
const nodes = walk(openBytes(sound));

function nodeAt(path: string): NodeId {
  const node = nodes.get(path);
  if (node === undefined) throw new Error(`there is no ${path}`);
  return node;
}

/** Where an entry with this signature lies in the record at `offset`. */
function entryAt(bytes: Uint8Array, offset: number, signature: string): number {
  const length = bytes[offset] ?? 0;
  const at = Buffer.from(bytes.subarray(offset, offset + length)).indexOf(signature, 33, 'latin1');
  if (at < 0) throw new Error(`there is no ${signature}`);
  return offset + at;
}

type Ask = (fileSystem: Iso9660FileSystem) => unknown;
const list =
  (path: string): Ask =>
  (fileSystem) =>
    fileSystem.list(nodeAt(path));
const stat =
  (path: string): Ask =>
  (fileSystem) =>
    fileSystem.stat(nodeAt(path));
const readLink =
  (path: string): Ask =>
  (fileSystem) =>
    fileSystem.readLink(nodeAt(path));
const open =
  (path: string): Ask =>
  (fileSystem) =>
    fileSystem.open(nodeAt(path));

function outcome(at: number, field: NumberField, value: number | bigint, ask: Ask): Promise<string> {
  const bytes = Uint8Array.from(sound);
  patchField(bytes, at, field, value);
  return outcomeOf(() => ask(openBytes(bytes)));
}

describe('damaged descriptors', () => {
  it.each([
    ['no primary one', DESCRIPTOR.type, 2, 'corrupt iso9660/no-descriptor'],
    ['an odd block size', DESCRIPTOR.logical_block_size, 1000, 'corrupt iso9660/bad-descriptor'],
    ['more blocks than there are', DESCRIPTOR.volume_space_size, 0xffff_ffff, 'truncated iso9660/truncated'],
    ['a root outside of the image', ROOT_EXTENT, 0xffff_ffff, 'corrupt iso9660/bad-place'],
  ] as const)('have %s', async (_, field, value, expected) => {
    expect(await outcome(DESCRIPTORS_OFFSET, field, value, () => {})).toBe(expected);
  });

  it('are none, or cut off', async () => {
    const detects = (bytes: Uint8Array): boolean => iso9660.detect(new MemorySource(bytes, 'a'));
    expect(detects(sound)).toBe(true);
    for (const size of [0, 32_768, 32_768 + 2047]) expect(detects(sound.subarray(0, size))).toBe(false);
    expect(detects(new Uint8Array(40_000))).toBe(false);
    for (const size of [34_816, 36_864, 200_000]) {
      expect(await outcomeOf(() => openBytes(sound.subarray(0, size)))).toMatch(/^truncated /);
    }
  });
});

describe('a damaged record', () => {
  const file = nodeAt('/size-140001');

  it.each([
    ['a length of 33', RECORD.length, 33, 'corrupt iso9660/bad-record'],
    ['a name longer than itself', RECORD.name_len, 250, 'corrupt iso9660/bad-record'],
    ['no name', RECORD.name_len, 0, 'corrupt iso9660/bad-record'],
    ['a content outside of the image', RECORD.extent, 0xffff_0000, 'corrupt iso9660/bad-place'],
    ['a size beyond the image', RECORD.size, 0xffff_ffff, 'corrupt iso9660/bad-place'],
    ['a content mixed with others', RECORD.file_unit_size, 1, 'unsupported iso9660/interleaved'],
  ] as const)('has %s', async (_, field, value, expected) => {
    expect(await outcome(file, field, value, open('/size-140001'))).toBe(expected);
  });

  it('has a type that does not exist, or is a directory by its mode only', async () => {
    const px = entryAt(sound, file, 'PX') + 4;
    expect(await outcome(px, u32le(0), 0o644, stat('/size-140001'))).toBe('corrupt iso9660/bad-mode');
    expect(await outcome(px, u32le(0), 0o040755, stat('/size-140001'))).toBe('corrupt iso9660/bad-mode');
  });

  it.each([0x00, 0x2f])('has the byte %s in its name', async (byte) => {
    const name = entryAt(sound, file, 'NM') + 5;
    expect(await outcome(name, u8(2), byte, list('/'))).toBe('corrupt iso9660/bad-name');
  });

  it('has a target that is cut off or holds a NUL', async () => {
    const target = entryAt(sound, nodeAt('/links/absolute'), 'SL') + 5;
    expect(await outcome(target, u8(3), 200, readLink('/links/absolute'))).toBe('corrupt iso9660/bad-symlink');
    expect(await outcome(target, u8(5), 0, readLink('/links/absolute'))).toBe('corrupt iso9660/bad-symlink');
  });

  it('continues without end, or outside of the image', async () => {
    const long = nodeAt('/links/target-long');
    const at = entryAt(sound, long, 'CE');
    const view = new DataView(sound.buffer);
    const area = view.getUint32(at + CE.block.offset, true) * 2048 + view.getUint32(at + CE.offset.offset, true);
    const bytes = Uint8Array.from(sound);
    // The continued area begins with an entry that leads to it again.
    bytes.set(sound.subarray(at, at + 28), area);
    expect(await outcomeOf(() => stat('/links/target-long')(openBytes(bytes)))).toBe(
      'corrupt iso9660/bad-continuation',
    );
    const ask = stat('/links/target-long');
    expect(await outcome(at, CE.block, 0xffff_0000, ask)).toBe('corrupt iso9660/bad-place');
    expect(await outcome(at, CE.length, 0xffff_0000, ask)).toBe('corrupt iso9660/bad-continuation');
  });
});

describe('a damaged directory', () => {
  it('is cut off by the end of the image', async () => {
    // Its size is in its own record, which is the first of its content.
    expect(await outcome(nodeAt('/modes'), RECORD.size, 0xffff_f800, list('/modes'))).toMatch(/^(corrupt|limit) /);
  });

  it('holds the root', async () => {
    const bytes = Uint8Array.from(sound);
    const root = new DataView(bytes.buffer).getUint32(DESCRIPTORS_OFFSET + ROOT_EXTENT.offset, true);
    const modes = nodeAt('/modes');
    for (let at = modes; bytes[at] !== 0; at += bytes[at] ?? 0) {
      if (at !== modes && (bytes[at + RECORD.flags.offset] ?? 0) & FLAG.directory) {
        patchField(bytes, at, RECORD.extent, root);
      }
    }
    expect(await outcomeOf(() => list('/modes')(openBytes(bytes)))).toBe('corrupt iso9660/bad-directory');
  });

  it('is larger than the limit', async () => {
    const fileSystem = openBytes(readImage('many'), { ...defaultLimits, directoryEntries: 300 });
    expect(await outcomeOf(() => fileSystem.list(fileSystem.root))).toBe('limit limit/directoryEntries');
  });
});

describe('a file in several parts', () => {
  const bytes = readImage('many');
  const names = [...walk(openBytes(bytes))].filter(([path]) => path !== '/').sort(([, a], [, b]) => a - b);

  it('has the content of all of them, and one name', () => {
    const fileSystem = openBytes(bytes);
    // Parts in one sector, and parts of which the second is in the next one.
    const crossing = names.findIndex(
      ([, node], i) => Math.floor(node / 2048) !== Math.floor((names[i + 1]?.[1] ?? node) / 2048),
    );
    for (const first of [0, crossing]) {
      const [[name, node] = ['', -1], [next, second] = ['', -1]] = names.slice(first, first + 2);
      const wanted = [node, second].map((each) => {
        const content = fileSystem.open(each);
        return Buffer.from(content.read(0, content.size)).toString();
      });
      const patched = Uint8Array.from(bytes);
      patchField(patched, node, RECORD.flags, FLAG.multiExtent);
      const joined = openBytes(patched);
      const content = joined.open(node);
      expect(Buffer.from(content.read(0, content.size)).toString()).toBe(wanted.join(''));
      expect(joined.stat(node).size).toBe(content.size);
      const listed = joined.list(joined.root).map((entry) => `/${entry.name}`);
      expect([listed.includes(name), listed.includes(next)]).toEqual([true, false]);
    }
  });

  it('lacks its last part', async () => {
    const patched = Uint8Array.from(bytes);
    const last = names[names.length - 1]?.[1] ?? -1;
    patchField(patched, last, RECORD.flags, FLAG.multiExtent);
    expect(await outcomeOf(() => openBytes(patched).open(last))).toMatch(/^(corrupt|unsupported) /);
  });
});

describe('damaged zisofs', () => {
  const bytes = readImage('zisofs');
  const node = walk(openBytes(bytes)).get('/numbers') ?? -1;
  const start = new DataView(bytes.buffer).getUint32(node + RECORD.extent.offset, true) * 2048;

  it.each([
    ['another magic', u8(0), 0, 'corrupt iso9660/bad-zisofs'],
    ['another size', ZISOFS.size, 5, 'corrupt iso9660/bad-zisofs'],
    ['blocks of 4 GiB', ZISOFS.block_bits, 32, 'corrupt iso9660/bad-zisofs'],
    ['pointers elsewhere', ZISOFS.header_size, 255, 'corrupt iso9660/bad-zisofs'],
    ['a block that ends before it begins', u32le(20), 1, 'corrupt iso9660/bad-zisofs'],
    ['a block that is no zlib stream', u32le(16), 60, 'corrupt zlib/bad-block'],
  ] as const)('has %s', async (_, field, value, expected) => {
    const patched = Uint8Array.from(bytes);
    patchField(patched, start, field, value);
    const ask = (): string => hashRange(openBytes(patched).open(node));
    expect(await outcomeOf(ask)).toBe(expected);
  });
});

describe('a damaged boot catalog', () => {
  it('is said', () => {
    const bytes = readImage('hybrid');
    const catalog = new DataView(bytes.buffer).getUint32(17 * 2048 + 71, true) * 2048;
    bytes[catalog + 30] = 0;
    const fileSystem = openBytes(bytes);
    expect(fileSystem.bootImages).toEqual([]);
    expect(fileSystem.diagnostics.map(({ level, code }) => `${level} ${code}`)).toEqual([
      'damage iso9660/bad-boot-catalog',
    ]);
  });
});

describe('times', () => {
  it('are taken with their offset from UTC', () => {
    expect(parseShortTime(Uint8Array.of(123, 11, 14, 22, 13, 20, 0))).toEqual({
      seconds: 1_700_000_000,
      nanoseconds: 0,
    });
    expect(parseShortTime(Uint8Array.of(123, 11, 15, 0, 13, 20, 8))).toEqual({
      seconds: 1_700_000_000,
      nanoseconds: 0,
    });
    expect(parseShortTime(Uint8Array.of(0, 0, 0, 0, 0, 0, 0))).toEqual({ seconds: 0, nanoseconds: 0 });
    const long = Uint8Array.from([...Buffer.from('2023111422132050'), 0]);
    expect(parseLongTime(long)).toEqual({ seconds: 1_700_000_000, nanoseconds: 500_000_000 });
    expect(parseLongTime(Buffer.from('not a date at all'))).toEqual({ seconds: 0, nanoseconds: 0 });
  });
});

describe('bytes damaged at random', () => {
  it.each(['xorriso', 'genisoimage', 'joliet', 'plain', 'zisofs', 'hybrid'])('%s', async (name) => {
    const bytes = readImage(name);
    const random = createRandom(20_240_229);
    const records = [...walk(openBytes(bytes)).values()];
    const outcomes = new Set<string>();
    for (let round = 0; round < 100; round++) {
      const before = Uint8Array.from(bytes);
      for (let count = 0; count <= random(3); count++) {
        const at =
          round % 4 === 0 ? DESCRIPTORS_OFFSET + random(8192) : (records[random(records.length)] ?? 0) + random(250);
        bytes[at] = random(256);
      }
      outcomes.add(
        await outcomeOf(async () => {
          for (const each of await readEverything(openBytes(bytes), 100)) outcomes.add(each);
        }),
      );
      bytes.set(before);
    }
    expect(outcomes).toContain('none');
    expect(outcomes.size).toBeGreaterThan(2);
  });

  it('never looks for errors that are bugs', () => {
    expect(() => openBytes(new Uint8Array(40_000))).toThrow(ImageError);
  });
});
