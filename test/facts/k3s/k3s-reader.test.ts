// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is systemd's syntax here
import { describe, expect, it } from 'vitest';
import { ImageError } from '../../../src/errors.ts';
import type { FactContext, FactResult } from '../../../src/facts/fact.ts';
import type { FactTypes } from '../../../src/facts/fact-types.ts';
import type { K3sFact } from '../../../src/facts/k3s/k3s-fact.ts';
import { k3sReader } from '../../../src/facts/k3s/k3s-reader.ts';
import type { Directive, UnitFact } from '../../../src/facts/systemd/unit-fact.ts';
import { MemoryFileSystem, type MemoryTree } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { RootView } from '../../../src/root/root-view.ts';
import { createTable } from '../../../src/table.ts';

interface Machine {
  readonly packages?: readonly string[];
  /** Lines of the [Service] section by unit, `Key=value`. */
  readonly units?: Readonly<Record<string, readonly string[]>>;
  readonly starting?: readonly string[];
  readonly version?: string;
  readonly files?: MemoryTree;
}

const known = <T>(value: T): FactResult<T> => ({ value, diagnostics: [], gaps: [] });

function unitOf(name: string, lines: readonly string[] | undefined): UnitFact {
  const directives = createTable<Directive>();
  const path = `/usr/lib/systemd/system/${name}`;
  for (const [index, line] of (lines ?? []).entries()) {
    const equals = line.indexOf('=');
    const key = line.slice(0, equals);
    const assignment = { value: line.slice(equals + 1), location: { source: 'memory', path, line: index + 1 } };
    const id = `Service.${key}`;
    directives[id] = { section: 'Service', key, values: [...(directives[id]?.values ?? []), assignment], beats: [] };
  }
  const rest = { dropInPaths: [], aliases: [], unitFileState: 'enabled', properties: createTable<string>() } as const;
  const loadState = lines ? 'loaded' : 'not-found';
  return { name, id: name, loadState, fragment: { source: 'memory', path }, directives, problems: [], ...rest };
}

async function read({
  packages = [],
  units = {},
  starting,
  version,
  files = {},
}: Machine): Promise<FactResult<K3sFact>> {
  const view = new RootView([{ path: '/', fileSystem: new MemoryFileSystem(files) }], defaultLimits);
  const location = { source: 'memory' };
  const shared = new Map<string, unknown>();
  const facts: { [K in 'packages' | 'unit' | 'startup' | 'binary']: (key: string) => FactResult<FactTypes[K]> } = {
    packages: () => {
      const status = 'install ok installed';
      const list = packages.map((name) => ({ name, version: '1', architecture: 'amd64', status, location }));
      return known({ database: 'dpkg', packages: list, beside: [] });
    },
    unit: (name) => known(unitOf(name, units[name])),
    startup: () => {
      const names = starting ?? Object.keys(units);
      return known({ units: createTable(names.map((unit) => [unit, { unit, state: 'boot', because: [] }] as const)) });
    },
    binary: (path) => {
      const k3sVersion =
        version === undefined ? {} : { k3sVersion: { text: version, from: 'string', location } as const };
      return known({ path, state: 'present', kind: 'elf', location, ...k3sVersion });
    },
  };
  const context: FactContext = {
    image: { label: 'image', sideFiles: [] },
    share: <T>(name: string, make: () => T): T => {
      if (!shared.has(name)) shared.set(name, make());
      return shared.get(name) as T;
    },
    get: ((fact: keyof typeof facts, key = '') => facts[fact](key)) as FactContext['get'],
  };
  await k3sReader.prepare?.(view, context);
  return k3sReader.read(view, context, '');
}

const server = ['ExecStart=/usr/bin/k3s server'];
const valuesOf = (fact: K3sFact) => Object.fromEntries(Object.values(fact.settings).map((s) => [s.flag, s.values]));

