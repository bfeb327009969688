/**
 * A rule is a judgement too particular for the contract language: a name, options a contract may give it, and a pure
 * function. The contract says why it matters and how grave it is.
 */
import type { Judge } from '../check.ts';

export type OptionKind = 'text' | 'list';

export interface Rule<O> extends Judge<O> {
  /** Options by name, `name?` if it may be left out. Checked when a contract is loaded. */
  readonly options: Readonly<Record<string, OptionKind>>;
}
