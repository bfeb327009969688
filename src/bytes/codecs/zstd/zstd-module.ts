/**
 * The zstd library as WebAssembly, from the package `zstddec`, driven call by call: the package's own loop neither ends on
 * damaged input nor bounds its memory. Each decoder has an instance of its own: memory that grows takes away the views of all who
 * share it, and never shrinks again.
 */

/** The exports in use, in the spelling of zstd.h. Sizes and pointers are 32-bit and come back signed. */
export interface ZstdExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  malloc(size: number): number;
  ZSTD_freeDCtx(context: number): number;
  ZSTD_createDCtx(): number;
  ZSTD_decompressStream(context: number, output: number, input: number): number;
}

/** ZSTD_error_maxCode: results in the last 120 values of size_t are errors. */
const MAX_ERROR = 120;

/** Makes an instance with a memory of its own: 16 MiB, of which only what is touched is taken. */
export type InstantiateZstd = () => ZstdExports;

/** What the types of Node 20 leave out. */
interface WebAssemblyApi {
  readonly Instance: new (module: unknown, imports: object) => { readonly exports: ZstdExports };
}

let loading: Promise<InstantiateZstd> | undefined;

/** Compiles the library on the first call; some 5 ms. */
export function loadZstd(): Promise<InstantiateZstd> {
  loading ??= compile();
  return loading;
}

async function compile(): Promise<InstantiateZstd> {
  const { ZSTDDecoder } = await import('zstddec/stream');
  let module: unknown;
  class Decoder extends ZSTDDecoder {
    override _init(result: { readonly module: unknown; readonly instance: unknown }): void {
      super._init(result);
      module = result.module;
    }
  }
  // The package decodes its bytes by `fetch` where there is one, and Node takes 80 ms to load that. It looks once, right here.
  const fetch = Object.getOwnPropertyDescriptor(globalThis, 'fetch');
  Object.defineProperty(globalThis, 'fetch', { value: undefined, configurable: true, writable: true });
  let ready: Promise<void>;
  try {
    ready = new Decoder().init();
  } finally {
    if (fetch) Object.defineProperty(globalThis, 'fetch', fetch);
  }
  await ready;
  const { Instance } = (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }).WebAssembly;
  return () => new Instance(module, { env: { emscripten_notify_memory_growth() {} } }).exports;
}

/** What one call of the decoder did. */
export interface ZstdStep {
  /** Input bytes taken. */
  readonly consumed: number;
  /** Output, valid until the next call. */
  readonly output: Uint8Array;
  /** The frame is complete: all of its output is out, its checksum verified. */
  readonly done: boolean;
}

/** A decoding context with an input and an output buffer of fixed sizes, in an instance that is its own. */
export class ZstdContext {
  readonly #zstd: ZstdExports;
  #context: number;
  /** One allocation: ZSTD_inBuffer, ZSTD_outBuffer, the input, the output. */
  readonly #base: number;
  readonly inputSize: number;
  readonly #outputSize: number;
  #heap: Uint8Array;
  #view: DataView;

  constructor(zstd: ZstdExports, inputSize: number, outputSize: number) {
    this.#zstd = zstd;
    this.inputSize = inputSize;
    this.#outputSize = outputSize;
    this.#context = zstd.ZSTD_createDCtx();
    this.#base = zstd.malloc(32 + inputSize + outputSize);
    if (this.#context === 0 || this.#base === 0) throw new RangeError('the zstd decoder has no memory left');
    this.#heap = new Uint8Array(zstd.memory.buffer);
    this.#view = new DataView(zstd.memory.buffer);
  }

  /** Leaves the frame that it is in. */
  restart(): void {
    this.#zstd.ZSTD_freeDCtx(this.#context);
    this.#context = this.#zstd.ZSTD_createDCtx();
    if (this.#context === 0) throw new RangeError('the zstd decoder has no memory left');
  }

  /** The input buffer, valid until the next step. */
  get input(): Uint8Array {
    this.#refresh();
    const start = this.#base + 32;
    return this.#heap.subarray(start, start + this.inputSize);
  }

  /** One call over input [from, to): a step, or zstd's error number, after which the context is of no more use. */
  step(from: number, to: number): ZstdStep | number {
    this.#refresh();
    const input = this.#base;
    const output = this.#base + 12;
    const inputData = this.#base + 32;
    const outputData = inputData + this.inputSize;
    this.#view.setUint32(input, inputData, true);
    this.#view.setUint32(input + 4, to, true);
    this.#view.setUint32(input + 8, from, true);
    this.#view.setUint32(output, outputData, true);
    this.#view.setUint32(output + 4, this.#outputSize, true);
    this.#view.setUint32(output + 8, 0, true);
    const result = this.#zstd.ZSTD_decompressStream(this.#context, output, input) | 0;
    if (result < 0 && result >= -MAX_ERROR) return -result;
    this.#refresh();
    return {
      consumed: this.#view.getUint32(input + 8, true) - from,
      output: this.#heap.subarray(outputData, outputData + this.#view.getUint32(output + 8, true)),
      done: result === 0,
    };
  }

  /** The memory moves when it grows. */
  #refresh(): void {
    if (this.#heap.byteLength > 0) return;
    this.#heap = new Uint8Array(this.#zstd.memory.buffer);
    this.#view = new DataView(this.#zstd.memory.buffer);
  }
}
