/** What a portrait says of temporary files: a machine's own id makes no difference. */
import { expect, it } from 'vitest';
import { tmpfilesConcern } from '../../../src/diff/portrait/concerns/tmpfiles.ts';
import { FactStore } from '../../../src/facts/fact-store.ts';
import { MemoryFileSystem } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { RootView } from '../../../src/root/root-view.ts';

const lines =
  'd /srv/data 0750 root root -\nz+ /var/log/journal/%m 2755 root root - -\nx /tmp/%b-*\nd /var/50%%m 0755 - - -\n';

function recordsOf(machineId: string) {
  const tree = {
    '/etc/machine-id': machineId,
    '/etc/passwd': 'root:x:0:0:::\n',
    '/etc/group': 'root:x:0:\n',
    '/usr/lib/tmpfiles.d/a.conf': lines,
  };
  const view = new RootView([{ path: '/', fileSystem: new MemoryFileSystem(tree) }], defaultLimits);
  const facts = new FactStore(view, { label: 'image', sideFiles: [] });
  const records = tmpfilesConcern.describe({ get: (fact, key) => facts.get(fact, key).value });
  if ('absent' in records) throw new Error(records.absent);
  return records;
}

it('tells lines with the id as they are written, and those only the machine can complete', () => {
  const records = recordsOf('0123456789abcdef0123456789abcdef\n');
  expect(records.map(({ key }) => key).toSorted()).toEqual([
    'd /srv/data',
    'd /var/50%m',
    'x /tmp/%b-*',
    'z /var/log/journal/%m',
  ]);
  const byKey = (list: typeof records) => Object.fromEntries(list.map((record) => [record.key, record]));
  expect(byKey(records)).toEqual(byKey(recordsOf('uninitialized\n')));
  expect(byKey(records)['z /var/log/journal/%m']?.fields).toMatchObject({
    modifiers: { values: ['+'] },
    line: { values: ['2755 root root - -'] },
  });
});
