/** A report of a diff: a result as text in some format. Pure and deterministic; it shows and decides nothing. */
import type { DiffResult } from '../../diff/diff-result.ts';

export interface DiffRenderOptions {
  /** ANSI colours. */
  readonly color: boolean;
  /** Also what differs in form only, what changes with every build, and every line of long lists. */
  readonly all: boolean;
  /** Columns of the terminal: a wide one gets both sides beside each other. */
  readonly width?: number;
}

export interface DiffReporter {
  readonly render: (result: DiffResult, options: DiffRenderOptions) => string;
}
