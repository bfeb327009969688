/** A waiver as it is written: which failures it covers, and on whose word. */
import type { Location } from '../../location.ts';

export interface WaiverRule {
  /** Id of a check, or its beginning with a `*`. */
  readonly rule: string;
  /** Patterns; all places that decide the failure must match one. Absent: anywhere. */
  readonly path?: readonly string[];
  readonly unit?: readonly string[];
  readonly package?: readonly string[];
  /** Base names of images; absent: every image. */
  readonly image?: readonly string[];
  readonly reason: string;
  readonly owner: string;
  /** The last day it holds, `2026-12-31`. */
  readonly expires: string;
  readonly location: Location;
}

/** Whether a failure of the check `id` may be covered at all. */
export function namesRule({ rule }: WaiverRule, id: string): boolean {
  return rule.endsWith('*') ? id.startsWith(rule.slice(0, -1)) : rule === id;
}
