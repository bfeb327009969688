import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../../src/bytes/memory-source.ts';
import { ImageError } from '../../../src/errors.ts';
import { readKernelImage, setupHeader } from '../../../src/facts/boot/kernel-image.ts';
import { makePe } from './make-pe.ts';

const source = (bytes: Uint8Array) => new MemorySource(bytes, 'kernel');

/** The setup header of an x86 kernel, with its version at `pointer` + 0x200. */
function bzImage(version: string, pointer = 0x100): Buffer {
  const bytes = Buffer.alloc(0x800);
  bytes.writeUInt16LE(0xaa55, setupHeader.boot_flag.offset);
  bytes.write('HdrS', setupHeader.header.offset);
  bytes.writeUInt16LE(0x20f, setupHeader.version.offset);
  bytes.writeUInt16LE(pointer, setupHeader.kernel_version.offset);
  if (pointer > 0 && pointer + 0x200 < bytes.length) bytes.write(`${version} (builder@host) #1 SMP\0`, pointer + 0x200);
  return bytes;
}

describe('a kernel file', () => {
  it('that is a bzImage says its release', () => {
    expect(readKernelImage(source(bzImage('6.12.107+deb13-amd64')))).toEqual({
      format: 'bzImage',
      release: { text: '6.12.107+deb13-amd64', from: 'header' },
    });
  });

  it.each([
    ['has no pointer to its version', bzImage('x', 0)],
    ['points past its end', bzImage('x', 0xf000)],
  ])('that %s says none', (_, bytes) => {
    expect(readKernelImage(source(bytes))).toEqual({ format: 'bzImage' });
  });

  it.each([
    ['arm64 Image', 'ARM\x64', { format: 'arm64 Image', architecture: 'arm64' }],
    ['RISC-V Image', 'RSC\x05', { format: 'unknown', architecture: 'riscv64' }],
  ])('that is an %s is told by its magic', (_, magic, content) => {
    const bytes = Buffer.alloc(128);
    bytes.write(magic, 56, 'latin1');
    expect(readKernelImage(source(bytes))).toEqual(content);
  });

  it.each([
    ['\x7fELF\x02\x01', 'ELF'],
    ['\x1f\x8b\x08\x00', 'compressed'],
    ['kernel', 'unknown'],
    ['', 'unknown'],
  ])('that begins with %j is %s', (text, format) => {
    expect(readKernelImage(source(Buffer.from(text, 'latin1')))).toEqual({ format });
  });

  it('inside a unified kernel image says its release where the image does not', () => {
    const bytes = makePe(0x8664, { '.kernel': bzImage('6.12.107-cip1').toString('latin1') });
    expect(readKernelImage(source(bytes))).toEqual({
      format: 'unified kernel image',
      architecture: 'amd64',
      release: { text: '6.12.107-cip1', from: 'header' },
    });
  });

  it('that is a unified kernel image says its release and machine', () => {
    const bytes = makePe(0xaa64, { '.linux': 'kernel', '.uname': '6.12.107-arm64\n\0' });
    expect(readKernelImage(source(bytes))).toEqual({
      format: 'unified kernel image',
      architecture: 'arm64',
      release: { text: '6.12.107-arm64', from: 'header' },
    });
  });

  it('whatever its bytes, is read or refused as damaged', () => {
    const whole = Buffer.concat([bzImage('6.12'), makePe(0x8664, { '.linux': 'k', '.uname': '6.12' })]);
    let seed = 7;
    const random = (below: number): number => {
      seed = (seed * 1103515245 + 12345) % 0x80000000;
      return seed % below;
    };
    for (let round = 0; round < 300; round++) {
      const bytes = Buffer.from(whole.subarray(round % 2 === 0 ? 0 : 0x800));
      for (let i = 0; i < 4; i++) bytes[random(Math.min(bytes.length, 0x300))] = random(256);
      try {
        expect(readKernelImage(source(bytes.subarray(0, bytes.length - random(64)))).format).toBeTypeOf('string');
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(ImageError);
      }
    }
  });
});
