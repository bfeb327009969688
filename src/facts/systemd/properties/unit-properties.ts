/** What every unit has, as `systemctl show` prints it. dbus-unit.c of systemd 257. Dependencies are in dependency-properties. */

import type { LoadedUnit } from '../loaded-unit.ts';
import { isPerpetual } from '../perpetual.ts';
import { unescapePath } from '../unit-name.ts';
import { formatBoolean } from '../values/boolean.ts';
import { formatTimeSpan, infinity } from '../values/time-span.ts';
import { formatWord } from '../values/words.ts';
import { mountPoint } from '../verify-unit.ts';
import { nonEmpty, type PropertyRow, type PropertySource, property, spanProperty, textProperty } from './property.ts';

function unitFlag(name: string, otherwise: boolean): PropertyRow {
  return property(name, ({ unit }) => formatBoolean(unit.flag(`Unit.${name}`) ?? otherwise));
}

/** What the manager says of the units it makes itself. slice.c, scope.c, mount.c. */
const builtIn: Readonly<Record<string, { readonly description: string; readonly documentation?: string }>> = {
  '-.mount': { description: 'Root Mount' },
  '-.slice': { description: 'Root Slice', documentation: 'man:systemd.special(7)' },
  'system.slice': { description: 'System Slice', documentation: 'man:systemd.special(7)' },
  'init.scope': { description: 'System and Service Manager', documentation: 'man:systemd(1)' },
};

/** Description=, else what the unit stands for, else the name. */
function describe({ unit }: PropertySource): string {
  const own = unit.text('Unit.Description') ?? (isPerpetual(unit.name) ? builtIn[unit.id]?.description : undefined);
  if (own !== undefined) return own;
  if (unit.loadState !== 'loaded') return unit.id;
  if (unit.name.type === 'slice') return `Slice ${unescapePath(unit.name.prefix) ?? unit.id}`;
  if (unit.name.type === 'device') return unescapePath(unit.name.prefix) ?? unit.id;
  if (unit.name.type === 'mount') return mountPoint(unit) ?? unit.id;
  if (unit.name.type === 'swap') return unit.text('Swap.What') ?? unit.id;
  return unit.id;
}

/** Units that can be started by hand: loaded, and of a type with a start job. */
function canStart({ unit }: PropertySource): boolean {
  const startable = !['device', 'scope'].includes(unit.name.type);
  return unit.loadState === 'loaded' && startable && unit.flag('Unit.RefuseManualStart') !== true;
}

export const identityProperties: readonly PropertyRow[] = [
  property('Id', ({ unit }) => unit.id),
  property('Names', ({ unit }) => unit.names.map(formatWord).join(' ')),
];

/** CanClean=: directories of a service, stored descriptors, the stamp of a timer. */
function cleanable({ unit }: PropertySource): readonly string[] {
  if (unit.name.type === 'timer') return unit.flag('Timer.Persistent') === true ? ['state'] : [];
  const kinds = ['Runtime', 'State', 'Cache', 'Logs', 'Configuration'].filter(
    (kind) => unit.ownList(`${kind}Directory`).length > 0,
  );
  const stores = (unit.number('Service.FileDescriptorStoreMax') ?? 0n) > 0n ? ['fdstore'] : [];
  return [...kinds.map((kind) => kind.toLowerCase()), ...stores];
}

/** Why a unit cannot be started, in the words of the bus. */
function loadError({ id, loadState }: LoadedUnit): string | undefined {
  switch (loadState) {
    case 'masked':
      return `org.freedesktop.systemd1.UnitMasked "Unit ${id} is masked."`;
    case 'not-found':
      return `org.freedesktop.systemd1.NoSuchUnit "Unit ${id} not found."`;
    case 'bad-setting':
      return `org.freedesktop.systemd1.BadUnitSetting "Unit ${id} has a bad unit file setting."`;
    default:
      return undefined;
  }
}

