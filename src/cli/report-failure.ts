/** What is said when a run ends without a verdict, and with which exit code. */
import { ContractError, formatProblem } from '../checks/contract-error.ts';
import type { ExitCode } from '../checks/result.ts';
import { ImageError } from '../errors.ts';
import { formatLocation } from '../location.ts';
import { escapeText } from '../report/escape.ts';
import { readableStack } from './bug-report.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

export function reportFailure(error: unknown, terminal: Terminal): ExitCode {
  const say = (text: string): void => terminal.err(`check-image: ${escapeText(text)}\n`);
  if (error instanceof UsageError) {
    say(error.message);
    return 2;
  }
  if (error instanceof ContractError) {
    for (const problem of error.problems) terminal.err(`${escapeText(formatProblem(problem))}\n`);
    return 2;
  }
  if (error instanceof ImageError) {
    say(formatImageError(error));
    return 3;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  terminal.err(`check-image: this is a bug in check-image, please report it\n${readableStack(stack)}\n`);
  return 70;
}

/** One line: what, where, and what can be done. */
export function formatImageError(error: ImageError): string {
  const { location, remedy, message } = error;
  const where = location && !message.includes(location.source) ? `${formatLocation(location)}: ` : '';
  return `${where}${message}${remedy === undefined ? '' : `; ${remedy}`}`;
}
