/**
 * How the values of unit directives compare, and what systemd takes when nobody sets them (systemd.service(5),
 * systemd.exec(5), systemd.resource-control(5)). A directive without a row compares as text and has no default.
 */
import { delegatedControllers } from '../../facts/systemd/directives/resource-kinds.ts';
import type { UnitFact } from '../../facts/systemd/unit-fact.ts';
import { type Domain, domains } from '../matchers/domain.ts';

interface DirectiveRow {
  readonly domain: Domain;
  readonly default?: string;
  /** What the assignments come to, where that is neither the last one nor all of them joined by blanks. */
  readonly effective?: (unit: UnitFact) => string | undefined;
}

const { text, boolean, tasks, limit, size } = domains;
const span = domains['time span'];

const rows: Readonly<Record<string, DirectiveRow>> = {
  'Unit.DefaultDependencies': { domain: boolean, default: 'yes' },
  'Service.Type': { domain: text, default: 'simple' },
  'Service.KillMode': { domain: text, default: 'control-group' },
  'Service.Restart': { domain: text, default: 'no' },
  'Service.RestartSec': { domain: span, default: '100ms' },
  'Service.TimeoutStartSec': { domain: span, default: '90s' },
  'Service.TimeoutStopSec': { domain: span, default: '90s' },
  'Service.WatchdogSec': { domain: span, default: '0' },
  'Service.Delegate': { domain: boolean, default: 'no', effective: delegation },
  'Service.RemainAfterExit': { domain: boolean, default: 'no' },
  'Service.PrivateTmp': { domain: boolean, default: 'no' },
  'Service.PrivateDevices': { domain: boolean, default: 'no' },
  'Service.PrivateNetwork': { domain: boolean, default: 'no' },
  'Service.NoNewPrivileges': { domain: boolean, default: 'no' },
  'Service.ProtectSystem': { domain: text, default: 'no' },
  'Service.MemoryMax': { domain: size, default: 'infinity' },
  'Service.TasksMax': { domain: tasks },
};

export function directiveRow(name: string): DirectiveRow {
  const row = rows[name];
  if (row) return row;
  return /^[A-Z][a-z]+\.(?:Default)?Limit[A-Z]+$/.test(name) ? { domain: limit } : { domain: text };
}

/** Lists of controllers add up: `yes` is all of them, and so is every list that names them all. */
function delegation({ properties }: UnitFact): string | undefined {
  const controllers = properties.DelegateControllers?.split(' ') ?? [];
  if (properties.Delegate !== 'yes') return properties.Delegate;
  return delegatedControllers.every((one) => controllers.includes(one)) ? 'yes' : controllers.join(' ');
}
