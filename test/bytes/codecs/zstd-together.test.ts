/** Several zstd streams at once in one thread. */
import { describe, expect, it } from 'vitest';
import { StreamInput } from '../../../src/bytes/codecs/stream-input.ts';
import { decodeZstd } from '../../../src/bytes/codecs/zstd/decode-zstd.ts';
import { zstd } from '../../../src/bytes/codecs/zstd/zstd.ts';
import { MemorySource } from '../../../src/bytes/memory-source.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { describeContent, expected, readFixture } from './fixtures.ts';

const options = { limits: defaultLimits };
const decode = (bytes: Uint8Array) => decodeZstd(new StreamInput(new MemorySource(bytes, 'x')), {});

/** A frame with a window of 128 MiB, the most that is given, and one block of a run of one byte. */
const wideWindow = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 0x88, 0x23, 0, 0, 7);

describe('zstd streams at once in one thread', () => {
  it('keep what they have yielded while another takes memory', async () => {
    const first = decode(readFixture('streams/sized.zst'));
    const { value: chunk } = await first.next();
    for await (const other of decode(wideWindow)) expect(other).toEqual(Uint8Array.of(7, 7, 7, 7));
    expect(describeContent(chunk ?? new Uint8Array(0))).toEqual(expected.content);
    expect((await first.next()).done).toBe(true);
  });

  it('are all opened to what they hold', async () => {
    const names = ['sized.zst', 'frames.zst', 'long27.zst', 'pzstd.zst', 'stream.zst'];
    const sources = await Promise.all(
      names.map((name) => zstd.open(new MemorySource(readFixture(`streams/${name}`), name), options)),
    );
    for (const [i, source] of sources.entries()) {
      expect(describeContent(source.read(0, source.size))).toEqual(expected.streams[names[i] as string]);
      source.close();
    }
  });
});
