/**
 * Properties as `systemctl show` prints them: rows of a name and a function of the loaded unit. A function that answers
 * undefined means that the property is not printed: empty, or known only to the running manager.
 */
import type { LoadedUnit } from '../loaded-unit.ts';
import type { ManagerDefaults } from '../manager-defaults.ts';
import { formatBoolean } from '../values/boolean.ts';
import type { ExecCommand } from '../values/exec-command.ts';
import { formatTimeSpan, infinity } from '../values/time-span.ts';
import { formatWord } from '../values/words.ts';

export interface PropertySource {
  readonly unit: LoadedUnit;
  readonly manager: ManagerDefaults;
  /** `Service`, `Mount` ...: the section of the unit's type. */
  readonly section: string;
}

export interface PropertyRow {
  readonly name: string;
  readonly show: (source: PropertySource) => string | undefined;
}

export function property(name: string, show: PropertyRow['show']): PropertyRow {
  return { name, show };
}

/** A key of the unit's own section unless a section is given. */
function keyOf({ section }: PropertySource, key: string): string {
  return key.includes('.') ? key : `${section}.${key}`;
}

export function textProperty(name: string, otherwise?: string, key = name): PropertyRow {
  return property(name, (source) => nonEmpty(source.unit.text(keyOf(source, key)) ?? otherwise));
}

export function flagProperty(name: string, otherwise: boolean, key = name): PropertyRow {
  return property(name, (source) => formatBoolean(source.unit.flag(keyOf(source, key)) ?? otherwise));
}

export function flagProperties(otherwise: boolean, names: string): readonly PropertyRow[] {
  return names.split(' ').map((name) => flagProperty(name, otherwise));
}

/** A span; the key is the property's name with `Sec` for `USec` unless given. */
export function spanProperty(name: string, otherwise: bigint, key = name.replace(/USec$/, 'Sec')): PropertyRow {
  return property(name, (source) => formatTimeSpan(source.unit.number(keyOf(source, key)) ?? otherwise));
}

/** A number; `otherwise` is printed as it is. */
export function numberProperty(name: string, otherwise: string | undefined, key = name): PropertyRow {
  return property(name, (source) => {
    const value = source.unit.value(keyOf(source, key));
    return typeof value === 'bigint' ? formatNumber(value) : typeof value === 'string' ? value : otherwise;
  });
}

export function formatNumber(value: bigint): string {
  return value === infinity ? 'infinity' : value.toString();
}

/** Words, each quoted where a shell would need it. */
export function listProperty(name: string, key = name): PropertyRow {
  return property(name, (source) => nonEmpty(source.unit.list(keyOf(source, key)).map(formatWord).join(' ')));
}

/** One line an item. */
export function linesProperty(name: string, format: (item: string) => string, key = name): PropertyRow {
  return property(name, (source) => nonEmpty(source.unit.list(keyOf(source, key)).map(format).join('\n')));
}

export function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

/** The command lines of a key, one a line; with `Ex` once more with their flags. */
export function commandProperties(key: string, options: { readonly extended: boolean }): readonly PropertyRow[] {
  const plain = property(key, (source) => formatCommands(source.unit.commands(keyOf(source, key)), false));
  if (!options.extended) return [plain];
  return [plain, property(`${key}Ex`, (source) => formatCommands(source.unit.commands(keyOf(source, key)), true))];
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
