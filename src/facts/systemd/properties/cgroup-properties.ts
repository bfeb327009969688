/** Resource control as `systemctl show` prints it. dbus-cgroup.c of systemd 257. */
import { infinity } from '../values/time-span.ts';
import {
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

const notSet = '[not set]';

/** Accounting that a unit does not decide itself follows the manager. */
function accounting(name: string, otherwise: boolean): PropertyRow {
  return property(name, ({ unit, section, manager }) => {
    const implied = impliesAccounting(name, section, (key) => unit.value(key) !== undefined);
    return (unit.ownFlag(name) ?? (implied || manager.flag(`Default${name}`, otherwise))) ? 'yes' : 'no';
  });
}

/** A quota cannot be kept without counting. */
function impliesAccounting(name: string, section: string, isSet: (key: string) => boolean): boolean {
  return (
    name === 'CPUAccounting' && ['CPUQuota', 'CPUWeight', 'StartupCPUWeight'].some((key) => isSet(`${section}.${key}`))
  );
}

const delegate: readonly PropertyRow[] = [
  property('Delegate', ({ unit }) => (Array.isArray(unit.ownValue('Delegate')) ? 'yes' : 'no')),
  property('DelegateControllers', ({ unit }) => {
    const names = unit.ownList('Delegate');
    return names.length > 0 ? names.join(' ') : undefined;
  }),
  textProperty('DelegateSubgroup'),
];

/** Shares of a whole in units of 2^32, as systemd keeps them. */
const pressureLimit = property('ManagedOOMMemoryPressureLimit', ({ unit }) => {
  const share = unit.ownNumber('ManagedOOMMemoryPressureLimit');
  return share === undefined ? '0' : ((share * 4_294_967_295n) / 10_000n).toString();
});

/** The weight of an idle unit is 0, and printed as a word. */
function processorWeight(name: string): PropertyRow {
  return property(name, ({ unit }) => {
    const value = unit.ownNumber(name);
    return value === undefined ? notSet : value === 0n ? 'idle' : value.toString();
  });
}

/** PrivateDevices= closes what a unit leaves open. */
function devicePolicy({ unit }: PropertySource): string {
  const own = unit.ownText('DevicePolicy') ?? 'auto';
  return own === 'auto' && unit.ownFlag('PrivateDevices') === true ? 'closed' : own;
}

/** Latest first, as systemd keeps them; ProtectClock= leaves the clock readable. */
function allowedDevices({ unit }: PropertySource): readonly string[] {
  const own = unit.ownList('DeviceAllow').toReversed();
  const clock = unit.ownFlag('ProtectClock') === true && !own.some((item) => item.startsWith('char-rtc '));
  return clock ? ['char-rtc r', ...own] : own;
}

export const cgroupProperties: readonly PropertyRow[] = [
  ...delegate,
  accounting('CPUAccounting', true),
  processorWeight('CPUWeight'),
  processorWeight('StartupCPUWeight'),
  numberProperty('CPUShares', notSet),
  numberProperty('StartupCPUShares', notSet),
  spanProperty('CPUQuotaPerSecUSec', infinity, 'CPUQuota'),
  spanProperty('CPUQuotaPeriodUSec', infinity),
  listProperty('AllowedCPUs'),
  listProperty('StartupAllowedCPUs'),
  listProperty('AllowedMemoryNodes'),
  listProperty('StartupAllowedMemoryNodes'),
  accounting('IOAccounting', false),
  numberProperty('IOWeight', notSet),
  numberProperty('StartupIOWeight', notSet),
  accounting('BlockIOAccounting', false),
  numberProperty('BlockIOWeight', notSet),
  numberProperty('StartupBlockIOWeight', notSet),
  accounting('MemoryAccounting', true),
  ...[
    'DefaultMemoryLow',
    'DefaultStartupMemoryLow',
    'DefaultMemoryMin',
    'MemoryMin',
    'MemoryLow',
    'StartupMemoryLow',
  ].map((name) => numberProperty(name, '0')),
  ...['MemoryHigh', 'StartupMemoryHigh', 'MemoryMax', 'StartupMemoryMax', 'MemorySwapMax', 'StartupMemorySwapMax'].map(
    (name) => numberProperty(name, 'infinity'),
  ),
  numberProperty('MemoryZSwapMax', 'infinity'),
  numberProperty('StartupMemoryZSwapMax', 'infinity'),
  flagProperty('MemoryZSwapWriteback', true),
  numberProperty('MemoryLimit', 'infinity'),
  property('DevicePolicy', (source) => devicePolicy(source)),
  property('DeviceAllow', (source) => nonEmpty(allowedDevices(source).join('\n'))),
  accounting('TasksAccounting', true),
  property('TasksMax', ({ unit, section, manager }) => {
    const value = unit.ownValue('TasksMax');
    if (typeof value === 'bigint') return value === infinity ? 'infinity' : value.toString();
    if (typeof value === 'string') return value;
    if (section === 'Slice' || section === 'Scope') return section === 'Slice' ? 'infinity' : undefined;
    const configured = manager.text('DefaultTasksMax', '');
    return configured === '' || configured.endsWith('%') ? undefined : configured;
  }),
  accounting('IPAccounting', false),
  listProperty('IPAddressAllow'),
  listProperty('IPAddressDeny'),
  listProperty('DisableControllers'),
  linesProperty('IODeviceWeight', (item) => item),
  listProperty('RestrictNetworkInterfaces'),
  textProperty('ManagedOOMSwap', 'auto'),
  textProperty('ManagedOOMMemoryPressure', 'auto'),
  pressureLimit,
  property('ManagedOOMMemoryPressureDurationUSec', ({ unit }) =>
    unit.ownValue('ManagedOOMMemoryPressureDurationSec') === undefined ? notSet : undefined,
  ),
  textProperty('ManagedOOMPreference', 'none'),
  property(
    'MemoryPressureWatch',
    ({ unit, manager }) => unit.ownText('MemoryPressureWatch') ?? manager.text('DefaultMemoryPressureWatch', 'auto'),
  ),
  property('MemoryPressureThresholdUSec', (source) =>
    spanProperty(
      'MemoryPressureThresholdUSec',
      source.manager.span('DefaultMemoryPressureThresholdSec', 200_000n),
    ).show(source),
  ),
  ...flagProperties(false, 'CoredumpReceive'),
];
