/**
 * The output of a decoder that runs beside the reader: worker threads decode pieces into an unlinked sparse file, and a read waits for
 * the pieces that it touches. A compressed stream is pieces in a row; independent blocks are decoded as they are asked for.
 */
import { closeSync, ftruncateSync } from 'node:fs';
import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { ImageError } from '../../errors.ts';
import { limitExceeded } from '../../limits.ts';
import type { ByteSource, FileExtent } from '../byte-source.ts';
import type { CodecOptions } from '../codecs/codec.ts';
import { FileSource } from '../file-source.ts';
import { openUnnamedFile, temporaryFileError } from '../sparse-file.ts';
import { findWorker, type WorkerName } from '../worker-thread.ts';
import { type StartedThread, takeDecoderThread } from './decoder-threads.ts';
import { type Failure, restoreFailure } from './failure.ts';
import { OutputFile } from './output-file.ts';
import { PieceBoard } from './piece-board.ts';
import type { Pieces } from './pieces.ts';
import { StoredRuns } from './stored-runs.ts';

/** Outputs up to this size stay in memory; starting a thread and warming up its code costs about as much as they do. */
const MIN_OUTPUT = 32 * 1024 * 1024;

export interface ThreadRequest {
  readonly worker: WorkerName;
  /** What the worker is to know beyond its DecoderJob. */
  readonly task: unknown;
}

export interface BesideRequest {
  readonly decoders: readonly ThreadRequest[];
  /** Looks at the output of the decoders. */
  readonly verifier?: ThreadRequest | undefined;
  /** Bytes of the output. */
  readonly size: number;
  readonly pieces: Pieces;
  /** Whether nothing counts before the end of the board is settled. */
  readonly needsEnd: boolean;
}

/** What a worker is started with. */
export interface DecoderJob<Task> {
  readonly board: SharedArrayBuffer;
  /** The compressed bytes. */
  readonly input: FileExtent & { readonly length: number; readonly label: string };
  /** The temporary file, and what it will hold. */
  readonly output: { readonly fd: number; readonly size: number };
  /** What of the output is not in that file. */
  readonly stored: SharedArrayBuffer;
  /** For failures, sent before the board knows of them. */
  readonly failures: MessagePort;
  readonly task: Task;
}

/**
 * Undefined where there are no threads (from source), where the bytes do not lie in a file, or the output is small. `source` must stay open until the result
 * is closed. ImageError `limit` or, about the temporary file, `input`.
 */
export async function openBeside(
  source: ByteSource,
  { limits, onProgress, onTrailing, beside = {} }: CodecOptions,
  request: BesideRequest,
): Promise<BesideSource | undefined> {
  const { size, decoders, verifier } = request;
  const { extent, label } = source;
  const { workers = findWorker, minOutput = MIN_OUTPUT } = beside;
  const requests = verifier ? [...decoders, verifier] : decoders;
  const scripts = requests.flatMap(({ worker }) => workers(worker) ?? []);
  if (!extent || scripts.length < requests.length || onTrailing || size < minOutput) return undefined;
  if (size > limits.spoolBytes)
    throw limitExceeded('spoolBytes', limits, `${label} expands to ${size} bytes`, { source: label });
  const fd = openUnnamedFile();
  const board = PieceBoard.create(request.pieces.count);
  const stored = StoredRuns.create(source.size);
  const failures: MessagePort[] = [];
  const threads = scripts.map((script, i) => {
    const { port1, port2 } = new MessageChannel();
    failures.push(port1);
    const input = { ...extent, length: source.size, label };
    const { task } = requests[i] as ThreadRequest;
    const shared = { board: board.memory, stored: stored.memory };
    const job: DecoderJob<unknown> = { ...shared, input, output: { fd, size }, failures: port2, task };
    const thread = takeDecoderThread(script);
    thread.worker.postMessage(job, [port2]);
    return thread;
  });
  const progress = (share: number): void => onProgress?.(Math.floor(share * source.size), source.size);
  const output = new OutputFile(fd, extent, stored);
  const decoding = { ...request, board, output, failures, threads, progress };
  const result = new BesideSource(fd, label, limits.cacheBytes, decoding);
  try {
    ftruncateSync(fd, size);
  } catch (error) {
    result.close();
    throw temporaryFileError(error);
  }
  // A thread that cannot be started is an error here; later, none could tell a reader that waits.
  for (const { worker } of threads) worker.ref();
  await Promise.all(threads.slice(0, decoders.length).map(({ ready }) => ready));
  // They end with this thread's work, not the other way round.
  for (const { worker } of threads) worker.unref();
  return result;
}

interface Decoding extends Pick<BesideRequest, 'size' | 'pieces' | 'needsEnd'> {
  readonly board: PieceBoard;
  readonly output: OutputFile;
  readonly threads: readonly StartedThread[];
  /** One port of each thread. */
  readonly failures: readonly MessagePort[];
  /** Called now and then while a read waits, with the share of the output that is before it. */
  readonly progress: (share: number) => void;
}

export class BesideSource extends FileSource {
  readonly assume: ((holds: () => boolean) => void) | undefined;
  readonly #decoding: Decoding;
  readonly #assumptions: (() => boolean)[] = [];
  #failure: unknown;

  constructor(fd: number, label: string, cacheBytes: number, decoding: Decoding) {
    super(fd, decoding.size, label, cacheBytes);
    this.#decoding = decoding;
    this.assume = decoding.needsEnd ? (holds) => this.#assumptions.push(holds) : undefined;
  }

  /** Its file is not whole: others must not read it as one. */
  override get extent(): undefined {
    return undefined;
  }

  /** Waits for what must be known before what was read counts; ImageError if that, or anything asked for, could not be decoded. */
  verify(): void {
    const { needsEnd, board } = this.#decoding;
    if (needsEnd) this.#await(board.end);
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#assumptions.every((holds) => holds())) return;
    const message = `${this.label} does not end as it begins`;
    throw new ImageError('corrupt', 'bytes/wrong-assumption', message, { location: { source: this.label } });
  }

  protected override awaitBytes(offset: number, end: number): void {
    const { pieces } = this.#decoding;
    const last = pieces.at(end - 1);
    for (let piece = pieces.at(offset); piece <= last; piece++) this.#await(piece);
  }

  #await(piece: number): void {
    const { pieces, board, progress } = this.#decoding;
    const outcome = board.await(piece, () => progress(piece / pieces.count));
    if (outcome === 'failed') throw this.#readFailure();
    if (outcome === 'silent') throw this.#silence();
  }

  protected override readFile(target: Uint8Array, position: number): number {
    return this.#decoding.output.read(target, position);
  }

  /** The descriptor must not be another file's while a worker may still write. */
  protected override closeFile(fd: number): void {
    const { threads, failures } = this.#decoding;
    for (const port of failures) port.close();
    void Promise.all(threads.map(({ worker }) => worker.terminate())).then(() => closeSync(fd));
  }

  #silence(): unknown {
    this.#failure ??= new ImageError('limit', 'beside/silent', `the decoder of ${this.label} does not answer`, {
      location: { source: this.label },
    });
    return this.#failure;
  }

  #readFailure(): unknown {
    for (const port of this.#decoding.failures) {
      const failure = receiveMessageOnPort(port)?.message as Failure | undefined;
      if (failure) this.#failure ??= restoreFailure(failure);
    }
    return this.#failure;
  }
}
