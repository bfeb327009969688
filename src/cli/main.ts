/** The program: arguments in, exit code out; in a worker thread, the worker of that name. What starts it is `launch.ts`. */
import { run } from './run.ts';
import { processTerminal } from './terminal.ts';

export { expectDecoderThread } from '../bytes/beside/decoder-threads.ts';
export { expectSideThread } from './diff/side-thread.ts';
export { runWorker } from './workers.ts';

export function main(): Promise<number> {
  return run(process.argv.slice(2), processTerminal());
}
