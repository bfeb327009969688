/**
 * A unit after its files were read: settings with where each came from, and how loading ended. What the manager adds
 * by itself (defaults, implied dependencies) is computed from it, not stored in it.
 */
import type { Diagnostic } from '../../diagnostic.ts';
import type { Location } from '../../location.ts';
import {
  type DirectiveContext,
  type DirectiveRow,
  isCommandList,
  isStringList,
  type SettingValue,
} from './directives/directive.ts';
import type { Assignment, LoadState, UnitProblem } from './unit-fact.ts';
import type { UnitName } from './unit-name.ts';
import type { ExecCommand } from './values/exec-command.ts';
import type { ResourceLimit } from './values/resource-limit.ts';

export interface Setting {
  value: SettingValue | undefined;
  /** Assignments that count, in order. */
  values: Assignment[];
  /** Assignments that do not count any more, latest first. */
  beats: Assignment[];
  /** The empty assignment that voided everything before it, if nothing came after. */
  reset?: Assignment;
}

/** A dependency that lies in a directory: a link in `.wants/` and the like. */
export interface LinkedDependency {
  readonly unit: string;
  readonly location: Location;
  /** View path of the link. */
  readonly path: string;
}

export type LinkKind = 'Wants' | 'Requires' | 'Upholds';

export class LoadedUnit {
  readonly name: UnitName;
  /** Every name, the main one first. */
  readonly names: readonly string[];
  readonly context: DirectiveContext;
  readonly problems: UnitProblem[] = [];
  readonly damage: Diagnostic[] = [];
  readonly settings = new Map<string, Setting>();
  /** Assignments under a key whose setting has another name (`TimeoutSec`, `ListenStream`). */
  readonly spelled = new Map<string, Assignment[]>();
  readonly links: Record<LinkKind, LinkedDependency[]> = { Wants: [], Requires: [], Upholds: [] };
  loadState: LoadState = 'not-found';
  /** Why the unit cannot be started, for `bad-setting` and `error`. */
  loadError: string | undefined;
  fragmentPath: string | undefined;
  fragment: Location | undefined;
  dropInPaths: readonly string[] = [];

  constructor(name: UnitName, names: readonly string[], context: DirectiveContext) {
    this.name = name;
    this.names = names;
    this.context = context;
  }

  get id(): string {
    return this.name.name;
  }

  value(key: string): SettingValue | undefined {
    return this.settings.get(key)?.value;
  }

  text(key: string): string | undefined {
    const value = this.value(key);
    return typeof value === 'string' ? value : undefined;
  }

  flag(key: string): boolean | undefined {
    const value = this.value(key);
    return typeof value === 'boolean' ? value : undefined;
  }

  number(key: string): bigint | undefined {
    const value = this.value(key);
    return typeof value === 'bigint' ? value : undefined;
  }

  list(key: string): readonly string[] {
    const value = this.value(key);
    return isStringList(value) ? value : [];
  }

  commands(key: string): readonly ExecCommand[] {
    const value = this.value(key);
    return isCommandList(value) ? value : [];
  }

  limit(key: string): ResourceLimit | undefined {
    const value = this.value(key);
    return typeof value === 'object' && 'soft' in value ? value : undefined;
  }

  /** Applies one assignment; false if the rest of the file must not be read. */
  assign(row: DirectiveRow, key: string, assignment: Assignment): boolean {
    const target = row.target ?? key;
    if (row.target !== undefined) this.#spell(key, assignment);
    const goesOn = this.#change(target, row, key, assignment);
    if (goesOn && row.also !== undefined) this.#change(row.also, row, key, assignment);
    return goesOn;
  }

  #change(target: string, row: DirectiveRow, key: string, assignment: Assignment): boolean {
    const setting = this.settings.get(target) ?? { value: undefined, values: [], beats: [] };
    const outcome = row.kind.apply(setting.value, assignment.value, this.context);
    const message = outcome.effect === 'add' || outcome.effect === 'set' ? outcome.warning : undefined;
    if (message !== undefined) this.#report(key, message, assignment);
    switch (outcome.effect) {
      case 'ignore':
        if (outcome.message !== undefined) this.#report(key, outcome.message, assignment);
        return true;
      case 'fatal':
        this.#report(key, outcome.message, assignment);
        this.loadError ??= outcome.message;
        if (outcome.value !== undefined) this.settings.set(target, { ...setting, value: outcome.value });
        return false;
      case 'add':
        this.settings.set(target, {
          value: outcome.value,
          values: [...setting.values, assignment],
          beats: setting.beats,
        });
        return true;
      case 'set':
        this.settings.set(target, { value: outcome.value, values: [assignment], beats: voided(setting) });
        return true;
      case 'reset':
        this.settings.set(target, { value: undefined, values: [], beats: voided(setting), reset: assignment });
        return true;
    }
  }

  #spell(key: string, assignment: Assignment): void {
    const list = this.spelled.get(key);
    if (list) list.push(assignment);
    else this.spelled.set(key, [assignment]);
  }

  #report(key: string, message: string, { location }: Assignment): void {
    this.problems.push({ kind: 'bad-value', message: `${key.slice(key.indexOf('.') + 1)}=: ${message}`, location });
  }
}

function voided({ values, beats, reset }: Setting): Assignment[] {
  return [...(reset ? [reset] : []), ...values.toReversed(), ...beats];
}
