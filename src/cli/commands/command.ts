/**
 * A command: what commander must know at once, and what it does, which is loaded when it is asked for. `declare` adds it to
 * the program and calls `act` from the action, with a function that does the work.
 */
import type { Command } from 'commander';
import type { ExitCode } from '../../checks/result.ts';
import type { Terminal } from '../terminal.ts';

export type Action = (run: (terminal: Terminal) => Promise<ExitCode>) => Promise<void>;

export interface CommandEntry {
  readonly name: string;
  /** For the reference. */
  readonly summary: string;
  readonly declare: (program: Command, act: Action) => void;
}
