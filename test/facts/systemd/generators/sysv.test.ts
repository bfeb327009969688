/** The services of init scripts, as systemd-sysv-generator of Debian 13 wrote them (test/fixtures/systemd/sysv/make.sh). */
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ImageError } from '../../../../src/errors.ts';
import { runGenerators } from '../../../../src/facts/systemd/generators/run-generators.ts';
import { generateForScripts } from '../../../../src/facts/systemd/generators/sysv.ts';
import { resolveStartup } from '../../../../src/facts/systemd/startup.ts';
import { UnitSet } from '../../../../src/facts/systemd/unit-set.ts';
import { MemoryFileSystem, type MemoryTree } from '../../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../../src/limits.ts';
import { RootView } from '../../../../src/root/root-view.ts';

const fixture = join(import.meta.dirname, '../../../fixtures/systemd/sysv');
const generator = '/usr/lib/systemd/system-generators/systemd-sysv-generator';
const program = { text: 'a program\n', mode: 0o755 };

function readTree(folder: string, tree: Record<string, MemoryTree[string]> = {}): MemoryTree {
  for (const name of readdirSync(join(fixture, folder))) {
    const path = `${folder}/${name}`;
    const host = join(fixture, path);
    const stat = lstatSync(host);
    if (stat.isDirectory()) readTree(path, tree);
    else if (stat.isSymbolicLink()) tree[path] = { link: readlinkSync(host) };
    else tree[path] = { text: readFileSync(host, 'latin1'), mode: stat.mode & 0o777 };
  }
  return tree;
}

const view = (tree: MemoryTree): RootView =>
  new RootView([{ path: '/', fileSystem: new MemoryFileSystem(tree) }], defaultLimits);

const scripts = readTree('/etc');
const [links = '', ...files] = readFileSync(join(fixture, 'generated.txt'), 'utf8').split('=== ');
const generated = generateForScripts(view({ ...scripts, [generator]: program }));

test.each(files.map((file) => [file.slice(0, file.indexOf('\n')), file.slice(file.indexOf('\n'))] as const))(
  '%s',
  (name, text) => {
    // The order of the services is that of a hash table, so that of the lines about them is, too.
    const lines = (content: string | undefined): readonly string[] =>
      (content ?? '')
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'))
        .sort();
    expect(lines(generated.units.find((unit) => unit.name === name)?.text)).toEqual(lines(text));
  },
);

test('the same services, links and aliases', () => {
  expect(generated.units.map(({ name }) => name).sort()).toEqual(
    files.map((file) => file.slice(0, file.indexOf('\n'))).sort(),
  );
  const wanted = generated.links.map(({ from, to }) => `${from}.wants/${to} -> ../${to}`);
  // Two scripts are old-alias: whichever is met last has the name.
  const aliases = new Map(generated.aliases?.map(({ name, to }) => [name, `${name} -> ${to}`]));
  expect([...wanted, ...aliases.values()].map((line) => line.replace('linked', 'oldd')).sort()).toEqual(
    links
      .trim()
      .split('\n')
      .map((line) => line.replace('linked', 'oldd'))
      .sort(),
  );
});

const boot: MemoryTree = {
  [generator]: program,
  '/etc/init.d/agent': { text: '#!/bin/sh\n', mode: 0o755 },
  '/etc/rc2.d/S01agent': { link: '../init.d/agent' },
  '/etc/rc.local': { link: '/gone/rc.local' },
  '/etc/machine-id': '0123456789abcdef0123456789abcdef\n',
  '/usr/lib/systemd/system/default.target': '[Unit]\nRequires=multi-user.target\n',
  '/usr/lib/systemd/system/multi-user.target': '[Unit]\n',
};

test('a script of a run level starts at boot', () => {
  const start = resolveStartup(new UnitSet(view(boot))).value.units['agent.service'];
  expect(start?.state).toBe('boot');
  expect(start?.because.at(-1)?.location.path).toBe('/etc/rc2.d/S01agent');
});

test.each([
  ['without the generator', { [generator]: { link: '/nowhere' } }],
  ['with a masked generator', { '/etc/systemd/system-generators/systemd-sysv-generator': { link: '/dev/null' } }],
  ['that is not executable', { '/etc/init.d/agent': '#!/bin/sh\n' }],
  ['that is masked', { '/etc/systemd/system/agent.service': { link: '/dev/null' } }],
])('not %s', (_why, more) => {
  const start = resolveStartup(new UnitSet(view({ ...boot, ...more }))).value.units['agent.service'];
  expect(start?.state ?? 'masked').toBe('masked');
});

test.each([
  ['/etc/init.d', { directory: true }],
  ['/etc/init.d/agent', program],
  ['/etc/rc2.d', { directory: true }],
  ['/gone', { directory: true }],
])('what cannot be read of %s is a gap', (path, entry) => {
  const error = new ImageError('corrupt', 'ext4/bad-checksum', 'damaged');
  const kept = Object.entries(boot).filter(([name]) => !name.startsWith(`${path}/`));
  const { gaps } = runGenerators(view({ ...Object.fromEntries(kept), [path]: { ...entry, error } }));
  expect(gaps.map(({ cause }) => cause.code)).toEqual(['ext4/bad-checksum']);
});
