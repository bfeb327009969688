/** A report: a result as text in some format. Pure and deterministic; it shows and decides nothing. */
import type { RunResult } from '../checks/result.ts';

export interface RenderOptions {
  /** ANSI colours. */
  readonly color: boolean;
  /** Wall time of the run, if it is to be shown. */
  readonly seconds?: number;
  /** Also what passed and what did not apply. */
  readonly verbose?: boolean;
  /** Of each finding also why it matters, where that is not always said. */
  readonly explain?: boolean;
}

export interface Reporter {
  readonly render: (result: RunResult, options: RenderOptions) => string;
}