describe('the role', () => {
  it.each<[string, Machine, string, string | undefined]>([
    ['nothing', {}, 'none', undefined],
    ['a package alone', { packages: ['k3s-agent'] }, 'agent', undefined],
    ['a unit that starts', { units: { 'k3s-server.service': server } }, 'server', 'k3s-server.service'],
    [
      'an installed package whose unit does not start',
      { packages: ['k3s-server'], units: { 'k3s-server.service': server }, starting: [] },
      'server',
      'k3s-server.service',
    ],
    [
      'both packages, of which one starts',
      {
        packages: ['k3s-server', 'k3s-agent'],
        units: { 'k3s-server.service': server, 'k3s-agent.service': ['ExecStart=/usr/bin/k3s agent'] },
        starting: ['k3s-agent.service'],
      },
      'agent',
      'k3s-agent.service',
    ],
    [
      'two units that start',
      { units: { 'k3s-server.service': server, 'k3s-agent.service': ['ExecStart=/usr/bin/k3s agent'] } },
      'both',
      'k3s-server.service',
    ],
    ['both packages', { packages: ['k3s-server', 'k3s-agent'] }, 'both', undefined],
    ['the common unit', { units: { 'k3s.service': ['ExecStart=/nix/store/x/bin/k3s agent'] } }, 'agent', 'k3s.service'],
    ['a package of another name', { packages: ['k3s-server-tools'] }, 'none', undefined],
  ])('%s', async (_what, machine, role, unit) => {
    const { value } = await read(machine);
    expect([value.role, value.unit]).toEqual([role, unit]);
    expect(value.roleEvidence.length > 0).toBe(role !== 'none');
  });
});

describe('the command line', () => {
  const run = async (exec: string, environment: string, extra: readonly string[] = []) => {
    const lines = ['EnvironmentFile=-/etc/default/k3s-server', ...extra, `ExecStart=${exec}`];
    return read({ units: { 'k3s-server.service': lines }, files: { '/etc/default/k3s-server': environment } });
  };

  it.each([
    ['$OPTS', 'OPTS=--disable traefik  --flannel-iface=eth1', ['--disable', 'traefik', '--flannel-iface=eth1']],
    ['${OPTS}', 'OPTS=--disable traefik', ['--disable traefik']],
    ['"$OPTS"', 'OPTS=--token x', ['--token', 'x']],
    ['$OPTS', "OPTS=--token 'a b'", ['--token', 'a b']],
    ['$OPTS', 'OPTS=', []],
    ['$NONE --debug', '', ['--debug']],
    ['--token=${A}${B}', 'A=x\nB=y', ['--token=xy']],
    ['--token=$A', 'A=x', ['--token=$A']],
    ['--token=$$A', 'A=x', ['--token=$A']],
    ["--token 'a b'", '', ['--token', 'a b']],
  ])('%s with %j', async (words, environment, expected) => {
    const { value, gaps } = await run(`/usr/bin/k3s server ${words}`, environment);
    expect(value.arguments).toEqual(['server', ...expected]);
    expect(gaps).toEqual([]);
  });

  it('does not expand behind the prefix that forbids it', async () => {
    const { value } = await run(':/usr/bin/k3s server $OPTS', 'OPTS=--debug');
    expect(value.arguments).toEqual(['server', '$OPTS']);
  });

  it('names the place that sets a flag: the line of the variable', async () => {
    const { value } = await run('/usr/bin/k3s server --debug $OPTS', '# x\nOPTS=--flannel-iface eth1');
    expect(value.program).toMatchObject({ path: '/usr/bin/k3s', location: { line: 2 } });
    expect(value.settings['flannel-iface']).toMatchObject({
      values: ['eth1'],
      from: 'command line',
      location: { path: '/etc/default/k3s-server', line: 2 },
    });
    expect(value.settings.debug?.location).toMatchObject({ path: '/usr/lib/systemd/system/k3s-server.service' });
  });

  it('lets the file beat Environment=, and UnsetEnvironment= both', async () => {
    const extra = ['Environment=A=unit "B=two words"', 'Environment=C=c', 'UnsetEnvironment=C'];
    const { value } = await run('/usr/bin/k3s server', 'A=file', extra);
    const found = Object.entries(value.environment).map(([name, variable]) => [name, variable.value]);
    expect(Object.fromEntries(found)).toEqual({ A: 'file', B: 'two words' });
    expect(value.environmentFiles).toMatchObject([
      { path: '/etc/default/k3s-server', optional: true, state: 'present' },
    ]);
  });
});

