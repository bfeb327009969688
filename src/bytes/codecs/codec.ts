/** A codec: compressed bytes around an image, told by their magic, expanded into a seekable source. */
import type { Limits } from '../../limits.ts';
import type { ByteSource } from '../byte-source.ts';
import type { WorkerName } from '../worker-thread.ts';
import type { StreamInput } from './stream-input.ts';

export interface CodecOptions {
  readonly limits: Limits;
  /** Called now and then while the stream is read: bytes of input done, of how many. */
  readonly onProgress?: (done: number, total: number) => void;
  /**
   * What to do when other bytes follow the compressed stream: called with their offset, and they are left alone (a kernel
   * reads an initramfs so). Without it they are an error, since an image has nothing behind it.
   */
  readonly onTrailing?: (offset: number) => void;
  /**
   * Given if the result may be read while it is still being decoded: then nothing that was read of it counts before its `verify` has
   * returned, and `source` must stay open as long as the result.
   */
  readonly beside?: BesideOptions;
}

export interface BesideOptions {
  /** Where the scripts of threads are, if not where `findWorker` looks. */
  readonly workers?: (name: WorkerName) => URL | undefined;
  /** Outputs of fewer bytes are not worth a thread. */
  readonly minOutput?: number;
}

export interface ExpandedSource extends ByteSource {
  /**
   * Of a result that is decoded beside its reader: waits until what was read is known to be good. ImageError if it is not; then the
   * codec without `beside` tells what is wrong with the whole.
   */
  verify?(): void;
}

export interface Codec {
  /** The usual name extension: `gz`, `zst`, `xz`. */
  readonly id: string;
  readonly name: string;
  /** Looks at a few bytes. Never throws for what they are: a source that is too short is "no". */
  detect(source: ByteSource): boolean;
  /**
   * The expanded bytes, complete and with every checksum verified unless `beside` is given, or an ImageError. The result carries the label of
   * `source`, which may be closed; closing the result gives back its memory and disk space.
   */
  open(source: ByteSource, options: CodecOptions): Promise<ExpandedSource>;
  /** For who reads the output once from front to back, perhaps not to its end. */
  loadDecoder(): Promise<Decoder>;
}

/** Yields the output in order; each chunk is valid until the next is asked for. Throws ImageError, never returns early. */
export type Decoder = (input: StreamInput, options: CodecOptions) => Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

export interface CodecParts extends Omit<Codec, 'open'> {
  /** Undefined if the stream is rather decoded before it is read. */
  readonly openBeside?: (source: ByteSource, options: CodecOptions) => Promise<ExpandedSource | undefined>;
}

/** A codec whose decoder runs into a spool, unless the output may be read beside it. */
export function streamCodec({ openBeside, ...codec }: CodecParts): Codec {
  return {
    ...codec,
    async open(source, options) {
      const running = options.beside ? await openBeside?.(source, options) : undefined;
      if (running) return running;
      const [{ expand }, decode] = await Promise.all([import('./expand.ts'), codec.loadDecoder()]);
      return expand(source, options, decode);
    },
  };
}

/** Whether the source begins with these bytes. */
export function startsWith(source: ByteSource, magic: readonly number[]): boolean {
  if (source.size < magic.length) return false;
  const bytes = source.read(0, magic.length);
  return magic.every((byte, i) => bytes[i] === byte);
}

/** Skippable frames passed over by `firstFrameMagic`. */
const MAX_SKIPPED = 16;

/** The magic number (32 bit, little-endian) behind skippable frames, which Zstandard and LZ4 share; undefined if there is none. */
export function firstFrameMagic(source: ByteSource): number | undefined {
  let at = 0;
  for (let skipped = 0; skipped <= MAX_SKIPPED && at + 8 <= source.size; skipped++) {
    const head = source.read(at, 8);
    const view = new DataView(head.buffer, head.byteOffset);
    const magic = view.getUint32(0, true);
    if (magic >>> 4 !== 0x184d2a5) return magic;
    at += 8 + view.getUint32(4, true);
  }
  return undefined;
}
