/** Blocks of zstd frames as they are put together for the decoder. */
import { describe, expect, it } from 'vitest';
import { StreamInput } from '../../../src/bytes/codecs/stream-input.ts';
import { decodeZstd } from '../../../src/bytes/codecs/zstd/decode-zstd.ts';
import { MemorySource } from '../../../src/bytes/memory-source.ts';

/** A frame of stored blocks of these sizes, with a window of 1 MiB and no checksum. */
function storedFrame(sizes: readonly number[]): { readonly stream: Uint8Array; readonly content: Uint8Array } {
  const parts = sizes.map((size, i) => Buffer.alloc(size, i + 1));
  const blocks = parts.flatMap((part, i) => {
    const head = Buffer.alloc(3);
    head.writeUIntLE(Number(i === sizes.length - 1) + 8 * part.length, 0, 3);
    return [head, part];
  });
  const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x50]);
  return { stream: new Uint8Array(Buffer.concat([header, ...blocks])), content: new Uint8Array(Buffer.concat(parts)) };
}

describe('batches of blocks', () => {
  it('have room for the largest block behind as many bytes as are ever gathered', async () => {
    const block = 128 * 1024;
    // With the headers of 6 and 3 bytes: from 10 less than half a MiB to 2 more.
    const rest = 512 * 1024 - 6 - 3 * (3 + block) - 3;
    for (let spare = -2; spare <= 10; spare++) {
      const { stream, content } = storedFrame([block, block, block, rest - spare, block]);
      const chunks: Uint8Array[] = [];
      const input = new StreamInput(new MemorySource(stream, 'x'));
      for await (const chunk of decodeZstd(input, {})) chunks.push(Uint8Array.from(chunk));
      expect(Buffer.compare(Buffer.concat(chunks), content)).toBe(0);
    }
  });
});