describe('environment files that cannot be read', () => {
  const lines = (name: string) => ({ 'k3s-server.service': [`EnvironmentFile=${name}`, ...server] });

  it.each<[string, string, MemoryTree]>([
    ['missing', '/etc/k3s.env', {}],
    ['made at boot', '-/run/k3s.env', {}],
    ['damaged', '/etc/k3s.env', { '/etc/k3s.env': { error: new ImageError('corrupt', 'ext4/bad-block', 'bad') } }],
    ['refused by systemd', '/etc/k3s.env', { '/etc/k3s.env': 'A=\xff\0' }],
  ])('%s: a gap for what depends on it, not for the role', async (_what, name, files) => {
    const { value, gaps } = await read({ units: lines(name), files });
    expect(value.role).toBe('server');
    expect(gaps).toHaveLength(1);
    expect(gaps[0]?.keys).toEqual(expect.arrayContaining(['settings', 'environment']));
    expect(gaps[0]?.keys).not.toContain('role');
  });

  it('optional and missing is no gap', async () => {
    const { value, gaps } = await read({ units: lines('-/etc/k3s.env') });
    expect(gaps).toEqual([]);
    expect(value.environmentFiles).toMatchObject([{ optional: true, state: 'missing' }]);
  });

  it('reads every file of a pattern', async () => {
    const files = { '/etc/k3s/b.env': 'A=b', '/etc/k3s/a.env': 'A=a', '/etc/k3s/c.txt': 'A=c' };
    const { value } = await read({ units: lines('/etc/k3s/*.env'), files });
    expect(value.environment.A?.value).toBe('b');
  });
});

describe('the configuration', () => {
  const at = '/etc/rancher/k3s/config.yaml';
  const configured = (files: MemoryTree, exec = '/usr/bin/k3s server', environment: readonly string[] = []) =>
    read({
      units: { 'k3s-server.service': [...environment.map((e) => `Environment=${e}`), `ExecStart=${exec}`] },
      files,
    });

  it('takes the directory in name order, replacing keys and appending to those with a plus', async () => {
    const { value } = await configured({
      [at]: 'flannel-iface: eth0\ndisable: [traefik]\nnode-label: a=1\n',
      [`${at}.d/20.yaml`]: 'flannel-iface: eth2\ndisable+:\n  - servicelb\n',
      [`${at}.d/10.YML`]: 'flannel-iface: eth1\nnode-label: b=2\n',
      [`${at}.d/90.conf`]: 'flannel-iface: no\n',
    });
    expect(valuesOf(value)).toEqual({
      'flannel-iface': ['eth2'],
      disable: ['traefik', 'servicelb'],
      'node-label': ['b=2'],
    });
    const { location, beats } = value.settings['flannel-iface'] ?? {};
    expect(location).toMatchObject({ path: `${at}.d/20.yaml`, line: 1 });
    expect(beats?.map((beaten) => beaten.value)).toEqual(['eth1', 'eth0']);
    expect(value.settings.disable?.location).toMatchObject({ path: `${at}.d/20.yaml`, line: 3 });
    expect(value.configFiles.map(({ path }) => path)).toEqual([at, `${at}.d/10.YML`, `${at}.d/20.yaml`]);
  });

  it('is beaten by the command line and beats the environment; lists collect', async () => {
    const { value } = await configured(
      { [at]: 'token: config\ndata-dir: /config\ndisable: traefik\n' },
      '/usr/bin/k3s server -d /line --disable=servicelb',
      ['K3S_TOKEN=environment', 'K3S_URL=https://a:6443', 'K3S_NODE_NAME='],
    );
    expect(valuesOf(value)).toEqual({
      token: ['config'],
      'data-dir': ['/line'],
      disable: ['traefik', 'servicelb'],
      server: ['https://a:6443'],
    });
    expect(value.dataDir).toBe('/line');
    expect(value.settings.token?.beats).toMatchObject([{ value: 'environment', from: 'environment' }]);
    expect(value.tokens).toMatchObject([{ flag: 'token', value: 'config', isFile: false, from: 'config' }]);
  });

  it('is where --config or K3S_CONFIG_FILE says', async () => {
    const files = {
      '/a.yaml': 'token: a\n',
      '/b.yaml': 'token: b\n',
      '/b.yaml.d/x.yaml': 'debug: true\n',
      [at]: 'token: no\n',
    };
    expect(valuesOf((await configured(files, '/usr/bin/k3s server -c /a.yaml')).value)).toMatchObject({ token: ['a'] });
    const both = await configured(files, '/usr/bin/k3s server --config=/a.yaml', ['K3S_CONFIG_FILE=/b.yaml']);
    expect(valuesOf(both.value)).toMatchObject({ token: ['b'], debug: ['true'] });
  });

  it.each<[string, string, MemoryTree]>([
    ['fetched', '/usr/bin/k3s server --config https://a/b', {}],
    ['made at boot', '/usr/bin/k3s server --config /run/k3s.yaml', {}],
    ['damaged', '/usr/bin/k3s server', { [at]: { error: new ImageError('corrupt', 'ext4/bad-block', 'bad') } }],
    [
      'in a damaged directory',
      '/usr/bin/k3s server',
      { [`${at}.d`]: { directory: true, error: new ImageError('corrupt', 'x/y', 'bad') } },
    ],
  ])('is a gap of the settings when it is %s', async (_what, exec, files) => {
    const { gaps } = await configured(files, exec);
    expect(gaps.map(({ keys }) => keys)).toEqual([['settings', 'dataDir']]);
  });

  it.each<[string, string, number | undefined]>([
    ['a list', '- a\n', 1],
    ['not YAML', 'token: a\nserver: [b\n', 3],
    ['nested beyond reason', `a: ${'['.repeat(100_000)}`, undefined],
    ['lists in lists without brackets', `a:\n${'- '.repeat(20_000)}x`, undefined],
    ['an alias to nothing', 'token: *x\n', 1],
    ['full of aliases', `a: &x 1\nb: [${'*x, '.repeat(12_000)}]\n`, 2],
  ])('that is %s stops k3s, with the line', async (_what, text, line) => {
    const { value } = await configured({ [at]: text });
    expect(value.problems).toMatchObject([{ kind: 'bad-config', effect: 'refused', location: { path: at } }]);
    expect(value.problems[0]?.location.line).toBe(line);
    expect(value.settings).toEqual({});
  });

  it('says that a file named on the command line is missing', async () => {
    const { value } = await configured({}, '/usr/bin/k3s server --config /etc/none.yaml');
    expect(value.problems).toMatchObject([{ kind: 'missing-config', subject: '/etc/none.yaml' }]);
  });

  it('loads no parser for an image without one', async () => {
    const { value } = await configured({});
    expect(value.configFiles).toMatchObject([{ path: at, state: 'missing' }]);
  });
});

