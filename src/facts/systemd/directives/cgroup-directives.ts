/** Resource control of services, sockets, mounts, swaps, slices and scopes. systemd.resource-control(5), version 257. */

import {
  absolutePaths,
  attachedPrograms,
  deviceLatencies,
  deviceRates,
  deviceWeights,
  interfaceNames,
  nftSets,
  pressureDuration,
  socketBinds,
  subgroup,
  wholePercent,
} from './device-kinds.ts';
import { type DirectiveRow, directive, directives } from './directive.ts';
import { lines } from './list-kinds.ts';
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
import { boolean, oneOf, seconds, secondsDefaultInfinity, withoutEffect } from './scalar-kinds.ts';
import { slice } from './unit-kinds.ts';

const processorWeight = weight(1n, 10_000n, { idle: true });
const blockWeight = weight(1n, 10_000n);
const outOfMemory = oneOf('OOM mode', 'auto kill', { empty: 'reset' });

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
  directive('DefaultStartupMemoryLow', memoryLimit({ zero: false }), { since: 254 }),
  ...directives(memoryLimit({ zero: true }), 'StartupMemoryLow StartupMemorySwapMax StartupMemoryZSwapMax', {
    since: 254,
  }),
  ...directives(memoryLimit({ zero: false }), 'MemoryHigh MemoryMax MemoryLimit'),
  ...directives(memoryLimit({ zero: false }), 'StartupMemoryHigh StartupMemoryMax', { since: 254 }),
  directive('MemoryZSwapWriteback', boolean, { since: 256 }),
  directive('DeviceAllow', deviceAccess),
  directive('DevicePolicy', oneOf('device policy', 'auto closed strict')),
  ...directives(blockWeight, 'IOWeight StartupIOWeight'),
  directive('IODeviceWeight', deviceWeights),
  ...directives(deviceRates, 'IOReadBandwidthMax IOWriteBandwidthMax IOReadIOPSMax IOWriteIOPSMax'),
  directive('IODeviceLatencyTargetSec', deviceLatencies),
  ...directives(weight(10n, 1000n), 'BlockIOWeight StartupBlockIOWeight'),
  ...directives(lines, 'BlockIODeviceWeight BlockIOReadBandwidth BlockIOWriteBandwidth'),
  directive('TasksMax', taskLimit),
  directive('Delegate', delegate),
  directive('DelegateSubgroup', subgroup, { since: 254 }),
  directive('DisableControllers', controllers),
  ...directives(addresses, 'IPAddressAllow IPAddressDeny'),
  ...directives(absolutePaths, 'IPIngressFilterPath IPEgressFilterPath'),
  ...directives(outOfMemory, 'ManagedOOMSwap ManagedOOMMemoryPressure', { since: 247 }),
  directive('ManagedOOMMemoryPressureLimit', wholePercent, { since: 247 }),
  directive('ManagedOOMMemoryPressureDurationSec', pressureDuration, { since: 257 }),
  directive('ManagedOOMPreference', oneOf('OOM preference', 'none avoid omit'), { since: 248 }),
  directive('NetClass', withoutEffect),
  directive('BPFProgram', attachedPrograms, { since: 249 }),
  ...directives(socketBinds, 'SocketBindAllow SocketBindDeny', { since: 249 }),
  directive('RestrictNetworkInterfaces', interfaceNames, { since: 250 }),
  directive('MemoryPressureThresholdSec', seconds, { since: 254 }),
  directive('MemoryPressureWatch', oneOf('memory pressure watch', 'auto no yes skip', { booleans: ['no', 'yes'] }), {
    since: 254,
  }),
  directive('NFTSet', nftSets, { since: 255 }),
  directive('CoredumpReceive', boolean, { since: 255 }),
];
