/** Resource control of services, sockets, mounts, swaps, slices and scopes. systemd.resource-control(5), version 257. */

import { parsePercent } from '../values/size.ts';
import { type DirectiveRow, directive, directives } from './directive.ts';
import { lines, words } from './list-kinds.ts';
import { cpuList } from './process-kinds.ts';
import {
  addresses,
  controllers,
  delegate,
  deviceAccess,
  memoryLimit,
  processorQuota,
  taskLimit,
  weight,
} from './resource-kinds.ts';
import { boolean, oneOf, scalar, seconds, secondsDefaultInfinity, text, withoutEffect } from './scalar-kinds.ts';
import { slice } from './unit-kinds.ts';

const processorWeight = weight(1n, 10_000n, { idle: true });
const blockWeight = weight(1n, 10_000n);
const outOfMemory = oneOf('OOM mode', 'auto kill', { empty: 'reset' });
const pressureLimit = scalar('memory pressure limit', 'reset', (value) => parsePercent(value));

export const cgroupDirectives: readonly DirectiveRow[] = [
  directive('Slice', slice),
  directive('AllowedCPUs', cpuList),
  directive('AllowedMemoryNodes', cpuList),
  ...directives(cpuList, 'StartupAllowedCPUs StartupAllowedMemoryNodes', { since: 252 }),
  ...directives(boolean, 'CPUAccounting MemoryAccounting IOAccounting BlockIOAccounting TasksAccounting IPAccounting'),
  ...directives(processorWeight, 'CPUWeight StartupCPUWeight'),
  ...directives(weight(2n, 262_144n), 'CPUShares StartupCPUShares'),
  directive('CPUQuota', processorQuota),
  directive('CPUQuotaPeriodSec', secondsDefaultInfinity),
  ...directives(memoryLimit({ zero: true }), 'MemoryMin DefaultMemoryMin DefaultMemoryLow MemoryLow MemorySwapMax'),
  directive('MemoryZSwapMax', memoryLimit({ zero: true }), { since: 253 }),
  ...directives(
    memoryLimit({ zero: true }),
    'DefaultStartupMemoryLow StartupMemoryLow StartupMemorySwapMax StartupMemoryZSwapMax',
    {
      since: 254,
    },
  ),
  ...directives(memoryLimit({ zero: false }), 'MemoryHigh MemoryMax MemoryLimit'),
  ...directives(memoryLimit({ zero: false }), 'StartupMemoryHigh StartupMemoryMax', { since: 254 }),
  directive('MemoryZSwapWriteback', boolean, { since: 256 }),
  directive('DeviceAllow', deviceAccess),
  directive('DevicePolicy', oneOf('device policy', 'auto closed strict')),
  ...directives(blockWeight, 'IOWeight StartupIOWeight'),
  ...directives(
    lines,
    'IODeviceWeight IOReadBandwidthMax IOWriteBandwidthMax IOReadIOPSMax IOWriteIOPSMax IODeviceLatencyTargetSec',
  ),
  ...directives(weight(10n, 1000n), 'BlockIOWeight StartupBlockIOWeight'),
  ...directives(lines, 'BlockIODeviceWeight BlockIOReadBandwidth BlockIOWriteBandwidth'),
  directive('TasksMax', taskLimit),
  directive('Delegate', delegate),
  directive('DelegateSubgroup', text, { since: 254 }),
  directive('DisableControllers', controllers),
  ...directives(addresses, 'IPAddressAllow IPAddressDeny'),
  ...directives(words, 'IPIngressFilterPath IPEgressFilterPath'),
  ...directives(outOfMemory, 'ManagedOOMSwap ManagedOOMMemoryPressure', { since: 247 }),
  directive('ManagedOOMMemoryPressureLimit', pressureLimit, { since: 247 }),
  directive('ManagedOOMMemoryPressureDurationSec', secondsDefaultInfinity, { since: 257 }),
  directive('ManagedOOMPreference', oneOf('OOM preference', 'none avoid omit'), { since: 248 }),
  directive('NetClass', withoutEffect),
  directive('BPFProgram', lines, { since: 249 }),
  ...directives(words, 'SocketBindAllow SocketBindDeny', { since: 249 }),
  directive('RestrictNetworkInterfaces', words, { since: 250 }),
  directive('MemoryPressureThresholdSec', seconds, { since: 254 }),
  directive(
    'MemoryPressureWatch',
    oneOf('memory pressure watch', 'auto no yes skip', { booleans: ['no', 'yes'], empty: 'reset' }),
    {
      since: 254,
    },
  ),
  directive('NFTSet', words, { since: 255 }),
  directive('CoredumpReceive', boolean, { since: 255 }),
];
