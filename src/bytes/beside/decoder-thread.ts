/** What the worker threads of `beside-source.ts` have in common: their job, and how they say that something failed. */
import type { MessagePort } from 'node:worker_threads';
import type { ByteSource } from '../byte-source.ts';
import { FileSource } from '../file-source.ts';
import type { DecoderJob } from './beside-source.ts';
import { describeFailure } from './failure.ts';
import { OutputFile } from './output-file.ts';
import { PieceBoard } from './piece-board.ts';
import { StoredRuns } from './stored-runs.ts';

export interface DecoderThread<Task> {
  readonly board: PieceBoard;
  /** The compressed bytes; its descriptor is the reader's to close. */
  readonly input: ByteSource;
  readonly output: DecoderJob<Task>['output'];
  /** What of the output is not in its file. */
  readonly stored: StoredRuns;
  /** Reads pieces that are done. */
  readonly file: OutputFile;
  readonly task: Task;
  /** Says why the pieces [first, end) will not be there. */
  fail(error: unknown, first: number, end: number): void;
}

/** Tells the reader, at the other end of `parent`, that this thread is there, and does its work once it has sent the job. */
export function runDecoderThread<Task>(
  parent: MessagePort | null,
  work: (thread: DecoderThread<Task>) => void | Promise<void>,
): void {
  parent?.once('message', async (job: DecoderJob<Task>) => {
    const { board, failures } = job;
    const sayLost = (): void => {
      failures.postMessage(describeFailure(new Error('the thread of a decoder ended')));
      new PieceBoard(board).failRest();
    };
    // A reader that waits could not be told in any other way.
    process.once('exit', sayLost);
    await work(openDecoderThread(job));
    process.off('exit', sayLost);
  });
  parent?.postMessage('ready');
}

function openDecoderThread<Task>(job: DecoderJob<Task>): DecoderThread<Task> {
  const { board: memory, stored, input, output, failures, task } = job;
  const { fd, offset, length, label } = input;
  const board = new PieceBoard(memory);
  const runs = new StoredRuns(stored);
  return {
    board,
    // Front to back, each byte is read once.
    input: new FileSource(fd, offset + length, label, 0).slice(offset, length),
    output,
    stored: runs,
    file: new OutputFile(output.fd, input, runs),
    task,
    fail(error, first, end) {
      failures.postMessage(describeFailure(error));
      for (let piece = first; piece < end; piece++) board.fail(piece);
    },
  };
}
