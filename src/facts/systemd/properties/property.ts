/**
 * Properties as `systemctl show` prints them: rows of a name and a function of the loaded unit. A function that answers
 * undefined means that the property is not printed: empty, or known only to the running manager.
 */
import { isCommandList, isStringList, type SettingValue } from '../directives/directive.ts';
import type { LoadedUnit } from '../loaded-unit.ts';
import type { ManagerDefaults } from '../manager-defaults.ts';
import type { UnitGraph } from '../unit-graph.ts';
import { formatBoolean } from '../values/boolean.ts';
import type { ExecCommand } from '../values/exec-command.ts';
import { formatTimeSpan, infinity } from '../values/time-span.ts';
import { formatWord } from '../values/words.ts';

export interface PropertySource {
  readonly unit: LoadedUnit;
  readonly manager: ManagerDefaults;
  /** `Service`, `Mount` ...: the section of the unit's type. */
  readonly section: string;
  /** With it dependencies are shown from both sides, as a manager with all units loaded would. */
  readonly graph?: UnitGraph;
}

export interface PropertyRow {
  readonly name: string;
  readonly show: (source: PropertySource) => string | undefined;
}

export function property(name: string, show: PropertyRow['show']): PropertyRow {
  return { name, show };
}

/** Reads a setting: by `Section.Key`, or by a key of the section of the unit's type. */
function reader(key: string): (source: PropertySource) => SettingValue | undefined {
  return key.includes('.') ? ({ unit }) => unit.value(key) : ({ unit }) => unit.ownValue(key);
}

export function textProperty(name: string, otherwise?: string, key = name): PropertyRow {
  const read = reader(key);
  return property(name, (source) => {
    const value = read(source);
    return nonEmpty(typeof value === 'string' ? value : otherwise);
  });
}

export function flagProperty(name: string, otherwise: boolean, key = name): PropertyRow {
  const read = reader(key);
  return property(name, (source) => {
    const value = read(source);
    return formatBoolean(typeof value === 'boolean' ? value : otherwise);
  });
}

export function flagProperties(otherwise: boolean, names: string): readonly PropertyRow[] {
  return names.split(' ').map((name) => flagProperty(name, otherwise));
}

/** A span; the key is the property's name with `Sec` for `USec` unless given. */
export function spanProperty(name: string, otherwise: bigint, key = name.replace(/USec$/, 'Sec')): PropertyRow {
  const read = reader(key);
  const shown = formatTimeSpan(otherwise);
  return property(name, (source) => {
    const value = read(source);
    return typeof value === 'bigint' ? formatTimeSpan(value) : shown;
  });
}

/** A number; `otherwise` is printed as it is. */
export function numberProperty(name: string, otherwise: string | undefined, key = name): PropertyRow {
  const read = reader(key);
  return property(name, (source) => {
    const value = read(source);
    return typeof value === 'bigint' ? formatNumber(value) : typeof value === 'string' ? value : otherwise;
  });
}

export function formatNumber(value: bigint): string {
  return value === infinity ? 'infinity' : value.toString();
}

/** Words, each quoted where a shell would need it. */
export function listProperty(name: string, key = name): PropertyRow {
  const read = reader(key);
  return property(name, (source) => {
    const value = read(source);
    return isStringList(value) ? nonEmpty(value.map(formatWord).join(' ')) : undefined;
  });
}

/** One line an item. */
export function linesProperty(name: string, format: (item: string) => string, key = name): PropertyRow {
  const read = reader(key);
  return property(name, (source) => {
    const value = read(source);
    return isStringList(value) ? nonEmpty(value.map(format).join('\n')) : undefined;
  });
}

export function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

/** The command lines of a key, one a line; with `Ex` once more with their flags. */
export function commandProperties(key: string, options: { readonly extended: boolean }): readonly PropertyRow[] {
  const read = reader(key);
  const show = (source: PropertySource, extended: boolean): string | undefined => {
    const value = read(source);
    return isCommandList(value) ? formatCommands(value, extended) : undefined;
  };
  const plain = property(key, (source) => show(source, false));
  return options.extended ? [plain, property(`${key}Ex`, (source) => show(source, true))] : [plain];
}

const neverRan = 'start_time=[n/a] ; stop_time=[n/a] ; pid=0 ; code=(null) ; status=0/0';

function formatCommands(commands: readonly ExecCommand[], extended: boolean): string | undefined {
  const lines = commands.map(({ path, argv, flags }) => {
    const detail = extended
      ? `flags=${flags.join(' ')}`
      : `ignore_errors=${formatBoolean(flags.includes('ignore-failure'))}`;
    return `{ path=${path} ; argv[]=${argv.join(' ')} ; ${detail} ; ${neverRan} }`;
  });
  return nonEmpty(lines.join('\n'));
}
