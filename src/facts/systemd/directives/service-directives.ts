/** [Service] without what it shares with other units, and [Scope]. systemd.service(5), systemd.scope(5), version 257. */

import { isBelowApiDirectory, simplifyPath } from '../values/exec-command.ts';
import { parseTimeSpan } from '../values/time-span.ts';
import { type DirectiveRow, directive, directives } from './directive.ts';
import { commands, socketNames } from './list-kinds.ts';
import { exitStatuses } from './process-kinds.ts';
import { openedFiles } from './process-word-kinds.ts';
import {
  boolean,
  isAbsolutePath,
  oneOf,
  path,
  scalar,
  seconds,
  secondsZeroInfinity,
  signal,
  text,
  unsigned,
  withoutEffect,
} from './scalar-kinds.ts';
import { emergencyAction } from './unit-kinds.ts';

const failureMode = oneOf('timeout failure mode', 'terminate abort kill');
const oomPolicy = oneOf('OOM policy', 'continue stop kill');
/** A relative path is below /run; the kernel's own directories hold no such file. */
const pidFile = scalar('PID file', 'reset', (value, { expand }) => {
  const expanded = expand(value);
  if (expanded === undefined) return undefined;
  const absolute = expanded.startsWith('/') ? expanded : `/run/${expanded}`;
  return isAbsolutePath(absolute) && !isBelowApiDirectory(simplifyPath(absolute))
    ? simplifyPath(absolute).replace(/^\/var\/run\//, '/run/')
    : undefined;
});
const busName = scalar('bus name', 'refuse', (value, { expand }) => {
  const name = expand(value);
  return name !== undefined &&
    name.length <= 255 &&
    /^(?::[\w-]+(\.[\w-]+)+|[A-Za-z_-][\w-]*(\.[A-Za-z_-][\w-]*)+)$/.test(name)
    ? name
    : undefined;
});

export const serviceDirectives: readonly DirectiveRow[] = [
  directive('Type', oneOf('service type', 'simple exec forking oneshot dbus notify notify-reload idle')),
  directive('ExitType', oneOf('service exit type', 'main cgroup'), { since: 250 }),
  directive(
    'Restart',
    oneOf('service restart specifier', 'no on-success on-failure on-abnormal on-watchdog on-abort always'),
  ),
  directive('RestartMode', oneOf('service restart mode', 'normal direct'), { since: 254 }),
  directive('PIDFile', pidFile),
  ...directives(commands, 'ExecCondition ExecStartPre ExecStart ExecReload ExecStartPost ExecStop ExecStopPost'),
  directive('RestartSec', seconds),
  directive('RestartSteps', unsigned, { since: 254 }),
  directive('RestartMaxDelaySec', seconds, { since: 254 }),
  directive('TimeoutSec', secondsZeroInfinity, { target: 'Service.TimeoutStartSec', also: 'Service.TimeoutStopSec' }),
  directive('TimeoutStartSec', secondsZeroInfinity),
  directive('TimeoutStopSec', secondsZeroInfinity),
  directive(
    'TimeoutAbortSec',
    scalar('time value', 'reset', (value) => parseTimeSpan(value)),
  ),
  ...directives(failureMode, 'TimeoutStartFailureMode TimeoutStopFailureMode'),
  directive('RuntimeMaxSec', seconds),
  directive('RuntimeRandomizedExtraSec', seconds, { since: 250 }),
  directive('WatchdogSec', seconds),
  directive('StartLimitInterval', seconds, { target: 'Unit.StartLimitIntervalSec' }),
  directive('StartLimitBurst', unsigned, { target: 'Unit.StartLimitBurst' }),
  directive('StartLimitAction', emergencyAction, { target: 'Unit.StartLimitAction' }),
  directive('FailureAction', emergencyAction, { target: 'Unit.FailureAction' }),
  directive('RebootArgument', text, { target: 'Unit.RebootArgument' }),
  ...directives(boolean, 'PermissionsStartOnly RootDirectoryStartOnly RemainAfterExit GuessMainPID NonBlocking'),
  ...directives(exitStatuses, 'RestartPreventExitStatus RestartForceExitStatus SuccessExitStatus'),
  ...directives(withoutEffect, 'SysVStartPriority BusPolicy'),
  directive('BusName', busName),
  directive('FileDescriptorStoreMax', unsigned),
  directive('FileDescriptorStorePreserve', oneOf('preserve mode', 'no yes restart', { booleans: ['no', 'yes'] }), {
    since: 254,
  }),
  directive('NotifyAccess', oneOf('notify access specifier', 'none main exec all')),
  directive('Sockets', socketNames),
  ...directives(path(), 'USBFunctionDescriptors USBFunctionStrings'),
  directive('OOMPolicy', oomPolicy),
  directive('OpenFile', openedFiles, { since: 253 }),
  directive('ReloadSignal', signal, { since: 253 }),
];

export const scopeDirectives: readonly DirectiveRow[] = [
  directive('RuntimeMaxSec', seconds),
  directive('RuntimeRandomizedExtraSec', seconds, { since: 250 }),
  directive('TimeoutStopSec', seconds),
  directive('OOMPolicy', oomPolicy),
];
