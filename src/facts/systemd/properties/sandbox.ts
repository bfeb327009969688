/** What a unit's processes may see and do, with what other settings imply. execute.c (unit_patch_contexts), dbus-execute.c. */
import type { LoadedUnit } from '../loaded-unit.ts';
import { formatBoolean } from '../values/boolean.ts';
import { splitWords } from '../values/words.ts';
import {
  flagProperty,
  listProperty,
  nonEmpty,
  type PropertyRow,
  type PropertySource,
  property,
  textProperty,
} from './property.ts';

/** PrivateMounts= as written. What systemd derives from other settings is not printed as this property. */
export function hasPrivateMounts(unit: LoadedUnit): boolean {
  return unit.ownFlag('PrivateMounts') ?? false;
}

function flagWithDynamicUser(name: string): PropertyRow {
  return property(name, ({ unit }) =>
    formatBoolean((unit.ownFlag(name) ?? false) || unit.ownFlag('DynamicUser') === true),
  );
}

/** A word that older versions knew as a flag: the plain property says yes or no, the one with `Ex` the word. */
function wordAndFlag(name: string, no = 'no'): readonly PropertyRow[] {
  const value = ({ unit }: PropertySource): string => unit.ownText(name) ?? no;
  return [property(name, (source) => formatBoolean(value(source) !== no)), property(`${name}Ex`, value)];
}

const privateTmp: readonly PropertyRow[] = [
  property('PrivateTmp', (source) => formatBoolean(temporaryDirectory(source) !== 'no')),
  property('PrivateTmpEx', temporaryDirectory),
];

/** Dynamic users never leave files in the shared /tmp. */
function temporaryDirectory({ unit }: PropertySource): string {
  const own = unit.ownText('PrivateTmp') ?? 'no';
  return own === 'no' && unit.ownFlag('DynamicUser') === true ? 'connected' : own;
}

function strictFor(name: 'ProtectSystem' | 'ProtectHome', strict: string): PropertyRow {
  return property(name, ({ unit }) => {
    const own = unit.ownText(name) ?? 'no';
    return own === 'no' && unit.ownFlag('DynamicUser') === true ? strict : own;
  });
}

/** Address families with the sign of the first line deciding: a list allows only these, `~` all but these. */
const addressFamilies = property('RestrictAddressFamilies', ({ unit }) => {
  const lines = unit.ownList('RestrictAddressFamilies');
  const first = lines[0];
  if (first === undefined) return undefined;
  if (first === 'none') return 'none';
  const inverted = first.startsWith('~');
  const names = new Set<string>();
  for (const line of lines) {
    const takesAway = line.startsWith('~') !== inverted;
    for (const word of splitWords(line.replace(/^~/, ''), 'drop').words) {
      if (takesAway) names.delete(word);
      else names.add(word);
    }
  }
  return nonEmpty((inverted ? '~' : '') + [...names].sort().join(' '));
});

const errorNumbers: Readonly<Record<string, string>> = {
  EPERM: '1',
  EACCES: '13',
  ENOSYS: '38',
  EUCLEAN: '117',
  kill: '2147483646',
};

export const sandboxProperties: readonly PropertyRow[] = [
  listProperty('ReadWritePaths'),
  listProperty('ReadOnlyPaths'),
  listProperty('InaccessiblePaths'),
  listProperty('ExecPaths'),
  listProperty('NoExecPaths'),
  listProperty('ExecSearchPath'),
  ...privateTmp,
  ...['PrivateDevices', 'ProtectClock', 'ProtectKernelTunables', 'ProtectKernelModules', 'ProtectKernelLogs'].map(
    (name) => flagProperty(name, false),
  ),
  ...wordAndFlag('ProtectControlGroups'),
  flagProperty('PrivateNetwork', false),
  ...wordAndFlag('PrivateUsers'),
  flagProperty('PrivateIPC', false),
  textProperty('PrivatePIDs', 'no'),
  strictFor('ProtectHome', 'read-only'),
  strictFor('ProtectSystem', 'strict'),
  flagWithDynamicUser('NoNewPrivileges'),
  listProperty('SystemCallArchitectures'),
  property('SystemCallErrorNumber', ({ unit }) => {
    const value = unit.ownText('SystemCallErrorNumber');
    return value === undefined ? '2147483646' : (errorNumbers[value] ?? value);
  }),
  flagProperty('LockPersonality', false),
  addressFamilies,
  flagProperty('MemoryDenyWriteExecute', false),
  flagProperty('RestrictRealtime', false),
  flagWithDynamicUser('RestrictSUIDSGID'),
  textProperty('RestrictNamespaces', 'no'),
  flagProperty('MountAPIVFS', false),
  flagProperty('BindLogSockets', false),
  textProperty('ProtectProc', 'default'),
  textProperty('ProcSubset', 'all'),
  flagProperty('ProtectHostname', false),
  flagProperty('MemoryKSM', false),
  textProperty('NetworkNamespacePath'),
  textProperty('IPCNamespacePath'),
];
