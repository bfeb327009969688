/** [Unit] and [Install]. systemd.unit(5); rows as in load-fragment-gperf of systemd 257. */

import { parseIntegerWithin } from '../values/integer.ts';
import { type DirectiveRow, directive, directives, type Kind, type Outcome } from './directive.ts';
import { unitNames, unreadWords } from './list-kinds.ts';
import {
  boolean,
  oneOf,
  path,
  scalar,
  seconds,
  secondsZeroInfinity,
  text,
  unsigned,
  withoutEffect,
} from './scalar-kinds.ts';
import { condition, documentation, emergencyAction, isolateFlag, mountsFor } from './unit-kinds.ts';

/** Not read by the manager: nobody complains. */
const unreadText: Kind = {
  accumulates: false,
  apply: (_current, value, { expand }): Outcome => {
    const text = expand(value);
    return value === ''
      ? { effect: 'reset' }
      : text === undefined
        ? { effect: 'ignore' }
        : { effect: 'set', value: text };
  },
};

const jobMode = oneOf(
  'job mode',
  'fail replace replace-irreversibly isolate flush ignore-dependencies ignore-requirements triggering restart-dependencies',
);
const exitStatus = scalar('exit status', 'reset', (value) => parseIntegerWithin(value, 0n, 255n));

const pathConditions =
  'PathExists PathExistsGlob PathIsDirectory PathIsSymbolicLink PathIsMountPoint PathIsReadWrite DirectoryNotEmpty FileNotEmpty FileIsExecutable NeedsUpdate';
const textConditions =
  'FirstBoot Architecture Virtualization Host KernelCommandLine KernelVersion Security Capability ACPower Memory CPUs Environment User Group ControlGroupController';

/** Names of the tests that Condition…= and Assert…= share, with the version they came with. */
const tests: readonly (readonly [name: string, parameter: 'path' | 'text', since: number])[] = [
  ...pathConditions.split(' ').map((name) => [name, 'path', 0] as const),
  ...textConditions.split(' ').map((name) => [name, 'text', 0] as const),
  ['PathIsEncrypted', 'path', 246],
  ['CPUFeature', 'text', 248],
  ['OSRelease', 'text', 249],
  ['MemoryPressure', 'text', 250],
  ['CPUPressure', 'text', 250],
  ['IOPressure', 'text', 250],
  ['Credential', 'text', 252],
];

export const unitDirectives: readonly DirectiveRow[] = [
  directive('Description', text),
  directive('Documentation', documentation),
  directive('SourcePath', path()),
  ...directives(unitNames, 'Requires Requisite Wants BindsTo Conflicts Before After OnFailure PropagatesReloadTo'),
  ...directives(unitNames, 'ReloadPropagatedFrom PartOf JoinsNamespaceOf'),
  ...directives(unitNames, 'Upholds OnSuccess PropagatesStopTo StopPropagatedFrom', { since: 249 }),
  directive('BindTo', unitNames, { target: 'Unit.BindsTo' }),
  directive('PropagateReloadTo', unitNames, { target: 'Unit.PropagatesReloadTo' }),
  directive('PropagateReloadFrom', unitNames, { target: 'Unit.ReloadPropagatedFrom' }),
  directive('RequiresOverridable', unitNames, { target: 'Unit.Requires' }),
  directive('RequisiteOverridable', unitNames, { target: 'Unit.Requisite' }),
  directive('RequiresMountsFor', mountsFor),
  directive('WantsMountsFor', mountsFor, { since: 256 }),
  ...directives(
    boolean,
    'StopWhenUnneeded RefuseManualStart RefuseManualStop AllowIsolate DefaultDependencies IgnoreOnIsolate',
  ),
  directive('SurviveFinalKillSignal', boolean, { since: 255 }),
  directive('OnSuccessJobMode', jobMode, { since: 249 }),
  directive('OnFailureJobMode', jobMode),
  directive('OnFailureIsolate', isolateFlag, { target: 'Unit.OnFailureJobMode' }),
  directive('IgnoreOnSnapshot', withoutEffect),
  ...directives(secondsZeroInfinity, 'JobTimeoutSec JobRunningTimeoutSec'),
  ...directives(emergencyAction, 'JobTimeoutAction StartLimitAction FailureAction SuccessAction'),
  ...directives(text, 'JobTimeoutRebootArgument RebootArgument'),
  directive('StartLimitIntervalSec', seconds),
  directive('StartLimitInterval', seconds, { target: 'Unit.StartLimitIntervalSec' }),
  directive('StartLimitBurst', unsigned),
  ...directives(exitStatus, 'FailureActionExitStatus SuccessActionExitStatus'),
  ...tests.flatMap(([name, parameter, since]) => [
    directive(`Condition${name}`, condition(parameter), { since }),
    directive(`Assert${name}`, condition(parameter), { since }),
  ]),
  directive('ConditionFirmware', condition('text'), { since: 249 }),
  directive('CollectMode', oneOf('garbage collection mode', 'inactive inactive-or-failed')),
];

export const installDirectives: readonly DirectiveRow[] = [
  ...directives(unreadWords, 'Alias WantedBy RequiredBy Also'),
  directive('UpheldBy', unreadWords, { since: 254 }),
  directive('DefaultInstance', unreadText),
];
