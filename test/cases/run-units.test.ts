/** What systemd itself said about units it loaded (`systemd --test`), against what we say about the same files. */
import { expect, test } from 'vitest';
import { LoadedUnit } from '../../src/facts/systemd/loaded-unit.ts';
import { showUnit } from '../../src/facts/systemd/properties/show-unit.ts';
import { SystemdVersion } from '../../src/facts/systemd/systemd-version.ts';
import { UnitSet } from '../../src/facts/systemd/unit-set.ts';
import { formatSignal } from '../../src/facts/systemd/values/signal.ts';
import { formatWord } from '../../src/facts/systemd/values/words.ts';
import type { Table } from '../../src/table.ts';
import { casesOfKind, viewOf } from './load-cases.ts';

const stubs = ['sysinit', 'basic', 'shutdown', 'multi-user', 'graphical', 'umount', 'sockets', 'timers', 'local-fs'];
const base = {
  '/lib': { link: 'usr/lib' },
  ...Object.fromEntries(
    stubs.map((name) => [`/usr/lib/systemd/system/${name}.target`, `[Unit]\nDescription=${name}\n`]),
  ),
};

/** systemd prints the largest number where systemctl prints `infinity`. */
const unlimited = '18446744073709551615';
const managerDefault = "(the manager's default)";

type Answer = string | readonly string[] | null;

/** The fields of the dump in terms of our facts; fields not named here are properties of the same name. */
const fields: Readonly<Record<string, (unit: LoadedUnit, properties: Table<string>) => Answer>> = {
  'Unit Load State': (unit) => unit.loadState,
  'Fragment Path': (unit) => unit.fragmentPath ?? null,
  'DropIn Path': (unit) => unit.dropInPaths,
  Alias: (unit) => unit.names.slice(1),
  Type: (unit, properties) => (unit.loadState === 'loaded' ? (properties.Type ?? null) : null),
  ExecStart: (unit) => unit.commands('Service.ExecStart').map(({ argv }) => argv.map(formatWord).join(' ')),
  ExecStartPre: (unit) => unit.commands('Service.ExecStartPre').map(({ argv }) => argv.map(formatWord).join(' ')),
  MemoryMax: (_unit, { MemoryMax }) => (MemoryMax === 'infinity' ? unlimited : (MemoryMax ?? null)),
  LimitNOFILE: (unit) => unit.limit('Service.LimitNOFILE')?.hard.toString() ?? managerDefault,
  LimitNOFILESoft: (unit) => unit.limit('Service.LimitNOFILE')?.soft.toString() ?? managerDefault,
  KillSignal: (_unit, { KillSignal }) => formatSignal(Number(KillSignal)),
  CPUQuotaPerSecSec: (_unit, { CPUQuotaPerSecUSec }) => CPUQuotaPerSecUSec ?? null,
  TimeoutStopSec: (_unit, { TimeoutStopUSec }) => TimeoutStopUSec ?? null,
  RuntimeMaxSec: (_unit, { RuntimeMaxUSec }) => RuntimeMaxUSec ?? null,
  Nice: (unit) => unit.number('Service.Nice')?.toString() ?? null,
  Environment: (unit) => unit.list('Service.Environment'),
  EnvironmentFile: (unit) => unit.list('Service.EnvironmentFile'),
  ReadWritePaths: (unit) => unit.list('Service.ReadWritePaths'),
  CapabilityBoundingSet: (_unit, { CapabilityBoundingSet }) => CapabilityBoundingSet ?? '',
  Wants: (unit) => [...unit.list('Unit.Wants'), ...unit.links.Wants.map((link) => link.unit)].sort(),
  Requires: (unit) => [...unit.list('Unit.Requires'), ...unit.links.Requires.map((link) => link.unit)].sort(),
  Upholds: (unit) => [...unit.list('Unit.Upholds'), ...unit.links.Upholds.map((link) => link.unit)].sort(),
  BindsTo: (unit) => unit.list('Unit.BindsTo'),
  After: (unit) => [...unit.list('Unit.After')].sort(),
  ListenStream: (unit) => unit.list('Socket.Listen').map((item) => item.replace(/ \(.*/, '')),
  OnCalendar: (unit) => unit.list('Timer.Elapse')[0]?.slice('OnCalendar='.length) ?? null,
  'File System Type': (_unit, { Type }) => Type ?? null,
};

test.each(casesOfKind('unit').map((each) => [each.id, each] as const))('%s', (_id, recorded) => {
  const { unit: name, fields: asked } = recorded.question as unknown as { unit: string; fields: readonly string[] };
  const set = new UnitSet(viewOf(recorded, base), { version: new SystemdVersion(252) });
  const unit = set.load(name);
  if (!(unit instanceof LoadedUnit)) throw new Error(`${name} is no unit name`);
  const properties = showUnit(unit, set.manager);
  const answer = Object.fromEntries(
    asked.map((field) => {
      const own = fields[field];
      return [field, own ? own(unit, properties) : (properties[field] ?? null)];
    }),
  );
  expect(answer).toEqual(recorded.expected);
});
