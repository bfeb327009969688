import { expect, it } from 'vitest';
import { FactStore } from '../../../src/facts/fact-store.ts';
import { MemoryFileSystem, type MemoryTree } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { RootView } from '../../../src/root/root-view.ts';

const units = '/usr/lib/systemd/system';
const target = `${units}/multi-user.target`;

/** Programs of units that multi-user.target pulls in: `unit directive path` and what else is told. */
function programs(tree: MemoryTree, wanted: readonly string[]) {
  const root: MemoryTree = {
    [`${units}/default.target`]: { link: 'multi-user.target' },
    [target]: `[Unit]\nDefaultDependencies=no\nWants=${wanted.join(' ')}\n`,
    '/etc/machine-id': 'a'.repeat(32),
    '/usr/bin/found': 'x',
    ...tree,
  };
  const view = new RootView([{ path: '/', fileSystem: new MemoryFileSystem(root) }], defaultLimits);
  const { value } = new FactStore(view, { label: 'image', sideFiles: [] }).get('boot-programs');
  return value.programs;
}

const service = (...lines: readonly string[]) =>
  `[Unit]\nDefaultDependencies=no\n[Service]\n${lines.map((line) => `${line}\n`).join('')}`;
const brief = (all: ReturnType<typeof programs>) =>
  all.map(({ unit, directive, path }) => `${unit} ${directive} ${path}`);

it('are the commands that run while a unit starts, each with its line', () => {
  const all = programs(
    {
      [`${units}/a.service`]: service(
        'Type=oneshot',
        'ExecCondition=/c',
        'ExecStartPre=-/p %n',
        'ExecStart=/one ; /two',
        'ExecStart=@/three name',
        'ExecStartPost=+/post',
        'ExecStop=/stop',
        'ExecReload=/reload',
      ),
    },
    ['a.service'],
  );
  expect(brief(all)).toEqual([
    'a.service ExecCondition /c',
    'a.service ExecStartPre /p',
    'a.service ExecStart /one',
    'a.service ExecStart /two',
    'a.service ExecStart /three',
    'a.service ExecStartPost /post',
  ]);
  expect(all.map(({ mayFail }) => mayFail)).toEqual([false, true, false, false, false, false]);
  expect(all[0]?.location).toEqual({ source: 'memory', path: `${units}/a.service`, line: 5 });
});

it('are not those of units that do not start, that a condition stops, or that have a root of their own', () => {
  const exec = 'ExecStart=/x';
  const all = programs(
    {
      [`${units}/idle.service`]: service(exec),
      [`${units}/stopped.service`]: `[Unit]\nConditionPathExists=!/usr/bin/found\n${service(exec)}`,
      [`${units}/own-root.service`]: service('RootDirectory=/srv/root', exec),
      [`${units}/on-demand.service`]: service(exec),
      [`${units}/on-demand.socket`]:
        '[Unit]\nDefaultDependencies=no\n[Socket]\nListenStream=/run/s\nExecStartPre=/prepare\n',
    },
    ['stopped.service', 'own-root.service', 'on-demand.socket'],
  );
  expect(brief(all)).toEqual(['on-demand.socket ExecStartPre /prepare']);
});

it('a bare name is looked for, and LD_LIBRARY_PATH comes from Environment=', () => {
  const all = programs(
    {
      [`${units}/a.service`]: service(
        'Environment=A=1 LD_LIBRARY_PATH=/opt/old',
        'Environment="LD_LIBRARY_PATH=/opt/lib:/opt/lib64"',
        'ExecStart=found',
      ),
      [`${units}/b.service`]: service('ExecSearchPath=/opt/bin', 'ExecStart=own'),
      [`${units}/c.service`]: service('ExecStart=nowhere'),
      '/opt/bin/own': 'x',
    },
    ['a.service', 'b.service', 'c.service'],
  );
  expect(brief(all)).toEqual([
    'a.service ExecStart /usr/bin/found',
    'b.service ExecStart /opt/bin/own',
    'c.service ExecStart nowhere',
  ]);
  expect(all.map(({ libraryPath }) => libraryPath)).toEqual(['/opt/lib:/opt/lib64', undefined, undefined]);
});
