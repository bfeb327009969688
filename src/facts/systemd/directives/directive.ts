/**
 * What a directive is: a row of a table (key, kind, first systemd version), and a kind that says how an assignment changes
 * the value. The value of a setting is what systemd keeps after reading, not the text that was written.
 */

import type { UnitName } from '../unit-name.ts';
import type { ExecCommand } from '../values/exec-command.ts';
import type { ResourceLimit } from '../values/resource-limit.ts';

export type Section =
  | 'Unit'
  | 'Install'
  | 'Service'
  | 'Socket'
  | 'Mount'
  | 'Automount'
  | 'Swap'
  | 'Timer'
  | 'Path'
  | 'Slice'
  | 'Scope';

/** Numbers, sizes and time spans (microseconds) are bigint; lists keep their order. */
export type SettingValue = string | boolean | bigint | readonly string[] | readonly ExecCommand[] | ResourceLimit;

export type Outcome =
  /** The assignment replaces what was there. */
  | { readonly effect: 'set'; readonly value: SettingValue; readonly warning?: string }
  /** The assignment adds to what was there; `value` is the sum. */
  | { readonly effect: 'add'; readonly value: SettingValue; readonly warning?: string }
  /** Back to the default; earlier assignments are void. */
  | { readonly effect: 'reset' }
  /** The assignment is without effect; with a message if it is a mistake. */
  | { readonly effect: 'ignore'; readonly message?: string }
  /** The unit cannot be loaded. `value` is what was read before the mistake. */
  | { readonly effect: 'fatal'; readonly message: string; readonly value?: SettingValue };

export interface DirectiveContext {
  readonly unit: UnitName;
  /** Replaces specifiers; undefined if one is unknown. */
  readonly expand: (text: string) => string | undefined;
}

export interface Kind {
  /** Whether one assignment after the other adds up. */
  readonly accumulates: boolean;
  /** What the assignment of `text` does to the value so far. Pure. */
  apply(current: SettingValue | undefined, text: string, context: DirectiveContext): Outcome;
}

export interface DirectiveRow {
  readonly key: string;
  readonly kind: Kind;
  /** First systemd version that knows it, 0 for "older than 247". */
  readonly since: number;
  /** `Section.Key` of the setting it writes, if it is an older name or writes elsewhere. */
  readonly target?: string;
  /** A second setting the same assignment writes. */
  readonly also?: string;
}

export interface RowOptions {
  readonly since?: number;
  readonly target?: string;
  readonly also?: string;
}

export function directive(key: string, kind: Kind, options: RowOptions = {}): DirectiveRow {
  return { key, kind, since: 0, ...options };
}

/** Rows for several keys of one kind. */
export function directives(kind: Kind, keys: string, options: RowOptions = {}): readonly DirectiveRow[] {
  return keys
    .trim()
    .split(/\s+/)
    .map((key) => directive(key, kind, options));
}

export const ignored: Outcome = { effect: 'ignore' };

export function ignore(message: string): Outcome {
  return { effect: 'ignore', message };
}

/** The list so far, empty if there is none. */
export function listOf(current: SettingValue | undefined): readonly string[] {
  return isStringList(current) ? current : [];
}

export function isStringList(value: SettingValue | undefined): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

export function isCommandList(value: SettingValue | undefined): value is readonly ExecCommand[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'object');
}