describe('flags that k3s does not take', () => {
  const agent = (exec: string, files: MemoryTree = {}, version?: string) =>
    read({
      units: { 'k3s-agent.service': [`ExecStart=/usr/bin/k3s agent ${exec}`] },
      files,
      ...(version ? { version } : {}),
    });

  it('are those of the other role, with their place', async () => {
    const { value } = await agent('--disable-cloud-controller --disable-network-policy --debug');
    expect(value.problems.map(({ kind, subject, effect }) => [kind, subject, effect])).toEqual([
      ['other-role', 'disable-cloud-controller', 'refused'],
      ['other-role', 'disable-network-policy', 'refused'],
    ]);
    expect(value.problems[0]?.location).toMatchObject({ line: 1 });
    expect(Object.keys(value.settings)).toEqual(['debug']);
  });

  it('stop an agent that finds them in its file, and only warn a server', async () => {
    const files = { '/etc/rancher/k3s/config.yaml': 'debug: true\ncluster-init: true\nnonsense: 1\n' };
    const found = (await agent('', files)).value.problems;
    expect(found.map(({ kind, effect, location }) => [kind, effect, location.line])).toEqual([
      ['other-role', 'refused', 2],
      ['unknown-flag', 'refused', 3],
    ]);
    const onServer = await read({ units: { 'k3s-server.service': server }, files });
    expect(onServer.value.problems).toMatchObject([{ subject: 'nonsense', effect: 'ignored' }]);
  });

  it('depend on the version of the program', async () => {
    const kinds = async (version?: string) =>
      (await agent('--nonroot-devices', {}, version)).value.problems.map(({ kind }) => kind);
    expect(await kinds('v1.28.5+k3s1')).toEqual(['other-version']);
    expect(await kinds('v1.32.5+k3s1')).toEqual([]);
    expect(await kinds()).toEqual([]);
  });
});
