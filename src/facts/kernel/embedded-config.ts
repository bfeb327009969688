/**
 * The configuration that a kernel carries inside (CONFIG_IKCONFIG: kernel/configs.c of Linux): between the marks `IKCFG_ST` and
 * `IKCFG_ED`, compressed by gzip, somewhere in the expanded kernel. Of an x86 bzImage the compressed part is its payload
 * (Documentation/arch/x86/boot.rst), other images are compressed as a whole or not at all.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { gzip } from '../../bytes/codecs/gzip/gzip.ts';
import { codecs } from '../../bytes/codecs/registry.ts';
import { StreamInput } from '../../bytes/codecs/stream-input.ts';
import { MemorySource } from '../../bytes/memory-source.ts';
import { decodeBytes } from '../../bytes/names.ts';
import { Struct, u8, u32le } from '../../bytes/struct.ts';
import { type Limits, limitExceeded } from '../../limits.ts';
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
  const options = { limits, onTrailing: () => {} };
  const chunks = codec ? (await codec.loadDecoder())(new StreamInput(packed), options) : chunksOf(packed);
  const config = await findConfig(chunks, limits, source.label);
  if (!config) return undefined;
  const text = await gzip.open(new MemorySource(config, source.label), options);
  try {
    return text.size > limits.textBytes ? undefined : decodeBytes(text.read(0, text.size));
  } finally {
    text.close();
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

function* chunksOf(source: ByteSource): Generator<Uint8Array> {
  for (let at = 0; at < source.size; at += CHUNK) yield source.read(at, Math.min(CHUNK, source.size - at));
}

/**
 * What lies between the marks. A kernel is not expanded any further: what is left of it could only show damage that the configuration
 * has not, whose own checksum is verified.
 */
async function findConfig(
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  limits: Limits,
  label: string,
): Promise<Uint8Array | undefined> {
  const window = Buffer.allocUnsafeSlow(CHUNK);
  let filled = 0;
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > limits.spoolBytes) throw limitExceeded('spoolBytes', limits, label, { source: label });
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + CHUNK - filled);
      window.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled < CHUNK) continue;
      const { config, rest } = scan(window, false);
      if (config) return config;
      window.copyWithin(0, rest);
      filled -= rest;
    }
  }
  return scan(window.subarray(0, filled), true).config;
}

/** The configuration in `bytes`, else from where on more must be known; a mark with nothing behind it is none. */
function scan(bytes: Buffer, isEnd: boolean): { readonly config?: Uint8Array; readonly rest: number } {
  for (let at = 0; ; ) {
    const start = bytes.indexOf(START, at);
    if (start < 0) return { rest: Math.max(at, bytes.length - START.length + 1) };
    const from = start + START.length;
    const stop = from + MAX_PACKED + END.length;
    const end = bytes.subarray(0, stop).indexOf(END, from);
    if (end > from) return { config: Uint8Array.from(bytes.subarray(from, end)), rest: from };
    if (end < 0 && stop > bytes.length && !isEnd) return { rest: start };
    at = from;
  }
}
