/** The program: arguments in, exit code out. What starts it is `launch.ts`. */
import { run } from './run.ts';
import { processTerminal } from './terminal.ts';

export function main(): Promise<number> {
  return run(process.argv.slice(2), processTerminal());
}
