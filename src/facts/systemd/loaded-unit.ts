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
import { ownSectionOf } from './directives/registry.ts';
import type { SystemdVersion } from './systemd-version.ts';
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
  /** The systemd that loads it. */
  readonly version: SystemdVersion;
  readonly problems: UnitProblem[] = [];
  readonly damage: Diagnostic[] = [];
  /** By `Section.Key`. */
  readonly settings = new Map<string, Setting>();
  /** The same for the section of the unit's type, by key alone. */
  readonly #own = new Map<string, Setting>();
  readonly #section: string;
  /** Assignments under a key whose setting has another name (`TimeoutSec`, `ListenStream`). */
  readonly spelled = new Map<string, Assignment[]>();
  readonly links: Record<LinkKind, LinkedDependency[]> = { Wants: [], Requires: [], Upholds: [] };
  /** How many assignments were read, for the budget. */
  assignments = 0;
  loadState: LoadState = 'not-found';
  /** Why the unit cannot be started, for `bad-setting` and `error`. */
  loadError: string | undefined;
  fragmentPath: string | undefined;
  fragment: Location | undefined;
  dropInPaths: readonly string[] = [];

  constructor(name: UnitName, names: readonly string[], context: DirectiveContext, version: SystemdVersion) {
    this.version = version;
    this.name = name;
    this.names = names;
    this.context = context;
    this.#section = `${ownSectionOf(name.type) ?? 'Unit'}.`;
  }

  get id(): string {
    return this.name.name;
  }

  /** The value of `Section.Key`. */
  value(key: string): SettingValue | undefined {
    return this.settings.get(key)?.value;
  }

  /** The value of a key in the section of the unit's type. */
  ownValue(key: string): SettingValue | undefined {
    return this.#own.get(key)?.value;
  }

  text(key: string): string | undefined {
    return asText(this.value(key));
  }

  flag(key: string): boolean | undefined {
    return asFlag(this.value(key));
  }

  number(key: string): bigint | undefined {
    return asNumber(this.value(key));
  }

  list(key: string): readonly string[] {
    return asList(this.value(key));
  }

  commands(key: string): readonly ExecCommand[] {
    const value = this.value(key);
    return isCommandList(value) ? value : [];
  }

  limit(key: string): ResourceLimit | undefined {
    return asLimit(this.value(key));
  }

  ownText(key: string): string | undefined {
    return asText(this.ownValue(key));
  }

  ownFlag(key: string): boolean | undefined {
    return asFlag(this.ownValue(key));
  }

  ownNumber(key: string): bigint | undefined {
    return asNumber(this.ownValue(key));
  }

  ownList(key: string): readonly string[] {
    return asList(this.ownValue(key));
  }

  ownLimit(key: string): ResourceLimit | undefined {
    return asLimit(this.ownValue(key));
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
        if (outcome.value !== undefined) this.#store(target, { ...setting, value: outcome.value });
        return false;
      case 'add':
        this.#store(target, {
          value: outcome.value,
          values: [...setting.values, assignment],
          beats: setting.beats,
        });
        return true;
      case 'set':
        this.#store(target, { value: outcome.value, values: [assignment], beats: voided(setting) });
        return true;
      case 'reset':
        this.#store(target, { value: undefined, values: [], beats: voided(setting), reset: assignment });
        return true;
    }
  }

  #store(id: string, setting: Setting): void {
    this.settings.set(id, setting);
    if (id.startsWith(this.#section)) this.#own.set(id.slice(this.#section.length), setting);
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

function asText(value: SettingValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function asFlag(value: SettingValue | undefined): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

function asNumber(value: SettingValue | undefined): bigint | undefined {
  return typeof value === 'bigint' ? value : undefined;
}

const noItems: readonly string[] = [];

function asList(value: SettingValue | undefined): readonly string[] {
  return isStringList(value) ? value : noItems;
}

function asLimit(value: SettingValue | undefined): ResourceLimit | undefined {
  return typeof value === 'object' && 'soft' in value ? value : undefined;
}
