/**
 * How a command that reads several paths ends: it goes on after one that fails, says each failure on stderr, and takes the worst
 * exit code: 3 where the image could not be read, 1 where a path is not there.
 */
import type { ExitCode } from '../checks/result.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { asImageError } from '../errors.ts';
import { formatLocation } from '../location.ts';
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
    const text = formatImageError(asImageError(error));
    this.#terminal.err(`check-image: ${escapeText(text.includes(path) ? text : `${path}: ${text}`)}\n`);
    this.exitCode = 3;
  }

  /** Evidence behind an answer could not be read: each is said once. */
  incomplete(causes: readonly Diagnostic[]): void {
    const lines = causes.map(({ message, location }) =>
      location && !message.includes(location.source) ? `${formatLocation(location)}: ${message}` : message,
    );
    for (const line of new Set(lines)) this.#terminal.err(`check-image: ${escapeText(line)}\n`);
    if (lines.length > 0) this.exitCode = 3;
  }
}