export const unitProperties: readonly PropertyRow[] = [
  property('Documentation', ({ unit }) => {
    const own = unit.list('Unit.Documentation');
    const page = own.length === 0 && isPerpetual(unit.name) ? builtIn[unit.id]?.documentation : undefined;
    return nonEmpty((page === undefined ? own : [page]).map(formatWord).join(' '));
  }),
  property('Description', describe),
  property('LoadState', ({ unit }) => unit.loadState),
  property('FragmentPath', ({ unit }) => unit.fragmentPath),
  textProperty('SourcePath', undefined, 'Unit.SourcePath'),
  property('DropInPaths', ({ unit }) => nonEmpty(unit.dropInPaths.map(formatWord).join(' '))),
  property('CanStart', (source) => formatBoolean(canStart(source))),
  property('CanReload', ({ unit }) =>
    formatBoolean(canReload(unit.name.type, unit.commands('Service.ExecReload').length, unit.text('Service.Type'))),
  ),
  property('CanIsolate', ({ unit }) =>
    formatBoolean(
      unit.loadState === 'loaded' &&
        unit.flag('Unit.AllowIsolate') === true &&
        unit.flag('Unit.RefuseManualStart') !== true,
    ),
  ),
  property('CanClean', (source) => nonEmpty(cleanable(source).join(' '))),
  property('LoadError', ({ unit }) => loadError(unit)),
  ...['StopWhenUnneeded', 'RefuseManualStart', 'RefuseManualStop', 'AllowIsolate'].map((name) => unitFlag(name, false)),
  property('DefaultDependencies', ({ unit }) =>
    formatBoolean(unit.flag('Unit.DefaultDependencies') ?? !isPerpetual(unit.name)),
  ),
  unitFlag('SurviveFinalKillSignal', false),
  textProperty('OnSuccessJobMode', 'fail', 'Unit.OnSuccessJobMode'),
  textProperty('OnFailureJobMode', 'replace', 'Unit.OnFailureJobMode'),
  property('IgnoreOnIsolate', ({ unit }) =>
    formatBoolean(unit.flag('Unit.IgnoreOnIsolate') ?? ignoresIsolate(unit.name.type)),
  ),
  spanProperty('JobTimeoutUSec', infinity, 'Unit.JobTimeoutSec'),
  property('JobRunningTimeoutUSec', ({ unit, manager }) =>
    formatTimeSpan(jobRunningTimeout({ unit, manager, section: '' })),
  ),
  textProperty('JobTimeoutAction', 'none', 'Unit.JobTimeoutAction'),
  textProperty('JobTimeoutRebootArgument', undefined, 'Unit.JobTimeoutRebootArgument'),
  property('Transient', ({ unit }) => formatBoolean(unit.id === 'init.scope')),
  property('Perpetual', ({ unit }) => formatBoolean(isPerpetual(unit.name))),
  property('StartLimitIntervalUSec', ({ unit, manager }) =>
    formatTimeSpan(
      unit.number('Unit.StartLimitIntervalSec') ?? manager.span('DefaultStartLimitIntervalSec', 10_000_000n),
    ),
  ),
  property('StartLimitBurst', ({ unit, manager }) =>
    (unit.number('Unit.StartLimitBurst') ?? manager.number('DefaultStartLimitBurst', 5n)).toString(),
  ),
  ...['StartLimitAction', 'FailureAction', 'SuccessAction'].map((name) => textProperty(name, 'none', `Unit.${name}`)),
  property('FailureActionExitStatus', ({ unit }) => unit.number('Unit.FailureActionExitStatus')?.toString()),
  property('SuccessActionExitStatus', ({ unit }) => unit.number('Unit.SuccessActionExitStatus')?.toString()),
  textProperty('RebootArgument', undefined, 'Unit.RebootArgument'),
  textProperty('CollectMode', 'inactive', 'Unit.CollectMode'),
];

/** JobTimeoutSec= sets both spans unless the second is set by itself. */
function jobRunningTimeout({ unit, manager }: PropertySource): bigint {
  const own = unit.number('Unit.JobRunningTimeoutSec') ?? unit.number('Unit.JobTimeoutSec');
  if (own !== undefined) return own;
  return unit.name.type === 'device' ? manager.span('DefaultDeviceTimeoutSec', 90_000_000n) : infinity;
}

function canReload(type: string, commands: number, serviceType: string | undefined): boolean {
  return type === 'mount' || commands > 0 || serviceType === 'notify-reload';
}

/** Types that isolating a target leaves alone. */
const stays: ReadonlySet<string> = new Set(['mount', 'automount', 'slice', 'scope', 'device', 'swap']);

function ignoresIsolate(type: string): boolean {
  return stays.has(type);
}
