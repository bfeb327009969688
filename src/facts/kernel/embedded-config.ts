/**
 * The configuration that a kernel carries inside (CONFIG_IKCONFIG: kernel/configs.c of Linux): between the marks `IKCFG_ST` and
 * `IKCFG_ED`, compressed by gzip, somewhere in the expanded kernel. Of an x86 bzImage the compressed part is its payload
 * (Documentation/arch/x86/boot.rst), other images are compressed as a whole or not at all.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { gzip } from '../../bytes/codecs/gzip/gzip.ts';
import { codecs } from '../../bytes/codecs/registry.ts';
import { decodeBytes } from '../../bytes/names.ts';
import { Struct, u8, u32le } from '../../bytes/struct.ts';
import type { Limits } from '../../limits.ts';
import { findPeHeader, openPe } from '../../volumes/pe/pe-file.ts';
import { setupHeader } from '../boot/kernel-image.ts';

/** Of the x86 setup header, version 2.08 and later; offsets count from the end of the setup code. */
export const payloadHeader = {
  setup_sects: u8(0x1f1),
  payload_offset: u32le(0x248),
  payload_length: u32le(0x24c),
} as const;

const HEADER_BYTES = 0x260;
const SECTOR = 512;
const HDR_S = 0x53726448;
const CHUNK = 4 * 1024 * 1024;
const START = Buffer.from('IKCFG_ST');
const END = Buffer.from('IKCFG_ED');
/** Real ones take some 50 KiB. */
const MAX_PACKED = 1024 * 1024;

/** The text of the configuration; undefined if the kernel carries none. ImageError where it is damaged. */
export async function readEmbeddedConfig(source: ByteSource, limits: Limits): Promise<string | undefined> {
  const packed = findPayload(findKernel(source));
  const codec = codecs.find((each) => each.detect(packed));
  // The length of the kernel follows the compressed stream.
  const kernel = codec ? await codec.open(packed, { limits, onTrailing: () => {} }) : packed;
  try {
    const config = findConfig(kernel);
    if (!config) return undefined;
    const text = await gzip.open(config, { limits, onTrailing: () => {} });
    try {
      return text.size > limits.textBytes ? undefined : decodeBytes(text.read(0, text.size));
    } finally {
      text.close();
    }
  } finally {
    if (codec) kernel.close();
  }
}

/** The kernel of a unified image, else the file itself. */
function findKernel(source: ByteSource): ByteSource {
  if (findPeHeader(source) === undefined) return source;
  const { sections } = openPe(source);
  return sections.find(({ name }) => name === '.linux' || name === '.kernel')?.content ?? source;
}

function findPayload(source: ByteSource): ByteSource {
  if (source.size < HEADER_BYTES) return source;
  const header = new Struct(Uint8Array.from(source.read(0, HEADER_BYTES)));
  if (header.get(setupHeader.header) !== HDR_S) return source;
  const start = ((header.get(payloadHeader.setup_sects) || 4) + 1) * SECTOR + header.get(payloadHeader.payload_offset);
  const length = header.get(payloadHeader.payload_length);
  return length > 0 && start + length <= source.size ? source.slice(start, length) : source;
}

/** What lies between the marks. */
function findConfig(kernel: ByteSource): ByteSource | undefined {
  const overlap = START.length - 1;
  for (let at = 0; at < kernel.size; at += CHUNK) {
    const found = indexIn(kernel, START, at, Math.min(CHUNK + overlap, kernel.size - at));
    if (found === undefined) continue;
    const from = found + START.length;
    const end = indexIn(kernel, END, from, Math.min(MAX_PACKED, kernel.size - from));
    if (end !== undefined && end > from) return kernel.slice(from, end - from);
  }
  return undefined;
}

function indexIn(source: ByteSource, mark: Buffer, from: number, length: number): number | undefined {
  const bytes = source.read(from, length);
  const at = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(mark);
  return at < 0 ? undefined : from + at;
}
