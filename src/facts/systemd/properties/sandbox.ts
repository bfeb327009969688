/** What a unit's processes may see and do, with what other settings imply. execute.c (unit_patch_contexts), dbus-execute.c. */
import type { LoadedUnit } from '../loaded-unit.ts';
import { privateTmp } from '../private-tmp.ts';
import { formatBoolean } from '../values/boolean.ts';
import { formatWord, splitWords } from '../values/words.ts';
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

const privateTmpRows: readonly PropertyRow[] = [
  property('PrivateTmp', ({ unit }) => formatBoolean(privateTmp(unit) !== 'no')),
  property('PrivateTmpEx', ({ unit }) => privateTmp(unit)),
];

function strictFor(name: 'ProtectSystem' | 'ProtectHome', strict: string): PropertyRow {
  return property(name, ({ unit }) => {
    const own = unit.ownText(name) ?? 'no';
    return own === 'no' && unit.ownFlag('DynamicUser') === true ? strict : own;
  });
}

/** A unit with a root of its own gets the API file systems unless it says otherwise. */
function mountsApi(unit: LoadedUnit): boolean {
  const ownRoot = unit.ownText('RootDirectory') !== undefined || unit.ownText('RootImage') !== undefined;
  return unit.ownFlag('MountAPIVFS') ?? ownRoot;
}

/** `SOURCE:DESTINATION:rbind` for `SOURCE[:DESTINATION[:OPTIONS]]`. */
function formatBind(item: string): string {
  const [source = '', destination, option] = item.split(':');
  return [source, destination ?? source, option === 'norbind' ? 'norbind' : 'rbind'].map(formatWord).join(':');
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
  ...['BindPaths', 'BindReadOnlyPaths'].map((name) =>
    property(name, ({ unit }) => nonEmpty(unit.ownList(name).map(formatBind).join(' '))),
  ),
  listProperty('TemporaryFileSystem'),
  ...privateTmpRows,
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
  property('MountAPIVFS', ({ unit }) => formatBoolean(mountsApi(unit))),
  property('BindLogSockets', ({ unit }) =>
    formatBoolean(unit.ownFlag('BindLogSockets') ?? (mountsApi(unit) || unit.ownText('LogNamespace') !== undefined)),
  ),
  textProperty('ProtectProc', 'default'),
  textProperty('ProcSubset', 'all'),
  flagProperty('ProtectHostname', false),
  flagProperty('MemoryKSM', false),
  textProperty('NetworkNamespacePath'),
  textProperty('IPCNamespacePath'),
];
