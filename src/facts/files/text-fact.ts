import type { Location } from '../../location.ts';

export interface TextFact {
  readonly path: string;
  readonly state: 'present' | 'missing' | 'unreadable';
  /** Error message for `unreadable`. */
  readonly reason?: string;
  readonly text?: string;
  readonly location: Location;
}
