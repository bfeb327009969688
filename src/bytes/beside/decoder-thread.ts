/** What the worker threads of `beside-source.ts` have in common: their job, and how they say that something failed. */
import type { MessagePort } from 'node:worker_threads';
import type { ByteSource } from '../byte-source.ts';
import { FileSource } from '../file-source.ts';
import type { DecoderJob } from './beside-source.ts';
import { describeFailure } from './failure.ts';
import { PieceBoard } from './piece-board.ts';

export interface DecoderThread<Task> {
  readonly board: PieceBoard;
  /** The compressed bytes; its descriptor is the reader's to close. */
  readonly input: ByteSource;
  readonly output: DecoderJob<Task>['output'];
  readonly task: Task;
  /** Says why the pieces [first, end) will not be there. */
  fail(error: unknown, first: number, end: number): void;
}

/** `parent` is told that the thread is there. */
export function openDecoderThread<Task>(
  { board: memory, input, output, failures, task }: DecoderJob<Task>,
  parent: MessagePort | null,
): DecoderThread<Task> {
  const { fd, offset, length, label } = input;
  const board = new PieceBoard(memory);
  // A reader that waits could not be told in any other way.
  process.once('exit', () => {
    failures.postMessage(describeFailure(new Error('the thread of a decoder ended')));
    board.failRest();
  });
  parent?.postMessage('ready');
  return {
    board,
    input: new FileSource(fd, offset + length, label).slice(offset, length),
    output,
    task,
    fail(error, first, end) {
      failures.postMessage(describeFailure(error));
      for (let piece = first; piece < end; piece++) board.fail(piece);
    },
  };
}
