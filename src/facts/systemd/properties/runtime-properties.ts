/**
 * Properties of `systemctl show` that no file decides, by the reason why: they are refused by name instead of guessed. The rest
 * of what systemd 257 prints is in the other tables of this folder.
 */

/** One row per reason. */
export const runtimeProperties: readonly (readonly [reason: string, names: string])[] = [
  [
    'whether and since when the unit runs',
    `ActiveState SubState FreezerState StateChangeTimestamp StateChangeTimestampMonotonic InactiveExitTimestamp
    InactiveExitTimestampMonotonic ActiveEnterTimestamp ActiveEnterTimestampMonotonic ActiveExitTimestamp
    ActiveExitTimestampMonotonic InactiveEnterTimestamp InactiveEnterTimestampMonotonic InvocationID Job Refs
    ActivationDetails Markers NeedDaemonReload DebugInvocation CanStop CanFreeze CanLiveMount`,
  ],
  [
    'how its last start, reload or clean-up went',
    `Result ReloadResult CleanResult LiveMountResult NRestarts RestartUSecNext StatusText StatusErrno StatusBusError
    StatusVarlinkError ConditionResult ConditionTimestamp ConditionTimestampMonotonic AssertResult AssertTimestamp
    AssertTimestampMonotonic WatchdogTimestamp WatchdogTimestampMonotonic`,
  ],
  [
    'its processes',
    `MainPID ControlPID ExecMainPID ExecMainCode ExecMainStatus ExecMainStartTimestamp ExecMainStartTimestampMonotonic
    ExecMainExitTimestamp ExecMainExitTimestampMonotonic ExecMainHandoffTimestamp ExecMainHandoffTimestampMonotonic
    UID GID ControlGroup ControlGroupId`,
  ],
  [
    'what it consumes',
    `MemoryCurrent MemoryPeak MemorySwapCurrent MemorySwapPeak MemoryZSwapCurrent MemoryAvailable CPUUsageNSec
    TasksCurrent IPIngressBytes IPIngressPackets IPEgressBytes IPEgressPackets IOReadBytes IOReadOperations IOWriteBytes
    IOWriteOperations NAccepted NConnections NRefused NFileDescriptorStore`,
  ],
  [
    'memory, processors and limits of the machine',
    `EffectiveMemoryMax EffectiveMemoryHigh EffectiveTasksMax EffectiveCPUs EffectiveMemoryNodes LimitNPROC
    LimitNPROCSoft LimitSIGPENDING LimitSIGPENDINGSoft TasksMax`,
  ],
  ['the clock', 'NextElapseUSecRealtime NextElapseUSecMonotonic LastTriggerUSec LastTriggerUSecMonotonic'],
  [
    'the mount command that systemd puts together at the mount',
    'ExecMount ExecUnmount ExecRemount ExecActivate ExecDeactivate',
  ],
  [
    'lists built into systemd (groups of system calls, protocols, image policies)',
    'SystemCallFilter SocketProtocol RootImagePolicy MountImagePolicy ExtensionImagePolicy',
  ],
];

const reasons: ReadonlyMap<string, string> = new Map(
  runtimeProperties.flatMap(([reason, names]) => names.split(/\s+/).map((name) => [name, reason] as const)),
);

/** Why no file decides a property; undefined for those that files decide. A few (`TasksMax`) are open only without a setting. */
export function runtimeReason(name: string): string | undefined {
  return reasons.get(name);
}
