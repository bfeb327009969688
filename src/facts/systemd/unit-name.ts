/**
 * Unit names: `prefix.type`, `prefix@.type` (template), `prefix@instance.type`, and the escaping of paths into them.
 * systemd.unit(5) "Description" and "String Escaping for Inclusion in Unit Names".
 */
import { encodeBytes } from '../../bytes/names.ts';

export const unitTypes = [
  'service',
  'socket',
  'target',
  'device',
  'mount',
  'automount',
  'swap',
  'timer',
  'path',
  'slice',
  'scope',
] as const;

export type UnitType = (typeof unitTypes)[number];
export type UnitNameForm = 'plain' | 'template' | 'instance';

export interface UnitName {
  readonly name: string;
  readonly form: UnitNameForm;
  readonly prefix: string;
  /** Absent for plain names, empty for templates. */
  readonly instance?: string;
  readonly type: UnitType;
}

const longestName = 255;
const validCharacters = /^[0-9A-Za-z:_.\\@-]*$/;
const typeSet: ReadonlySet<string> = new Set(unitTypes);

/** Takes a unit name apart; undefined if it is not a valid one. */
export function parseUnitName(name: string): UnitName | undefined {
  if (name.length > longestName || !validCharacters.test(name)) return undefined;
  const dot = name.lastIndexOf('.');
  if (dot <= 0) return undefined;
  const type = name.slice(dot + 1);
  if (!isUnitType(type)) return undefined;
  const at = name.indexOf('@');
  if (at === 0) return undefined;
  if (at < 0 || at > dot) return { name, form: 'plain', prefix: name.slice(0, dot), type };
  const instance = name.slice(at + 1, dot);
  return { name, form: instance === '' ? 'template' : 'instance', prefix: name.slice(0, at), instance, type };
}

/** Whether a word names a unit type, as the suffix of a unit or the name of a type-level drop-in directory does. */
export function isUnitType(text: string): text is UnitType {
  return typeSet.has(text);
}

/** `foo@.service` for `foo@bar.service`; undefined for a plain name. */
export function templateOf(name: UnitName): string | undefined {
  return name.form === 'plain' ? undefined : `${name.prefix}@.${name.type}`;
}

/** `foo@bar.service` for the template `foo@.service`; undefined if the result is not a valid name. */
export function instantiate(template: UnitName, instance: string): string | undefined {
  const name = `${template.prefix}@${instance}.${template.type}`;
  return parseUnitName(name)?.form === 'instance' ? name : undefined;
}

/** Types whose units may have other names, and types that may be templates (unit-file.c). */
const aliasTypes: ReadonlySet<UnitType> = new Set(['service', 'socket', 'target', 'device', 'timer', 'path']);
const templateTypes: ReadonlySet<UnitType> = new Set(['service', 'socket', 'target', 'timer', 'path']);

/** Whether a symlink called `link` inside the search path may stand for the unit `target`. */
export function isValidAliasLink(link: string, target: string): boolean {
  const source = parseUnitName(link);
  const destination = parseUnitName(target);
  if (!source || !destination || source.type !== destination.type) return false;
  if (!aliasTypes.has(source.type)) return false;
  if (source.form !== 'plain' && !templateTypes.has(source.type)) return false;
  if (source.form === destination.form) return source.form !== 'instance' || source.instance === destination.instance;
  return source.form === 'instance' && destination.form === 'template';
}

/**
 * Names of the drop-in directories (without the suffix `.d`) that apply to a unit name, most specific first:
 * the unit, its template, each dash prefix of it; then, for the caller, the type as such.
 */
export function dropInNames(name: UnitName): readonly string[] {
  const names = [name.name];
  const template = templateOf(name);
  if (name.form === 'instance' && template !== undefined)
    names.push(template, ...dashPrefixes(name.prefix, `@.${name.type}`));
  const suffix = name.instance === undefined ? `.${name.type}` : `@${name.instance}.${name.type}`;
  names.push(...dashPrefixes(name.prefix, suffix));
  return names;
}

/** `a-b-`, `a-` for `a-b-c`, each with the suffix. */
function dashPrefixes(prefix: string, suffix: string): readonly string[] {
  const names: string[] = [];
  let rest = prefix;
  for (;;) {
    const dash = (rest.endsWith('-') ? rest.slice(0, -1) : rest).lastIndexOf('-');
    if (dash < 0) return names;
    rest = rest.slice(0, dash + 1);
    names.push(rest + suffix);
  }
}

const plainBytes = /[0-9A-Za-z:_.]/;

/** `systemd-escape TEXT`. */
export function escapeUnitName(text: string): string {
  let out = '';
  const bytes = encodeBytes(text);
  for (const [at, byte] of bytes.entries()) {
    const character = String.fromCharCode(byte);
    if (character === '/') out += '-';
    else if (byte < 0x80 && plainBytes.test(character) && !(at === 0 && character === '.')) out += character;
    else out += `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return out;
}

/** `systemd-escape --unescape TEXT`; undefined if an escape is malformed. */
export function unescapeUnitName(text: string): string | undefined {
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string;
    if (character === '-') bytes.push(0x2f);
    else if (character === '\\') {
      const digits = /^x([0-9a-fA-F]{2})/.exec(text.slice(at + 1, at + 4))?.[1];
      if (digits === undefined) return undefined;
      bytes.push(Number.parseInt(digits, 16));
      at += 3;
    } else bytes.push(...encodeBytes(character));
  }
  return Buffer.from(bytes).toString('utf8');
}

/** `systemd-escape --path PATH`; undefined if the path cannot be normalised (it contains `..`). */
export function escapePath(path: string): string | undefined {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) return undefined;
  return parts.length === 0 ? '-' : escapeUnitName(parts.join('/'));
}

/** `systemd-escape --unescape --path TEXT`; undefined if it is no escaped path. */
export function unescapePath(text: string): string | undefined {
  if (text === '-') return '/';
  const path = unescapeUnitName(text);
  if (path === undefined || path === '' || path.startsWith('/') || path.endsWith('/') || path.includes('//'))
    return undefined;
  return `/${path}`;
}
