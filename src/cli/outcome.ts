/**
 * How a command that reads several paths ends: it goes on after one that fails, says each failure on stderr, and takes the worst
 * exit code: 3 where the image could not be read, 1 where a path is not there.
 */
import type { ExitCode } from '../checks/result.ts';
import { asImageError } from '../errors.ts';
import { escapeText } from '../report/escape.ts';
import { formatImageError } from './report-failure.ts';
import type { Terminal } from './terminal.ts';

export class Outcome {
  exitCode: ExitCode = 0;
  readonly #terminal: Terminal;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** A path is not there, or not what the command needs. */
  absent(message: string): void {
    this.#terminal.err(`check-image: ${escapeText(message)}\n`);
    if (this.exitCode === 0) this.exitCode = 1;
  }

  /** Something of the image could not be read. */
  unreadable(path: string, error: unknown): void {
    this.#terminal.err(`check-image: ${escapeText(`${path}: ${formatImageError(asImageError(error))}`)}\n`);
    this.exitCode = 3;
  }
}
