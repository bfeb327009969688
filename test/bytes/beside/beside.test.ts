/** What is read while it is being decoded: the same bytes in any order, and nothing counts that does not end well. */
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { xxHash64 } from '../../../src/bytes/checksums/xxhash64.ts';
import type { CodecOptions, ExpandedSource } from '../../../src/bytes/codecs/codec.ts';
import { codecs } from '../../../src/bytes/codecs/registry.ts';
import { locateBlocks } from '../../../src/bytes/codecs/xz/locate-blocks.ts';
import { type FileSource, openFileSource } from '../../../src/bytes/file-source.ts';
import { MemorySource } from '../../../src/bytes/memory-source.ts';
import { ImageError } from '../../../src/errors.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { describeContent, expected, readFixture, seeded } from '../codecs/fixtures.ts';
import { buildWorkers } from './workers.ts';

const MiB = 1024 * 1024;
/** A disk of 103 MiB, mostly zeroes, in one frame with its size and checksum. */
const sample = new Uint8Array(readFileSync(resolve(import.meta.dirname, '../../../samples/images/k3s-server.wic.zst')));

let folder = '';
let options: CodecOptions = { limits: defaultLimits };
const inputs: FileSource[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'check-image-test-'));
  options = { limits: defaultLimits, beside: await buildWorkers(folder) };
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  for (const input of inputs.splice(0)) input.close();
  vi.unstubAllEnvs();
});

/** Opens bytes that lie in a file. */
async function open(bytes: Uint8Array, changes: Partial<CodecOptions> = {}): Promise<ExpandedSource> {
  const path = join(folder, 'input');
  writeFileSync(path, bytes);
  const source = openFileSource(path, { label: 'disk.wic' });
  inputs.push(source);
  const codec = codecs.find((each) => each.detect(source));
  if (!codec) throw new Error('no codec takes this');
  return codec.open(source, { ...options, ...changes });
}

/** Opens bytes as they are decoded without threads. */
async function openBefore(bytes: Uint8Array): Promise<ExpandedSource> {
  const source = new MemorySource(bytes, 'disk.wic');
  const codec = codecs.find((each) => each.detect(source));
  if (!codec) throw new Error('no codec takes this');
  return codec.open(source, { limits: defaultLimits });
}

const flip = (bytes: Uint8Array, at: number): Uint8Array => {
  const damaged = bytes.slice();
  damaged[at] = (damaged[at] as number) ^ 1;
  return damaged;
};

/** What all of it is, or the code of the error. */
async function outcomeOf(opening: () => Promise<ExpandedSource>): Promise<object | string> {
  try {
    const source = await opening();
    try {
      const content = describeContent(source.read(0, source.size));
      source.verify?.();
      return content;
    } finally {
      source.close();
    }
  } catch (error) {
    return error instanceof ImageError ? error.code : String(error);
  }
}

/** Bytes on disk of the unnamed files that this process has open, one each. */
const openSpools = (): number[] =>
  readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const path = `/proc/self/fd/${fd}`;
      return / \(deleted\)$/.test(readlinkSync(path)) ? [statSync(path).blocks * 512] : [];
    } catch {
      return []; // the descriptor of the listing itself is gone
    }
  });

const names = Object.keys(expected.streams).filter((name) => /\.(?:xz|zst)$/.test(name));

describe.each(names)('%s beside its reader', (name) => {
  const bytes = readFixture(`streams/${name}`);
  const wanted = expected.streams[name];

  it('is what its own tool says', async () => {
    const source = await open(bytes);
    expect(source.label).toBe('disk.wic');
    expect(describeContent(source.read(0, source.size))).toEqual(wanted);
    source.verify?.();
    source.close();
  });

  it('never counts with a flipped bit in it', async () => {
    const random = seeded(bytes.length);
    for (let round = 0; round < 2; round++) {
      const damaged = flip(bytes, random(bytes.length));
      expect(await outcomeOf(() => open(damaged))).toEqual(await outcomeOf(() => openBefore(damaged)));
    }
  });
});

