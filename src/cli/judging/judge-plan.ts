/** Everything that judging one image takes, as plain data: it is handed to worker threads as it is. */
import type { Contract } from '../../checks/contract.ts';
import type { LintRequest } from '../../checks/lint/select-rules.ts';
import type { WaiverRule } from '../../checks/waivers/waiver-rule.ts';
import type { OpenImageOptions } from '../../root/open-image.ts';

export interface JudgePlan {
  readonly contract: Contract;
  /** Parameters given by the user. */
  readonly set: ReadonlyMap<string, string>;
  /** Patterns of `--only` and `--skip`, which have been held against the contract. */
  readonly only: readonly string[];
  readonly skip: readonly string[];
  /** Undefined where nothing is linted. */
  readonly lint: LintRequest | undefined;
  readonly open: Omit<OpenImageOptions, 'onProgress'>;
  /** Whether to note what makes the image a node of a cluster. */
  readonly describesNode: boolean;
  readonly waivers: readonly WaiverRule[];
  /** The day on which waivers are held, `2026-11-30`. */
  readonly today: string;
}
