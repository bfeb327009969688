/**
 * Starts a worker thread that is the program itself, with what was compiled for the command it is named after: most of the program is
 * in such a worker, and it would have to be compiled again. Its name is the argument.
 */
import type { WorkerName } from '../bytes/worker-thread.ts';
import { loadProgram } from './load-program.ts';

const [name = ''] = process.argv.slice(2);
const [command = ''] = name.split('-');
void loadProgram(command).program.runWorker?.(name as WorkerName);