describe('a stream', () => {
  it('is read in any order while it is decoded', async () => {
    const whole = await openBefore(sample);
    const content = Buffer.from(whole.read(0, whole.size));
    whole.close();
    const source = await open(sample);
    expect(source.verify).toBeDefined();
    expect(source.size).toBe(content.length);
    const random = seeded(9);
    for (let round = 0; round < 60; round++) {
      const offset = random(Math.min(content.length - 1, (1 + round) * 3 * MiB));
      const length = 1 + random(Math.min(content.length - offset, round % 7 ? 5000 : 2 * MiB));
      expect(Buffer.compare(source.read(offset, length), content.subarray(offset, offset + length))).toBe(0);
    }
    source.verify?.();
    source.close();
  });

  it('is refused at its end for a checksum that is wrong, whatever could be read before', async () => {
    const source = await open(flip(sample, sample.length - 1));
    expect(Buffer.from(source.read(512, 8)).toString()).toBe('EFI PART');
    const failure = { code: 'zstd/bad-checksum', location: { source: 'disk.wic', offset: sample.length } };
    expect(() => source.verify?.()).toThrow(expect.objectContaining(failure));
    expect(() => source.verify?.()).toThrow(expect.objectContaining(failure));
    source.close();
  });

  it('is asked at its end for what was assumed of it', async () => {
    for (const holds of [true, false]) {
      const source = await open(sample);
      source.assume?.(() => source.read(source.size - 512, 8).length === 8);
      source.assume?.(() => holds);
      if (holds) source.verify?.();
      else expect(() => source.verify?.()).toThrow(expect.objectContaining({ code: 'bytes/wrong-assumption' }));
      source.close();
    }
    const blocks = await open(readFixture('streams/blocks.xz'));
    expect(blocks.assume).toBeUndefined();
    blocks.close();
  });

  it('does not count where its end is missing, or other bytes follow', async () => {
    for (const bytes of [sample.subarray(0, sample.length - 5), Buffer.concat([sample, Buffer.from('tail')])]) {
      const source = await open(bytes);
      expect(Buffer.from(source.read(512, 8)).toString()).toBe('EFI PART');
      expect(() => source.verify?.()).toThrow(ImageError);
      source.close();
    }
  });

  it('does not count where other frames follow a long one', async () => {
    const source = await open(Buffer.concat([sample, readFixture('streams/sized.zst')]));
    expect(source.size).toBe(103 * MiB);
    expect(() => source.verify?.()).toThrow(expect.objectContaining({ kind: 'corrupt' }));
    source.close();
  });

  it('is decoded before it is read where there is no file, no thread, or little to decode', async () => {
    const { workers } = options.beside ?? {};
    const memory = new MemorySource(sample, 'disk.wic');
    const [zstd] = codecs.filter((each) => each.detect(memory));
    const opened = [
      await zstd?.open(memory, options),
      await open(sample, { beside: { minOutput: 1, workers: () => undefined } }),
      await open(sample, { beside: { ...(workers && { workers }), minOutput: 1024 * MiB } }),
    ];
    for (const source of opened) {
      expect(source?.verify).toBeUndefined();
      expect(source?.size).toBe(103 * MiB);
      source?.close();
    }
  });

  it('holds its size against the budget before it begins', async () => {
    const limits = { ...defaultLimits, spoolBytes: 103 * MiB - 1 };
    await expect(open(sample, { limits })).rejects.toMatchObject({ code: 'limit/spoolBytes' });
  });

  it('says how to go on when there is no room for its file', async () => {
    vi.stubEnv('TMPDIR', '/nonexistent');
    await expect(open(sample)).rejects.toMatchObject({ kind: 'input', remedy: expect.stringContaining('TMPDIR') });
  });

  it('leaves nothing when it is closed before its end', async () => {
    const none = (): void => expect(openSpools()).toEqual([]);
    await vi.waitFor(none, { timeout: 20_000 });
    const sources = await Promise.all([open(sample), open(sample)]);
    expect(openSpools().length).toBe(2);
    for (const source of sources) source.close();
    await vi.waitFor(none, { timeout: 20_000 });
  });
});

