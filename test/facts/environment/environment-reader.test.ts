// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the syntax under test
/** The fact `environment`; values as 30-systemd-environment-d-generator of systemd 257 prints them. */
import { expect, test } from 'vitest';
import { FactStore } from '../../../src/facts/fact-store.ts';
import { MemoryFileSystem } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { RootView } from '../../../src/root/root-view.ts';

test('names the line of each variable, what it beats, masks and bad lines', () => {
  const fileSystem = new MemoryFileSystem({
    '/usr/lib/environment.d/10-a.conf': 'EDITOR=vi\nPATH=/opt/bin\n1BAD=x\n',
    '/usr/lib/environment.d/20-b.conf': 'GONE=1\n',
    '/etc/environment.d/20-b.conf': { link: '/dev/null' },
    '/etc/environment.d/30-c.conf': '# own\nEDITOR=nano\nPATH=${PATH}:/srv/bin\n',
  });
  const view = new RootView([{ path: '/', fileSystem }], defaultLimits);
  const { value, gaps } = new FactStore(view, { label: 'node', sideFiles: [] }).get('environment');
  expect(gaps).toEqual([]);
  const place = (location: { readonly path?: string; readonly line?: number }) => `${location.path}:${location.line}`;
  expect(
    Object.entries(value.variables).map(([name, variable]) => [
      name,
      variable.value,
      place(variable.location),
      variable.beats.map((beaten) => [beaten.value, place(beaten.location)]),
    ]),
  ).toEqual([
    ['EDITOR', 'nano', '/etc/environment.d/30-c.conf:2', [['vi', '/usr/lib/environment.d/10-a.conf:1']]],
    [
      'PATH',
      '/opt/bin:/srv/bin',
      '/etc/environment.d/30-c.conf:3',
      [['/opt/bin', '/usr/lib/environment.d/10-a.conf:2']],
    ],
  ]);
  expect(value.masked.map(({ file, by }) => [file.path, by.path])).toEqual([
    ['/usr/lib/environment.d/20-b.conf', '/etc/environment.d/20-b.conf'],
  ]);
  expect(value.problems.map(({ location }) => place(location))).toEqual(['/usr/lib/environment.d/10-a.conf:3']);
});
