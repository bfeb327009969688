/** sysusers.d(5): one account a line, six words. Read as parse_line() of systemd-sysusers does. */
import type { Location } from '../../location.ts';
import { maxLineLength, splitLines, stripBlanks } from '../conf-files/lines.ts';
import type { Expanded } from '../conf-files/specifiers.ts';
import { splitWords } from '../systemd/values/words.ts';

export interface SysusersLine {
  /** `u` user and its group, `g` group, `m` membership of user `name` in group `id`, `r` range of ids. */
  readonly type: 'u' | 'g' | 'm' | 'r';
  /** `u!` (systemd 257): no login at all. */
  readonly locked: boolean;
  readonly name: string;
  /** As written: number, `uid:gid`, `uid:group`, path, group name for `m`, range for `r`. */
  readonly id?: string;
  readonly comment?: string;
  readonly home?: string;
  readonly shell?: string;
  readonly location: Location;
}

export interface SysusersProblem {
  readonly message: string;
  readonly location: Location;
}

/** The lines of one file in order, and those that systemd-sysusers rejects. */
export function parseSysusersFile(
  text: string,
  file: Location,
  expand: (text: string) => Expanded,
): { readonly lines: readonly SysusersLine[]; readonly problems: readonly SysusersProblem[] } {
  const lines: SysusersLine[] = [];
  const problems: SysusersProblem[] = [];
  for (const { text: raw, number } of splitLines(text)) {
    if (raw.length >= maxLineLength) break;
    const stripped = stripBlanks(raw);
    if (stripped === '' || stripped.startsWith('#')) continue;
    const location = { ...file, line: number };
    const parsed = parseLine(stripped, location, expand);
    if (typeof parsed === 'string') problems.push({ message: parsed, location });
    else lines.push(parsed);
  }
  return { lines, problems };
}

/** Fields each type may have besides the name. */
const fieldsOf: Readonly<Record<SysusersLine['type'], readonly ('id' | 'comment' | 'home' | 'shell')[]>> = {
  u: ['id', 'comment', 'home', 'shell'],
  g: ['id'],
  m: ['id'],
  r: ['id'],
};

function parseLine(text: string, location: Location, expand: (text: string) => Expanded): SysusersLine | string {
  const { words, error } = splitWords(text, 'drop');
  if (error !== undefined) return 'Syntax error.';
  const [action = '', name, id, comment, home, shell, ...rest] = words;
  if (name === undefined) return 'Missing action and name columns.';
  if (rest.length > 0) return 'Trailing garbage.';
  const match = /^([ugmr])(!?)$/.exec(action);
  const type = match?.[1] as SysusersLine['type'] | undefined;
  if (!type || (match?.[2] === '!' && type !== 'u')) return `Unknown command type '${action}'.`;
  const fields: Record<string, string> = {};
  for (const [key, written] of Object.entries({ name, id, comment, home, shell })) {
    if (written === undefined || written === '' || written === '-') continue;
    const value = expand(written);
    if (value.state !== 'known') return `Failed to replace specifiers in '${written}'`;
    fields[key] = value.text;
  }
  if (type === 'r' ? fields.name !== undefined : !isAccountName(fields.name ?? ''))
    return type === 'r' ? "Lines of type 'r' don't take a name field." : `'${name}' is not a valid user or group name.`;
  if ((type === 'm' || type === 'r') && fields.id === undefined) return `Lines of type '${type}' require a value.`;
  if (fields.id !== undefined && !isUsableId(type, fields.id)) return `Failed to parse ID: '${fields.id}'`;
  const extra = (['comment', 'home', 'shell'] as const).find((key) => fields[key] && !fieldsOf[type].includes(key));
  if (extra) return `Lines of type '${type}' don't take a ${extra} field.`;
  return { type, locked: match?.[2] === '!', name: fields.name ?? '', ...omitName(fields), location };
}

function omitName({
  name: _name,
  ...fields
}: Record<string, string>): Pick<SysusersLine, 'id' | 'comment' | 'home' | 'shell'> {
  return fields;
}

/** What may stand in the id field of each type, after specifiers. */
const ids: Readonly<Record<SysusersLine['type'], RegExp>> = {
  u: /^(?:\/.*|[0-9]{1,10}|(?:-|[0-9]{1,10}):(?:[0-9]{1,10}|[A-Za-z_][A-Za-z0-9_-]*))$/,
  g: /^(?:\/.*|[0-9]{1,10})$/,
  m: /^[A-Za-z_][A-Za-z0-9_-]{0,30}$/,
  r: /^[0-9]{1,10}(?:-[0-9]{1,10})?$/,
};

/** Numbers that are no ids: -1 in 16 and 32 bits. */
function isUsableId(type: SysusersLine['type'], id: string): boolean {
  if (!ids[type].test(id)) return false;
  return type === 'm' || id.startsWith('/') || !/(?:^|:)(?:65535|4294967295)(?::|$)/.test(id);
}

/** valid_user_group_name() with its strict rules. */
function isAccountName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_-]{0,30}$/.test(name);
}
