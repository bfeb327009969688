/**
 * A unit after its files were read: settings with where each came from, and how loading ended. What the manager adds
 * by itself (defaults, implied dependencies) is computed from it, not stored in it.
 */
import type { Diagnostic } from '../../diagnostic.ts';
import type { Location } from '../../location.ts';
import { type DirectiveContext, isCommandList, isStringList, type SettingValue } from './directives/directive.ts';
import { type KnownDirective, ownSectionOf } from './directives/registry.ts';
import type { SystemdVersion } from './systemd-version.ts';
import type { Assignment, LoadState, UnitProblem } from './unit-fact.ts';
import { dropInNames, parseUnitName, type UnitName } from './unit-name.ts';
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
  readonly #section: string;
  /** Assignments under a key whose setting has another name (`TimeoutSec`, `ListenStream`). */
  readonly spelled = new Map<string, Assignment[]>();
  readonly links: Record<LinkKind, LinkedDependency[]> = { Wants: [], Requires: [], Upholds: [] };
  /** Per name, the names its drop-in directories may have, most specific first; without their suffix. */
  readonly dropInNames: readonly (readonly string[])[];
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
    this.dropInNames = names.flatMap((each) => {
      const parsed = each === name.name ? name : parseUnitName(each);
      return parsed ? [dropInNames(parsed)] : [];
    });
    this.#section = `${ownSectionOf(name.type) ?? 'Unit'}.`;
  }

  get id(): string {
    return this.name.name;
  }

  /** The value of `Section.Key`. */
  value(key: string): SettingValue | undefined {
    return this.settings.get(key)?.value;
  }

  /** The setting of a key in the section of the unit's type. */
  ownSetting(key: string): Setting | undefined {
    return this.settings.get(this.#section + key);
  }

  /** Its value. */
  ownValue(key: string): SettingValue | undefined {
    return this.ownSetting(key)?.value;
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
  assign(row: KnownDirective, assignment: Assignment): boolean {
    const { id, target = id, also } = row;
    if (target !== id) this.#spell(id, assignment);
    const goesOn = this.#change(target, row, assignment);
    if (goesOn && also !== undefined) this.#change(also, row, assignment);
    return goesOn;
  }

  #change(target: string, { kind, id }: KnownDirective, assignment: Assignment): boolean {
    const before = this.settings.get(target);
    const outcome = kind.apply(before?.value, assignment.value, this.context);
    switch (outcome.effect) {
      case 'ignore':
        if (outcome.message !== undefined) this.#report(id, outcome.message, assignment);
        return true;
      case 'fatal':
        this.#report(id, outcome.message, assignment);
        this.loadError ??= outcome.message;
        if (outcome.value !== undefined) this.#settingAt(target, before).value = outcome.value;
        return false;
      case 'reset': {
        const setting = this.#settingAt(target, before);
        voidAll(setting);
        setting.value = undefined;
        setting.reset = assignment;
        return true;
      }
      default: {
        if (outcome.warning !== undefined) this.#report(id, outcome.warning, assignment);
        const setting = this.#settingAt(target, before);
        if (outcome.effect === 'set') voidAll(setting);
        else delete setting.reset;
        setting.value = outcome.value;
        setting.values.push(assignment);
        return true;
      }
    }
  }

  #settingAt(id: string, known: Setting | undefined): Setting {
    if (known) return known;
    const setting: Setting = { value: undefined, values: [], beats: [] };
    this.settings.set(id, setting);
    return setting;
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

/** The assignments that counted, and a reset before them, count no more. */
function voidAll(setting: Setting): void {
  const { values, beats, reset } = setting;
  if (values.length === 0 && reset === undefined) return;
  setting.beats = [...(reset ? [reset] : []), ...values.toReversed(), ...beats];
  setting.values = [];
  delete setting.reset;
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
