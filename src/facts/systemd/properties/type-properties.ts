/** What only one type of unit has, as `systemctl show` prints it. dbus-service.c, dbus-socket.c, dbus-mount.c ... of systemd 257. */

import { triggeredUnits } from '../triggers.ts';
import type { UnitType } from '../unit-name.ts';
import { formatTimeSpan, infinity } from '../values/time-span.ts';
import { mountPoint, serviceType } from '../verify-unit.ts';
import {
  commandProperties,
  flagProperties,
  flagProperty,
  linesProperty,
  listProperty,
  nonEmpty,
  numberProperty,
  type PropertyRow,
  type PropertySource,
  property,
  spanProperty,
  textProperty,
} from './property.ts';

const minute = 60_000_000n;
const defaultTimeout = 90_000_000n;

function stopTimeout({ unit, manager }: PropertySource): bigint {
  return unit.ownNumber('TimeoutStopSec') ?? manager.span('DefaultTimeoutStopSec', defaultTimeout);
}

function startTimeout({ unit, manager }: PropertySource): bigint {
  const own = unit.number('Service.TimeoutStartSec');
  if (own !== undefined) return own;
  return unit.loadState === 'loaded' && serviceType(unit) === 'oneshot'
    ? infinity
    : manager.span('DefaultTimeoutStartSec', defaultTimeout);
}

function abortTimeout(source: PropertySource): bigint {
  const { unit, manager } = source;
  const own = unit.number('Service.TimeoutAbortSec');
  if (own !== undefined) return own;
  if (manager.assignments.has('DefaultTimeoutAbortSec')) return manager.span('DefaultTimeoutAbortSec', defaultTimeout);
  return stopTimeout(source);
}

/** Whoever may send notifications: systemd opens the door for types and settings that need it. */
function notifyAccess({ unit }: PropertySource): string {
  const own = unit.text('Service.NotifyAccess') ?? 'none';
  if (own !== 'none') return own;
  const needs =
    ['notify', 'notify-reload'].includes(serviceType(unit)) ||
    (unit.number('Service.WatchdogSec') ?? 0n) > 0n ||
    (unit.number('Service.FileDescriptorStoreMax') ?? 0n) > 0n;
  return needs ? 'main' : 'none';
}

/** Who is handed a part of the tree of control groups looks after it. */
function oomPolicy({ unit, manager }: PropertySource): string {
  const own = unit.ownText('OOMPolicy');
  return own ?? (Array.isArray(unit.ownValue('Delegate')) ? 'continue' : manager.text('DefaultOOMPolicy', 'stop'));
}

const serviceCommands = [
  'ExecCondition',
  'ExecStartPre',
  'ExecStart',
  'ExecStartPost',
  'ExecReload',
  'ExecStop',
  'ExecStopPost',
];

const service: readonly PropertyRow[] = [
  property('Type', ({ unit }) => serviceType(unit)),
  textProperty('ExitType', 'main'),
  textProperty('Restart', 'no'),
  textProperty('RestartMode', 'normal'),
  textProperty('PIDFile'),
  property('NotifyAccess', notifyAccess),
  property('RestartUSec', ({ unit, manager }) =>
    formatTimeSpan(unit.number('Service.RestartSec') ?? manager.span('DefaultRestartSec', 100_000n)),
  ),
  numberProperty('RestartSteps', '0'),
  spanProperty('RestartMaxDelayUSec', infinity),
  property('TimeoutStartUSec', (source) => formatTimeSpan(startTimeout(source))),
  property('TimeoutStopUSec', (source) => formatTimeSpan(stopTimeout(source))),
  property('TimeoutAbortUSec', (source) => formatTimeSpan(abortTimeout(source))),
  textProperty('TimeoutStartFailureMode', 'terminate'),
  textProperty('TimeoutStopFailureMode', 'terminate'),
  spanProperty('RuntimeMaxUSec', infinity),
  spanProperty('RuntimeRandomizedExtraUSec', 0n),
  property('WatchdogUSec', ({ unit }) => {
    const span = unit.number('Service.WatchdogSec');
    return formatTimeSpan(span ?? 0n);
  }),
  flagProperty('RootDirectoryStartOnly', false),
  flagProperty('RemainAfterExit', false),
  flagProperty('GuessMainPID', true),
  listProperty('RestartPreventExitStatus'),
  listProperty('RestartForceExitStatus'),
  listProperty('SuccessExitStatus'),
  textProperty('BusName'),
  numberProperty('FileDescriptorStoreMax', '0'),
  textProperty('FileDescriptorStorePreserve', 'restart'),
  textProperty('USBFunctionDescriptors'),
  textProperty('USBFunctionStrings'),
  property('OOMPolicy', oomPolicy),
  linesProperty('OpenFile', (item) => item),
  numberProperty('ReloadSignal', '1'),
  ...serviceCommands.flatMap((key) => commandProperties(key, { extended: true })),
];

