/** The configuration inside a kernel, in every wrapping that kernels come in. */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../../src/bytes/memory-source.ts';
import { ImageError } from '../../../src/errors.ts';
import { setupHeader } from '../../../src/facts/boot/kernel-image.ts';
import { payloadHeader, readEmbeddedConfig } from '../../../src/facts/kernel/embedded-config.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { makePe } from '../boot/make-pe.ts';

const config = '# Linux/x86 6.6.74 Kernel Configuration\nCONFIG_NAMESPACES=y\nCONFIG_VXLAN=m\n';
const inside = (text: string): Buffer =>
  Buffer.concat([
    Buffer.alloc(70_000, 7),
    Buffer.from('IKCFG_ST'),
    gzipSync(text),
    Buffer.from('IKCFG_ED'),
    Buffer.alloc(500),
  ]);

/** A bzImage whose payload is followed by the length of the kernel, as the build appends it. */
function bzImage(payload: Buffer): Buffer {
  const setup = Buffer.alloc(2 * 512);
  setup.writeUInt8(1, payloadHeader.setup_sects.offset);
  setup.write('HdrS', setupHeader.header.offset);
  setup.writeUInt32LE(64, payloadHeader.payload_offset.offset);
  setup.writeUInt32LE(payload.length + 4, payloadHeader.payload_length.offset);
  return Buffer.concat([setup, Buffer.alloc(64, 0x90), payload, Buffer.from([1, 2, 3, 4]), Buffer.alloc(100)]);
}

const read = (bytes: Uint8Array): Promise<string | undefined> =>
  readEmbeddedConfig(new MemorySource(bytes, 'kernel'), defaultLimits);

describe('the configuration of a kernel', () => {
  const x86 = bzImage(gzipSync(inside(config)));

  it.each([
    ['a bzImage', x86],
    ['an image that is not compressed', inside(config)],
    ['an image compressed as a whole', gzipSync(inside(config))],
    ['a unified image', makePe(0x8664, { '.linux': x86.toString('latin1') })],
    ['the other kind of unified image', makePe(0x8664, { '.kernel': x86.toString('latin1') })],
  ])('is found in %s', async (_what, bytes) => {
    expect(await read(bytes)).toBe(config);
  });

  it.each([
    ['without one', bzImage(gzipSync(Buffer.alloc(10_000)))],
    ['with a mark alone', Buffer.concat([Buffer.alloc(5000), Buffer.from('IKCFG_ST')])],
    ['that is no kernel', Buffer.from('<html>')],
    ['with a payload past its end', x86.subarray(0, 1200)],
  ])('is none in a kernel %s', async (_what, bytes) => {
    expect(await read(bytes)).toBeUndefined();
  });

  it('is refused where it is damaged', async () => {
    const broken = Buffer.from(x86);
    broken.fill(0xff, 1200, 1260);
    await expect(read(broken)).rejects.toThrow(ImageError);
    const text = inside(config);
    text.fill(0, 70_030, 70_060);
    await expect(read(text)).rejects.toThrow(ImageError);
  });
});