describe('a zstd stream of stored blocks and long runs', () => {
  const random = seeded(5);
  const stored = (length: number): Uint8Array => Uint8Array.from({ length }, () => random(256));
  const block = 128 * 1024;
  const blocks: Uint8Array[] = [];
  let content = Buffer.alloc(0);
  const add = (type: 0 | 1 | 2, size: number, bytes: Uint8Array, output: Uint8Array): void => {
    const head = Buffer.alloc(3);
    head.writeUIntLE(2 * type + 8 * size, 0, 3);
    blocks.push(Buffer.concat([head, bytes]));
    content = Buffer.concat([content, output]);
  };
  const store = (length: number): void => {
    const bytes = stored(length);
    add(0, length, bytes, bytes);
  };
  const repeat = (byte: number, length: number): void =>
    add(1, length, Uint8Array.of(byte), Buffer.alloc(length, byte));
  /** A literal and 34 bytes from `distance` back (RFC 8878, section 3.1.1.3): one sequence, its three codes as tables of one symbol. */
  const refer = (distance: number): void => {
    const code = Math.floor(Math.log2(distance + 3));
    const offset = Buffer.alloc(4);
    offset.writeUInt32LE(distance + 3);
    const bytes = Uint8Array.of(1 << 3, 0x78, 1, 0x54, 1, code, 31, ...offset.subarray(0, Math.floor(code / 8) + 1));
    const from = content.length + 1 - distance;
    const copied = Array.from({ length: 34 }, (_, k) => content[from + k] as number);
    add(2, bytes.length, bytes, Uint8Array.of(0x78, ...copied));
  };
  const times = (count: number, work: () => void): void => Array.from({ length: count }).forEach(work);
  // Runs shorter and longer than the window, and blocks behind them that refer to its very start, into it and to its end.
  times(3, () => store(block));
  store(1000);
  times(40, () => repeat(0, block));
  store(block);
  for (const distance of [35, block, MiB]) refer(distance);
  times(21, () => store(block));
  for (const distance of [MiB, 35, MiB - 35, 1000]) refer(distance);
  repeat(65, 777);
  times(20, () => repeat(0, block));
  times(3, () => store(block));
  for (const distance of [MiB, 3 * block + 20, 3 * block]) refer(distance);
  store(70_000);
  repeat(0, 5000);
  const last = blocks.at(-1) as Uint8Array;
  last[0] = (last[0] as number) | 1;
  const size = Buffer.alloc(4);
  size.writeUInt32LE(content.length);
  // Checksum, a size of four bytes, a window of 1 MiB.
  const header = Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x84, 0x50]), size]);
  const stream = new Uint8Array(Buffer.concat([header, ...blocks, xxHash64(content).subarray(0, 4)]));

  it('is what the library makes of it, in any order', async () => {
    const whole = await openBefore(stream);
    expect(Buffer.compare(whole.read(0, whole.size), content)).toBe(0);
    whole.close();
    for (const bytes of [stream, Buffer.concat([readFixture('streams/sized.zst'), stream])]) {
      const source = await open(bytes);
      const start = source.size - content.length;
      for (let round = 0; round < 40; round++) {
        const offset = random(content.length);
        const length = random(Math.min(content.length - offset, round % 3 ? 3000 : MiB));
        const part = content.subarray(offset, offset + length);
        expect(Buffer.compare(source.read(start + offset, length), part)).toBe(0);
      }
      source.verify?.();
      source.close();
    }
  });

  it('is written but for zeroes and stored blocks', async () => {
    await vi.waitFor(() => expect(openSpools()).toEqual([]), { timeout: 20_000 });
    const source = await open(stream);
    source.verify?.();
    const [spool = 0] = openSpools();
    expect(spool).toBeGreaterThan(0);
    expect(spool).toBeLessThan(64 * 1024);
    source.close();
  });

  it('does not count with a bit flipped in a stored block, a run, or the checksum', async () => {
    for (const at of [header.length + 3 + 5000, stream.length - 5, stream.length - 1]) {
      const source = await open(flip(stream, at));
      expect(() => source.verify?.()).toThrow(expect.objectContaining({ code: 'zstd/bad-checksum' }));
      source.close();
      expect(await outcomeOf(() => openBefore(flip(stream, at)))).toBe('zstd/bad-checksum');
    }
  });
});

describe('blocks of xz', () => {
  const bytes = readFixture('streams/blocks.xz');
  const places = locateBlocks(new MemorySource(bytes, 'x')) ?? [];
  const content = async (): Promise<Uint8Array> => {
    const source = await openBefore(bytes);
    return source.read(0, source.size).slice();
  };

  it('are decoded as they are read, last first', async () => {
    const whole = await content();
    const source = await open(bytes);
    for (const { outputOffset, outputSize } of places.toReversed()) {
      const part = source.read(outputOffset, outputSize);
      expect(Buffer.compare(part, whole.subarray(outputOffset, outputOffset + outputSize))).toBe(0);
    }
    source.verify?.();
    source.close();
  });

  it('fail where they are damaged and are asked for, by their place in the file', async () => {
    // Blocks so wide that a read of one does not touch its neighbours.
    const wide = readFixture('streams/wide.xz');
    const [, second] = locateBlocks(new MemorySource(wide, 'x')) ?? [];
    if (!second) throw new Error('there are three blocks');
    const source = await open(flip(wide, second.offset + second.unpaddedSize - 1));
    expect(source.read(0, 4096).length).toBe(4096);
    expect(source.read(source.size - 4096, 4096).length).toBe(4096);
    expect(() => source.verify?.()).not.toThrow();
    const failure = { code: 'xz/bad-checksum', location: { source: 'disk.wic', offset: second.offset } };
    expect(() => source.read(second.outputOffset, 1)).toThrow(expect.objectContaining(failure));
    expect(() => source.verify?.()).toThrow(expect.objectContaining(failure));
    source.close();
  });

  it('are left to the sequential decoder where the structure around them has a fault', async () => {
    await expect(open(bytes.subarray(0, bytes.length - 1))).rejects.toMatchObject({ code: 'bytes/truncated' });
    await expect(open(flip(bytes, bytes.length - 20))).rejects.toMatchObject({ code: expect.stringMatching(/^xz\//) });
  });

  it('are held against the budget before any is decoded', async () => {
    const limits = { ...defaultLimits, spoolBytes: 1000 };
    await expect(open(bytes, { limits })).rejects.toMatchObject({ code: 'limit/spoolBytes' });
  });
});