const socket: readonly PropertyRow[] = [
  textProperty('BindIPv6Only', 'default'),
  numberProperty('Backlog', '2147483647'),
  property('TimeoutUSec', (source) =>
    formatTimeSpan(
      source.unit.number('Socket.TimeoutSec') ?? source.manager.span('DefaultTimeoutStartSec', defaultTimeout),
    ),
  ),
  textProperty('BindToDevice'),
  textProperty('SocketUser'),
  textProperty('SocketGroup'),
  textProperty('SocketMode', '0666'),
  textProperty('DirectoryMode', '0755'),
  ...flagProperties(false, 'Accept FlushPending Writable KeepAlive'),
  spanProperty('KeepAliveTimeUSec', 0n),
  spanProperty('KeepAliveIntervalUSec', 0n),
  numberProperty('KeepAliveProbes', '0'),
  spanProperty('DeferAcceptUSec', 0n),
  flagProperty('NoDelay', false),
  numberProperty('Priority', '-1'),
  numberProperty('ReceiveBuffer', '0'),
  numberProperty('SendBuffer', '0'),
  numberProperty('IPTOS', '-1'),
  numberProperty('IPTTL', '-1'),
  numberProperty('PipeSize', '0'),
  ...flagProperties(
    false,
    'FreeBind Transparent Broadcast PassCredentials PassFileDescriptorsToExec PassSecurity PassPacketInfo',
  ),
  textProperty('Timestamping', 'off'),
  flagProperty('RemoveOnStop', false),
  linesProperty('Listen', (item) => item, 'Socket.Listen'),
  listProperty('Symlinks'),
  numberProperty('Mark', '-1'),
  numberProperty('MaxConnections', '64'),
  numberProperty('MaxConnectionsPerSource', '0'),
  numberProperty('MessageQueueMaxMessages', '0'),
  numberProperty('MessageQueueMessageSize', '0'),
  textProperty('TCPCongestion'),
  flagProperty('ReusePort', false),
  textProperty('SocketProtocol'),
  property(
    'FileDescriptorName',
    ({ unit }) =>
      unit.text('Socket.FileDescriptorName') ?? (unit.flag('Socket.Accept') === true ? 'connection' : unit.id),
  ),
  spanProperty('TriggerLimitIntervalUSec', 2_000_000n),
  property('TriggerLimitBurst', (source) =>
    numberProperty('TriggerLimitBurst', source.unit.flag('Socket.Accept') === true ? '200' : '20').show(source),
  ),
  spanProperty('PollLimitIntervalUSec', 2_000_000n),
  property('PollLimitBurst', (source) =>
    numberProperty('PollLimitBurst', source.unit.flag('Socket.Accept') === true ? '150' : '15').show(source),
  ),
  ...['ExecStartPre', 'ExecStartPost', 'ExecStopPre', 'ExecStopPost'].flatMap((key) =>
    commandProperties(key, { extended: false }),
  ),
];

