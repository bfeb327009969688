/**
 * `%` specifiers of unit files. systemd.unit(5) "Specifiers". What only a running machine knows (boot id, kernel release of
 * the running kernel, credentials) stays as written; letters without a meaning are an error, other characters are not.
 */
import { type UnitName, unescapePath, unescapeUnitName } from './unit-name.ts';

/** What the image says about the machine; read only when a specifier asks. */
export interface HostNames {
  readonly architecture: string | undefined;
  readonly machineId: string | undefined;
  readonly hostname: string | undefined;
  readonly prettyHostname: string | undefined;
  readonly osRelease: Readonly<Record<string, string>>;
}

export interface SpecifierScope {
  readonly name: UnitName;
  readonly fragmentPath: string | undefined;
  host(): HostNames;
}

const fixed: Readonly<Record<string, string>> = {
  '%': '%',
  C: '/var/cache',
  E: '/etc',
  L: '/var/log',
  S: '/var/lib',
  t: '/run',
  T: '/tmp',
  V: '/var/tmp',
  D: '/usr/share',
  g: 'root',
  G: '0',
  h: '/root',
  s: '/bin/sh',
  u: 'root',
  U: '0',
};

const runtimeOnly = 'bdv';

/** The text with its specifiers replaced; undefined if one of them does not exist or cannot be resolved. */
export function expandSpecifiers(text: string, scope: SpecifierScope): string | undefined {
  if (!text.includes('%')) return text;
  let out = '';
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string;
    const letter = text[at + 1];
    if (character !== '%' || letter === undefined) {
      out += character;
      continue;
    }
    at++;
    const value = resolve(letter, scope);
    if (value !== undefined) out += value;
    else if (/[0-9A-Za-z]/.test(letter)) return undefined;
    else out += `%${letter}`;
  }
  return out;
}

function resolve(letter: string, scope: SpecifierScope): string | undefined {
  if (Object.hasOwn(fixed, letter)) return fixed[letter];
  if (runtimeOnly.includes(letter)) return `%${letter}`;
  return resolveName(letter, scope.name) ?? resolveFragment(letter, scope) ?? resolveHost(letter, scope);
}

function resolveName(letter: string, unit: UnitName): string | undefined {
  const { name, prefix, instance = '' } = unit;
  const last = prefix.slice(prefix.lastIndexOf('-') + 1);
  switch (letter) {
    case 'n':
      return name;
    case 'N':
      return name.slice(0, name.lastIndexOf('.'));
    case 'p':
      return prefix;
    case 'P':
      return unescapeUnitName(prefix);
    case 'i':
      return instance;
    case 'I':
      return unescapeUnitName(instance);
    case 'j':
      return last;
    case 'J':
      return unescapeUnitName(last);
    case 'f':
      return (
        unescapePath(instance === '' ? prefix : instance) ?? `/${unescapeUnitName(instance === '' ? prefix : instance)}`
      );
    default:
      return undefined;
  }
}

function resolveFragment(letter: string, { fragmentPath }: SpecifierScope): string | undefined {
  if (letter === 'y') return fragmentPath ?? '';
  if (letter === 'Y') return fragmentPath === undefined ? '' : fragmentPath.slice(0, fragmentPath.lastIndexOf('/'));
  return undefined;
}

const osReleaseKeys: Readonly<Record<string, string>> = {
  o: 'ID',
  w: 'VERSION_ID',
  W: 'VARIANT_ID',
  B: 'BUILD_ID',
  M: 'IMAGE_ID',
  A: 'IMAGE_VERSION',
};

function resolveHost(letter: string, scope: SpecifierScope): string | undefined {
  if (Object.hasOwn(osReleaseKeys, letter)) return scope.host().osRelease[osReleaseKeys[letter] ?? ''] ?? '';
  switch (letter) {
    case 'm':
      return scope.host().machineId ?? '%m';
    case 'H':
      return scope.host().hostname ?? '%H';
    case 'l':
      return scope.host().hostname?.split('.')[0] ?? '%l';
    case 'q':
      return scope.host().prettyHostname ?? scope.host().hostname ?? '%q';
    case 'a':
      return scope.host().architecture ?? '%a';
    default:
      return undefined;
  }
}
