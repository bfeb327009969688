/** [Mount], [Automount], [Swap], [Timer] and [Path] without what they share with other units, version 257. */
import { parseIntegerWithin } from '../values/integer.ts';
import { type DirectiveRow, directive, directives } from './directive.ts';
import { boolean, mode, path, scalar, seconds, secondsZeroInfinity, text, unsigned } from './scalar-kinds.ts';
import { elapse, triggeredUnit, watch } from './unit-kinds.ts';

export const mountDirectives: readonly DirectiveRow[] = [
  ...directives(text, 'What Options Type'),
  directive('Where', path()),
  directive('TimeoutSec', secondsZeroInfinity),
  directive('DirectoryMode', mode),
  ...directives(boolean, 'SloppyOptions LazyUnmount ForceUnmount'),
  directive('ReadWriteOnly', boolean, { since: 246 }),
  directive('GracefulOptions', text, { since: 258 }),
];

export const automountDirectives: readonly DirectiveRow[] = [
  directive('Where', path()),
  directive('ExtraOptions', text, { since: 250 }),
  directive('DirectoryMode', mode),
  directive('TimeoutIdleSec', secondsZeroInfinity),
];

/** An empty one changes nothing. */
const swapPriority = scalar('swap priority', 'reset', (value) => parseIntegerWithin(value, -1n, 32_767n));

export const swapDirectives: readonly DirectiveRow[] = [
  ...directives(text, 'What Options'),
  directive('Priority', swapPriority),
  directive('TimeoutSec', secondsZeroInfinity),
];

const elapseRows = [
  'OnActiveSec',
  'OnBootSec',
  'OnStartupSec',
  'OnUnitActiveSec',
  'OnUnitInactiveSec',
  'OnCalendar',
].map((key) => directive(key, elapse(key), { target: 'Timer.Elapse' }));

export const timerDirectives: readonly DirectiveRow[] = [
  ...elapseRows,
  ...directives(boolean, 'OnClockChange OnTimezoneChange Persistent WakeSystem RemainAfterElapse'),
  directive('FixedRandomDelay', boolean, { since: 247 }),
  directive('DeferReactivation', boolean, { since: 257 }),
  ...directives(seconds, 'AccuracySec RandomizedDelaySec'),
  directive('Unit', triggeredUnit()),
];

const watchRows = ['PathExists', 'PathExistsGlob', 'PathChanged', 'PathModified', 'DirectoryNotEmpty'].map((key) =>
  directive(key, watch(key), { target: 'Path.Watch' }),
);

export const pathDirectives: readonly DirectiveRow[] = [
  ...watchRows,
  directive('Unit', triggeredUnit()),
  directive('MakeDirectory', boolean),
  directive('DirectoryMode', mode),
  directive('TriggerLimitIntervalSec', seconds, { since: 250 }),
  directive('TriggerLimitBurst', unsigned, { since: 250 }),
];
