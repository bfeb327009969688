/** What systemctl said (and did to /etc) about trees, against our pure functions. */
import { expect, test } from 'vitest';
import { findDefaultTarget } from '../../src/facts/systemd/default-target.ts';
import { findEnablement } from '../../src/facts/systemd/enablement.ts';
import { changesOfPresets, linksOfEnabling, presetCandidates } from '../../src/facts/systemd/install-changes.ts';
import { listUnitFiles } from '../../src/facts/systemd/list-unit-files.ts';
import { SystemdVersion } from '../../src/facts/systemd/systemd-version.ts';
import { UnitSet } from '../../src/facts/systemd/unit-set.ts';
import { casesOfKind, viewOf } from './load-cases.ts';

const stubs = ['sysinit', 'basic', 'shutdown', 'multi-user', 'graphical', 'umount', 'sockets', 'timers', 'local-fs'];
const base = {
  '/lib': { link: 'usr/lib' },
  ...Object.fromEntries(
    stubs.map((name) => [`/usr/lib/systemd/system/${name}.target`, `[Unit]\nDescription=${name}\n`]),
  ),
};
const enabledStates = ['enabled', 'enabled-runtime', 'static', 'alias', 'indirect', 'generated'];

function run(set: UnitSet, [command, ...args]: readonly string[]): unknown {
  const [name = ''] = args;
  switch (command) {
    case 'is-enabled': {
      const { state } = findEnablement(set, name);
      return { exit: enabledStates.includes(state) ? 0 : 1, stdout: state === 'not-found' ? [] : [state] };
    }
    case 'get-default': {
      const target = findDefaultTarget(set);
      return target ? { exit: 0, stdout: [target.unit] } : { exit: 1, stdout: [] };
    }
    case 'list-unit-files': {
      const rows = listUnitFiles(set).filter((row) => row.name.endsWith('.service'));
      const width = (texts: readonly string[]): number => Math.max(...texts.map((text) => text.length));
      const names = width(rows.map((row) => row.name));
      const states = width(rows.map((row) => row.state));
      const stdout = rows.map((row) => `${row.name.padEnd(names)} ${row.state.padEnd(states)} ${row.preset ?? '-'}`);
      return { exit: 0, stdout };
    }
    case 'enable':
      return { exit: 0, links_made: Object.fromEntries(linksOfEnabling(set, [name])), links_removed: [] };
    default: {
      const names = command === 'preset-all' ? presetCandidates(set) : [name];
      const { made, removed } = changesOfPresets(set, names);
      return { exit: 0, links_made: Object.fromEntries(made), links_removed: [...removed] };
    }
  }
}

test.each(casesOfKind('systemctl').map((each) => [each.id, each] as const))('%s', (_id, recorded) => {
  const set = new UnitSet(viewOf(recorded, base), { version: new SystemdVersion(252) });
  expect(run(set, recorded.question.argv as readonly string[])).toEqual(recorded.expected);
});