const mount: readonly PropertyRow[] = [
  property('Where', ({ unit }) => mountPoint(unit)),
  textProperty('What'),
  textProperty('Options'),
  textProperty('Type'),
  property('TimeoutUSec', (source) =>
    formatTimeSpan(
      source.unit.number('Mount.TimeoutSec') ?? source.manager.span('DefaultTimeoutStartSec', defaultTimeout),
    ),
  ),
  textProperty('DirectoryMode', '0755'),
  ...flagProperties(false, 'SloppyOptions LazyUnmount ForceUnmount ReadWriteOnly'),
];

const automount: readonly PropertyRow[] = [
  property('Where', ({ unit }) => mountPoint(unit)),
  textProperty('ExtraOptions'),
  textProperty('DirectoryMode', '0755'),
  spanProperty('TimeoutIdleUSec', 0n),
];

const swap: readonly PropertyRow[] = [
  textProperty('What'),
  numberProperty('Priority', '-1'),
  textProperty('Options'),
  property('TimeoutUSec', (source) =>
    formatTimeSpan(
      source.unit.number('Swap.TimeoutSec') ?? source.manager.span('DefaultTimeoutStartSec', defaultTimeout),
    ),
  ),
];

const firstTrigger = property('Unit', ({ unit }) => triggeredUnits(unit)[0]);

/** `{ OnCalendar=... ; next_elapse=... }`, latest first; when it elapses next only the running manager knows. */
const elapse = (name: string, calendar: boolean): PropertyRow =>
  property(name, ({ unit }) =>
    nonEmpty(
      unit
        .list('Timer.Elapse')
        .toReversed()
        .filter((item) => item.startsWith('OnCalendar=') === calendar)
        .map(formatElapse)
        .join('\n'),
    ),
  );

function formatElapse(item: string): string {
  const equals = item.indexOf('=');
  const base = item.slice(0, equals);
  const value = item.slice(equals + 1);
  const text =
    base === 'OnCalendar' ? `${base}=${value}` : `${base.replace(/Sec$/, 'USec')}=${formatTimeSpan(BigInt(value))}`;
  return `{ ${text} ; next_elapse=${base === 'OnCalendar' ? 'n/a' : '0'} }`;
}

const timer: readonly PropertyRow[] = [
  firstTrigger,
  elapse('TimersMonotonic', false),
  elapse('TimersCalendar', true),
  ...flagProperties(false, 'OnClockChange OnTimezoneChange'),
  property('AccuracyUSec', (source) =>
    formatTimeSpan(source.unit.number('Timer.AccuracySec') ?? source.manager.span('DefaultTimerAccuracySec', minute)),
  ),
  spanProperty('RandomizedDelayUSec', 0n),
  ...flagProperties(false, 'FixedRandomDelay Persistent WakeSystem'),
  flagProperty('RemainAfterElapse', true),
  flagProperty('DeferReactivation', false),
];

const path: readonly PropertyRow[] = [
  firstTrigger,
  property('Paths', ({ unit }) => nonEmpty(unit.list('Path.Watch').toReversed().join('\n'))),
  flagProperty('MakeDirectory', false),
  textProperty('DirectoryMode', '0755'),
  spanProperty('TriggerLimitIntervalUSec', 2_000_000n),
  numberProperty('TriggerLimitBurst', '200'),
];

const scope: readonly PropertyRow[] = [
  property('TimeoutStopUSec', (source) => formatTimeSpan(stopTimeout(source))),
  spanProperty('RuntimeMaxUSec', infinity),
  spanProperty('RuntimeRandomizedExtraUSec', 0n),
  property('OOMPolicy', oomPolicy),
];

export const typeProperties: Readonly<Record<UnitType, readonly PropertyRow[]>> = {
  service,
  socket,
  mount,
  automount,
  swap,
  timer,
  path,
  scope,
  slice: [],
  target: [],
  device: [],
};
