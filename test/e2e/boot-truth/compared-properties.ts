/**
 * Every property that files decide and that is compared, by what it is about. Together with the properties that only a running
 * manager knows (src/facts/systemd/properties/runtime-properties.ts) these are all that systemd 257 prints of the image's units.
 */

const names: Readonly<Record<string, string>> = {
  'the unit and its files': `
    AllowIsolate CanClean CanIsolate CanReload CanStart CollectMode DefaultDependencies Description Documentation
    DropInPaths FailureAction FragmentPath Id IgnoreOnIsolate JobRunningTimeoutUSec JobTimeoutAction JobTimeoutUSec
    LoadError LoadState Names OnFailureJobMode OnSuccessJobMode Perpetual RefuseManualStart RefuseManualStop
    SourcePath StartLimitAction StartLimitBurst StartLimitIntervalUSec StopWhenUnneeded SuccessAction
    SurviveFinalKillSignal Transient UnitFilePreset UnitFileState`,
  'dependencies, from both sides': `
    After Before BindsTo BoundBy ConflictedBy Conflicts OnFailure OnFailureOf RequiredBy Requires RequiresMountsFor
    SliceOf TriggeredBy Triggers WantedBy Wants WantsMountsFor`,
  'services, sockets, mounts, timers and paths': `
    Accept AccuracyUSec Backlog BindIPv6Only Broadcast BusName DeferAcceptUSec DeferReactivation ExecReload ExecReloadEx
    ExecStart ExecStartEx ExecStartPre ExecStartPreEx ExecStop ExecStopEx ExecStopPost ExecStopPostEx ExitType
    FileDescriptorName FileDescriptorStoreMax FileDescriptorStorePreserve FixedRandomDelay FlushPending ForceUnmount
    FreeBind GuessMainPID IPTOS IPTTL KeepAlive KeepAliveIntervalUSec KeepAliveProbes KeepAliveTimeUSec LazyUnmount
    Listen MakeDirectory Mark MaxConnections MaxConnectionsPerSource MessageQueueMaxMessages MessageQueueMessageSize
    NoDelay NotifyAccess OOMPolicy OnClockChange OnTimezoneChange Options PassCredentials PassFileDescriptorsToExec
    PassPacketInfo PassSecurity Paths Persistent PipeSize PollLimitBurst PollLimitIntervalUSec Priority
    RandomizedDelayUSec ReadWriteOnly ReceiveBuffer ReloadSignal RemainAfterElapse RemainAfterExit RemoveOnStop
    Restart RestartMaxDelayUSec RestartMode RestartPreventExitStatus RestartSteps RestartUSec ReusePort
    RootDirectoryStartOnly RuntimeMaxUSec RuntimeRandomizedExtraUSec SendBuffer SloppyOptions SocketMode
    SuccessExitStatus Symlinks TimeoutAbortUSec TimeoutIdleUSec TimeoutStartFailureMode TimeoutStartUSec
    TimeoutStopFailureMode TimeoutStopUSec TimeoutUSec TimersCalendar TimersMonotonic Timestamping Transparent
    TriggerLimitBurst TriggerLimitIntervalUSec Type Unit WakeSystem WatchdogUSec What Where Writable`,
  processes: `
    AmbientCapabilities CPUAffinityFromNUMA CPUSchedulingPolicy CPUSchedulingPriority CPUSchedulingResetOnFork
    CacheDirectoryMode CapabilityBoundingSet ConfigurationDirectoryMode CoredumpFilter DirectoryMode Environment
    EnvironmentFiles FinalKillSignal Group IOSchedulingClass IOSchedulingPriority IgnoreSIGPIPE ImportCredential
    KeyringMode KillMode KillSignal LogLevelMax LogRateLimitBurst LogRateLimitIntervalUSec LogsDirectoryMode
    NUMAPolicy Nice NonBlocking OOMScoreAdjust PassEnvironment RemoveIPC RestartKillSignal RootEphemeral
    RuntimeDirectory RuntimeDirectoryMode RuntimeDirectoryPreserve RuntimeDirectorySymlink SameProcessGroup
    SecureBits SendSIGHUP SendSIGKILL SetLoginEnvironment StandardError StandardInput StandardOutput StateDirectory
    StateDirectoryMode StateDirectorySymlink SyslogFacility SyslogIdentifier SyslogLevel SyslogLevelPrefix
    SyslogPriority TTYPath TTYReset TTYVHangup TTYVTDisallocate TimeoutCleanUSec TimerSlackNSec UMask
    UnsetEnvironment User UtmpIdentifier UtmpMode WatchdogSignal WorkingDirectory`,
  limits: `
    LimitAS LimitASSoft LimitCORE LimitCORESoft LimitCPU LimitCPUSoft LimitDATA LimitDATASoft LimitFSIZE
    LimitFSIZESoft LimitLOCKS LimitLOCKSSoft LimitMEMLOCK LimitMEMLOCKSoft LimitMSGQUEUE LimitMSGQUEUESoft LimitNICE
    LimitNICESoft LimitNOFILE LimitNOFILESoft LimitRSS LimitRSSSoft LimitRTPRIO LimitRTPRIOSoft LimitRTTIME
    LimitRTTIMESoft LimitSTACK LimitSTACKSoft`,
  sandboxing: `
    BindLogSockets DynamicUser LockPersonality MemoryDenyWriteExecute MemoryKSM MountAPIVFS NoNewPrivileges
    PrivateIPC PrivateMounts PrivateNetwork PrivatePIDs PrivateTmp PrivateTmpEx PrivateUsers PrivateUsersEx
    ProcSubset ProtectControlGroups ProtectControlGroupsEx ProtectHome ProtectHostname ProtectKernelLogs
    ProtectKernelModules ProtectKernelTunables ProtectProc ProtectSystem ReadOnlyPaths ReadWritePaths
    RestrictAddressFamilies RestrictNamespaces RestrictRealtime RestrictSUIDSGID SystemCallArchitectures
    SystemCallErrorNumber`,
  'resource control': `
    BlockIOAccounting BlockIOWeight CPUAccounting CPUQuotaPerSecUSec CPUQuotaPeriodUSec CPUShares CPUWeight
    CoredumpReceive DefaultMemoryLow DefaultMemoryMin DefaultStartupMemoryLow Delegate DelegateControllers
    DelegateSubgroup DeviceAllow DevicePolicy IOAccounting IOWeight IPAccounting IPAddressDeny
    ManagedOOMMemoryPressure ManagedOOMMemoryPressureDurationUSec ManagedOOMMemoryPressureLimit ManagedOOMPreference
    ManagedOOMSwap MemoryAccounting MemoryHigh MemoryLimit MemoryLow MemoryMax MemoryMin MemoryPressureThresholdUSec
    MemoryPressureWatch MemorySwapMax MemoryZSwapMax MemoryZSwapWriteback PrivateDevices ProtectClock Slice
    StartupBlockIOWeight StartupCPUShares StartupCPUWeight StartupIOWeight StartupMemoryHigh StartupMemoryLow
    StartupMemoryMax StartupMemorySwapMax StartupMemoryZSwapMax TasksAccounting`,
};

export const comparedProperties: ReadonlySet<string> = new Set(
  Object.values(names).flatMap((text) => text.trim().split(/\s+/)),
);
