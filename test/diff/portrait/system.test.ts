/** What a portrait says of the system: what its manager was told, too. */
import { expect, it } from 'vitest';
import { systemConcern } from '../../../src/diff/portrait/concerns/system.ts';
import { FactStore } from '../../../src/facts/fact-store.ts';
import { MemoryFileSystem } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { RootView } from '../../../src/root/root-view.ts';

it('tells the assignments of system.conf that count', () => {
  const tree = {
    '/etc/os-release': 'ID=debian\n',
    '/etc/systemd/system.conf':
      '[Manager]\n#LogLevel=info\nDefaultTimeoutStopSec=90s\nDefaultEnvironment=A=1\nLogTarget=kmsg\n',
    '/etc/systemd/system.conf.d/a.conf': '[Manager]\nDefaultTimeoutStopSec=10s\nDefaultEnvironment=B=2\nLogTarget=\n',
  };
  const view = new RootView([{ path: '/', fileSystem: new MemoryFileSystem(tree) }], defaultLimits);
  const facts = new FactStore(view, { label: 'image', sideFiles: [] });
  const records = systemConcern.describe({ get: (fact, key) => facts.get(fact, key).value });
  if ('absent' in records) throw new Error(records.absent);
  const said = records.flatMap(({ key, fields }) =>
    key.startsWith('system.conf ') ? [[key.slice(12), fields.value?.values, fields.value?.at?.path]] : [],
  );
  expect(said).toEqual([
    ['DefaultTimeoutStopSec', ['10s'], '/etc/systemd/system.conf.d/a.conf'],
    ['DefaultEnvironment', ['A=1', 'B=2'], '/etc/systemd/system.conf.d/a.conf'],
  ]);
});
