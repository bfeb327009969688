/** Every check of the k3s contract passes on a good node, fails on one defect, and cannot tell without its evidence. */
import { describe, expect, it } from 'vitest';
import type { CheckResult } from '../../src/checks/check.ts';
import k3s from '../../src/checks/contracts/k3s.yaml';
import { evaluate } from '../../src/checks/evaluate.ts';
import type { FactId, Gap } from '../../src/facts/fact.ts';
import type { FactTypes } from '../../src/facts/fact-types.ts';
import { createTable } from '../../src/table.ts';
import { dataDir, goodNode, kernel, type Role } from './good-node.ts';
import { networkChecks } from './network-cases.ts';
import { directive, file, link, place, StubFacts, type StubValues, type unit } from './stub-facts.ts';

type Change = (node: StubValues, role: Role) => StubValues;

interface Case {
  readonly role?: Role;
  readonly fails: Change;
  /** Facts whose loss makes the check inconclusive; none for what no image can tell. */
  readonly evidence?: readonly FactId[];
  readonly severity?: 'must' | 'should' | 'info';
  /** Other checks that speak of the same defect. */
  readonly with?: readonly string[];
}

function put<K extends FactId>(fact: K, key: string, value: FactTypes[K]): Change {
  return (node) => ({ ...node, [fact]: { ...node[fact], [key]: value } });
}

function edit<K extends FactId>(fact: K, change: (value: FactTypes[K]) => Partial<FactTypes[K]>, key = ''): Change {
  return (node) => {
    const value = (node[fact] as Readonly<Record<string, FactTypes[K]>>)[key] as FactTypes[K];
    return { ...node, [fact]: { ...node[fact], [key]: { ...value, ...change(value) } } };
  };
}

function without(fact: FactId, key: string): Change {
  return (node) => {
    const { [key]: _, ...rest } = node[fact] as Readonly<Record<string, never>>;
    return { ...node, [fact]: rest };
  };
}

const setDirective =
  (name: string, value: string): Change =>
  (node, role) =>
    edit(
      'unit',
      ({ directives }) => ({ directives: { ...directives, [name]: directive(name, value, 9) } }),
      `k3s-${role}.service`,
    )(node, role);

const settingsOf = (values: Readonly<Record<string, string>>): FactTypes['k3s']['settings'] =>
  createTable(
    Object.entries(values).map(([flag, value]) => [
      flag,
      { flag, values: [value], from: 'config', location: place('/etc/rancher/k3s/config.yaml', 3), beats: [] },
    ]),
  );

const setSysctl = (key: string, value: string): Change =>
  edit('sysctl', ({ values }) => {
    const location = place('/etc/sysctl.d/zz.conf', 1);
    return { values: { ...values, [key]: { key, value, set: { key, value, location, optional: false }, beats: [] } } };
  });

const dropPackage = (name: string): Change =>
  edit('packages', ({ packages }) => ({ packages: packages.filter((one) => one.name !== name) }));

const dropModule = (name: string): Change =>
  edit('kernel', () => {
    const left = Object.entries(kernel.modules).filter(([key]) => key !== name);
    return { kernels: [{ ...kernel, modules: createTable(left) }] };
  });

const dropOption = (name: string): Change =>
  edit('kernel', () => {
    const left = Object.entries(kernel.config ?? {}).filter(([key]) => key !== name);
    return { kernels: [{ ...kernel, config: createTable(left) }] };
  });

const program = '/usr/bin/k3s';
const token = `${dataDir}/server/token`;
const mode = (path: string, bits: number, type: 'file' | 'directory' = 'file'): Change =>
  put('file', path, file(path, { mode: bits, type, size: 68_000_000 }));
const problem = (path: string) =>
  edit('k3s', () => ({
    problems: [
      {
        kind: 'unknown-flag' as const,
        subject: 'foo',
        message: 'unknown key foo',
        effect: 'refused' as const,
        location: place(path, 3),
      },
    ],
  }));
const service =
  (more: Parameters<typeof unit>[1]): Change =>
  (node, role) =>
    edit('unit', () => more ?? {}, `k3s-${role}.service`)(node, role);

const directiveCase = (name: string, value: string): Case => ({ fails: setDirective(name, value), evidence: ['unit'] });
const packageCase = (name: string): Case => ({ fails: dropPackage(name), evidence: ['packages'] });
const sysctlCase = (key: string, value: string): Case => ({ fails: setSysctl(key, value), evidence: ['sysctl'] });
const moduleCase = (name: string): Case => ({ fails: dropModule(name), evidence: ['kernel'] });
const linkCase = (name: string): Case => ({
  fails: put('file', `/usr/bin/${name}`, link(`/usr/bin/${name}`, 'busybox', '/usr/bin/busybox')),
  evidence: ['file'],
});

const cases: Readonly<Record<string, Case>> = {
  'K3S-BIN-01': { fails: mode(program, 0o644), evidence: ['file'] },
  'K3S-BIN-02': {
    fails: edit(
      'binary',
      () => ({ k3sVersion: { text: 'v1.35.0+k3s3', from: 'string' as const, location: place(program) } }),
      program,
    ),
    evidence: ['binary'],
    with: ['K3S-BIN-07'],
  },
  'K3S-BIN-03': {
    fails: edit('binary', ({ elf }) => (elf ? { elf: { ...elf, architecture: 'arm64', machine: 183 } } : {}), program),
    evidence: ['binary'],
  },
  'K3S-BIN-04': linkCase('kubectl'),
  'K3S-BIN-05': linkCase('crictl'),
  'K3S-BIN-06': linkCase('ctr'),
  'K3S-BIN-07': {
    fails: edit('packages', ({ packages }) => ({
      packages: packages.map((one) => (one.name.startsWith('k3s-') ? { ...one, version: '1.31.0' } : one)),
    })),
    evidence: ['packages'],
    severity: 'should',
  },
  'K3S-BIN-08': {
    fails: put('file', '/usr/local/bin/k3s', file('/usr/local/bin/k3s')),
    evidence: ['file'],
    severity: 'should',
  },
  'K3S-SVC-01': { fails: without('unit', 'k3s-server.service'), evidence: ['unit'] },
  'K3S-SVC-02': { role: 'agent', fails: without('unit', 'k3s-agent.service'), evidence: ['unit'] },
  'K3S-SVC-03': {
    fails: edit('startup', ({ units }) => ({
      units: createTable(Object.entries(units).filter(([name]) => !name.startsWith('k3s'))),
    })),
    evidence: ['startup'],
  },
  'K3S-SVC-04': {
    fails: edit('packages', ({ packages }) => ({
      packages: [
        ...packages,
        {
          name: 'k3s-agent',
          version: '1.32.5',
          architecture: 'amd64',
          status: 'install ok installed',
          location: place('/var/lib/dpkg/status', 999),
        },
      ],
    })),
    evidence: ['startup'],
  },
  'K3S-SVC-05': { fails: edit('k3s', () => ({ arguments: ['agent'] })), evidence: ['k3s'] },
  'K3S-SVC-06': directiveCase('Service.Type', 'exec'),
  'K3S-SVC-07': directiveCase('Service.KillMode', 'mixed'),
  'K3S-SVC-08': directiveCase('Service.Delegate', 'no'),
  'K3S-SVC-09': directiveCase('Service.LimitNOFILE', '65536'),
  'K3S-SVC-10': directiveCase('Service.LimitNPROC', '1024'),
  'K3S-SVC-11': directiveCase('Service.LimitCORE', '0'),
  'K3S-SVC-12': directiveCase('Service.TasksMax', '100%'),
  'K3S-SVC-13': directiveCase('Service.Restart', 'on-failure'),
  'K3S-SVC-14': directiveCase('Service.RestartSec', '10s'),
  'K3S-SVC-15': {
    fails: service({
      problems: [{ message: 'unknown section Srevice', kind: 'unknown-section', location: place('/x.service', 3) }],
    }),
    evidence: ['unit'],
    severity: 'should',
  },
  'K3S-SVC-16': {
    fails: edit('k3s', () => ({
      environmentFiles: [
        { path: '/etc/default/x', optional: false, state: 'missing' as const, location: place('/x.service', 4) },
      ],
    })),
    evidence: ['k3s'],
  },
  'K3S-SVC-17': {
    fails: put('file', '/k3s-server.service', file('/k3s-server.service')),
    evidence: ['file'],
    severity: 'should',
  },
  'K3S-SVC-18': {
    fails: edit('startup', ({ units }) => ({
      units: createTable(Object.entries(units).filter(([name]) => !name.includes('online'))),
    })),
    evidence: ['unit'],
    severity: 'should',
  },
  'K3S-CFG-01': { fails: mode('/etc/rancher/k3s', 0o777, 'directory'), evidence: ['file'] },
  'K3S-CFG-02': { fails: problem('/etc/rancher/k3s/config.yaml'), evidence: ['k3s'] },
  'K3S-CFG-03': { fails: problem('/etc/rancher/k3s/config.yaml.d/10.yaml'), evidence: ['k3s'] },
  'K3S-CFG-04': { fails: mode('/etc/default/k3s-server', 0o666), evidence: ['text'] },
  'K3S-CFG-05': { role: 'agent', fails: mode('/etc/default/k3s-agent', 0o666), evidence: ['text'] },
  'K3S-CFG-06': { fails: mode(dataDir, 0o777, 'directory'), evidence: ['file'] },
  'K3S-CFG-07': {
    fails: (node, role) => {
      const moved = edit('k3s', () => ({ dataDir: '/data/k3s' }))(node, role);
      const copied = put('file', '/data/k3s', file('/data/k3s', { type: 'directory', mode: 0o755 }))(moved, role);
      return put(
        'file',
        '/data/k3s/server/token',
        file('/data/k3s/server/token', { mode: 0o600 }),
      )(
        put('text', '/data/k3s/server/token', {
          path: '/data/k3s/server/token',
          state: 'present',
          text: 'x1y2',
          location: place('/data/k3s/server/token'),
        })(copied, role),
        role,
      );
    },
    evidence: ['k3s'],
    severity: 'should',
  },
  'K3S-CFG-08': {
    fails: edit('text', () => ({ text: '/dev/vda2 / squashfs ro 0 1\n' }), '/etc/fstab'),
    evidence: ['text'],
    severity: 'should',
  },
  'K3S-CFG-09': {
    fails: edit('k3s', ({ settings }) => ({
      settings: { ...settings, ...settingsOf({ 'datastore-endpoint': 'mysql://x', 'disable-apiserver': 'true' }) },
    })),
    evidence: ['k3s'],
  },
  'K3S-CFG-10': {
    fails: edit('k3s', ({ settings }) => ({
      version: 'v1.32.5+k3s1',
      settings: { ...settings, ...settingsOf({ 'kube-controller-manager-arg': 'pod-eviction-timeout=5m' }) },
    })),
    evidence: ['k3s'],
  },
  'K3S-TOK-01': { fails: without('file', token), evidence: ['file'] },
  'K3S-TOK-02': { fails: mode(token, 0o644), evidence: ['file'] },
  'K3S-TOK-03': { fails: edit('text', () => ({ text: 'one\r\n' }), token), evidence: ['text'] },
  'K3S-TOK-04': { fails: edit('text', () => ({ text: 'my-test-token\n' }), token), evidence: ['text'] },
  'K3S-TOK-05': { fails: mode(`${dataDir}/server/node-token`, 0o644), evidence: ['file'], severity: 'should' },
  'K3S-TOK-06': { role: 'agent', fails: edit('k3s', () => ({ settings: {} })), evidence: ['k3s'] },
  'K3S-TOK-07': { role: 'agent', fails: edit('k3s', () => ({ tokens: [] })), evidence: ['k3s'] },
  'K3S-TOK-08': {
    role: 'agent',
    fails: edit('k3s', () => ({
      tokens: [
        {
          flag: 'token' as const,
          value: 'abc',
          isFile: false,
          from: 'environment' as const,
          location: place('/etc/default/k3s-agent', 3),
        },
      ],
    })),
    evidence: ['k3s'],
  },
  'K3S-PKG-01': packageCase('iptables'),
  'K3S-PKG-02': packageCase('nftables'),
  'K3S-PKG-03': packageCase('iproute2'),
  'K3S-PKG-04': packageCase('kmod'),
  'K3S-PKG-05': packageCase('socat'),
  'K3S-PKG-06': packageCase('ipset'),
  'K3S-PKG-07': packageCase('ethtool'),
  'K3S-PKG-08': packageCase('conntrack'),
  'K3S-PKG-09': packageCase('bridge-utils'),
  'K3S-PKG-10': packageCase('util-linux'),
  'K3S-PKG-11': packageCase('systemd'),
  'K3S-PKG-12': {
    fails: edit('packages', ({ packages }) => ({
      beside: [
        {
          kind: 'manifest' as const,
          name: 'node.manifest',
          packages: packages.map(({ name, version, architecture }, i) => ({
            name,
            version: name === 'kmod' ? '2' : version,
            architecture,
            line: i + 1,
          })),
        },
      ],
    })),
    evidence: ['packages'],
    severity: 'should',
  },
  'K3S-MOD-01': moduleCase('overlay'),
  'K3S-MOD-02': moduleCase('br_netfilter'),
  'K3S-MOD-03': moduleCase('iscsi_tcp'),
  'K3S-MOD-04': moduleCase('dm_crypt'),
  'K3S-MOD-05': { fails: dropOption('CPUSETS'), evidence: ['kernel'], severity: 'should' },
  'K3S-MOD-06': { fails: dropOption('VXLAN'), evidence: ['kernel'], severity: 'info' },
  'K3S-MOD-07': { fails: dropModule('nft_compat'), evidence: ['file', 'kernel'], severity: 'should' },
  'K3S-MOD-08': {
    fails: edit('boot', ({ entry }) => {
      const location = place('/loader/entries/boot.conf', 3);
      return entry ? { entry: { ...entry, commandLine: { text: 'quiet cgroup_disable=memory', location } } } : {};
    }),
    evidence: ['boot'],
  },
  'K3S-MOD-09': {
    fails: edit('boot', ({ fstab }) => {
      const location = place('/etc/fstab', 9);
      const device = { text: '/swapfile', by: 'none' as const, location };
      return { fstab: [...fstab, { path: 'none', type: 'swap', options: ['sw'], location, device }] };
    }),
    evidence: ['boot'],
    severity: 'should',
  },
  'K3S-SYS-01': sysctlCase('net.ipv4.ip_forward', '0'),
  'K3S-SYS-02': sysctlCase('net.ipv6.conf.all.forwarding', '0'),
  'K3S-SYS-03': sysctlCase('net.bridge.bridge-nf-call-iptables', '0'),
  'K3S-SYS-04': sysctlCase('net.bridge.bridge-nf-call-ip6tables', '0'),
  'K3S-SYS-05': sysctlCase('fs.inotify.max_user_watches', '8192'),
  'K3S-SYS-06': sysctlCase('fs.inotify.max_user_instances', '512'),
  'K3S-SYS-07': {
    fails: edit('kernel', ({ requests }) => ({ requests: requests.filter(({ name }) => name !== 'br_netfilter') })),
    evidence: ['sysctl'],
    severity: 'should',
    with: ['K3S-MOD-02'],
  },
  'K3S-VT-01': {
    fails: edit('boot', ({ entry: _, ...rest }) => ({ ...rest, entry: undefined }) as never),
    evidence: ['boot'],
  },
  'K3S-VT-02': {
    fails: edit('startup', ({ units }) => ({
      units: createTable(Object.entries(units).filter(([name]) => name !== 'multi-user.target')),
    })),
    evidence: ['startup'],
  },
};

/** Said by no image, or by another check. */
const neverFail = ['K3S-TOK-09', 'K3S-VT-03', 'K3S-VT-04', 'K3S-VT-05'];

/** Judged on real systems in nixos-contract.test.ts. */
const onlyNixos = ['K3S-NIX-01', 'K3S-NIX-02', 'K3S-NIX-03'];

async function run(node: StubValues, gaps: ConstructorParameters<typeof StubFacts>[1] = {}, role: Role = 'server') {
  const { results } = await evaluate(k3s, new StubFacts(node, gaps), { set: new Map([['role', role]]) });
  return new Map(results.map((result) => [result.id, result]));
}

const failures = (results: ReadonlyMap<string, CheckResult>): string[] =>
  [...results.values()].filter(({ verdict }) => verdict.status === 'fail').map(({ id }) => id);

describe('a node that keeps the contract', () => {
  it.each(['server', 'agent'] as const)(
    '%s: nothing fails, and only what no image can tell is unknown',
    async (role) => {
      const results = await run(goodNode(role), {}, role);
      const odd = [...results.values()].filter(
        ({ verdict }) => verdict.status === 'fail' || verdict.status === 'unknown',
      );
      expect(odd.map(({ id }) => id)).toEqual(['K3S-VT-03', 'K3S-VT-05']);
    },
  );

  it('is judged by checks that all have a case here', () => {
    expect([...Object.keys(cases), ...neverFail, ...onlyNixos, ...networkChecks].sort()).toEqual(
      k3s.checks.map(({ id }) => id).sort(),
    );
  });
});

describe.each(Object.entries(cases))(
  '%s',
  (id, { role = 'server', fails, evidence = [], severity = 'must', with: others = [] }) => {
    it('passes on a good node', async () => {
      const verdict = (await run(goodNode(role), {}, role)).get(id)?.verdict;
      expect(['pass', 'skip']).toContain(verdict?.status);
      if (id !== 'K3S-PKG-12') expect(verdict?.status).toBe('pass');
    });

    it('fails on its defect, alone, and says where', async () => {
      const results = await run(fails(goodNode(role), role), {}, role);
      expect(failures(results)).toEqual([id, ...others].sort(byContract));
      const result = results.get(id);
      const verdict = result?.verdict;
      if (!result || verdict?.status !== 'fail') throw new Error('not a failure');
      expect(verdict.severity ?? result.severity).toBe(severity);
      expect(verdict.message).toMatch(/\S/);
      if (!['K3S-TOK-06', 'K3S-TOK-07'].includes(id)) expect(verdict.evidence.length).toBeGreaterThan(0);
      expect(result.contract).toMatchObject({ source: 'k3s.yaml', line: expect.any(Number) });
      expect([result.why, result.fix]).toEqual([expect.any(String), expect.any(String)]);
    });

    it.each(evidence)('cannot tell without the fact %s', async (fact) => {
      const gap: Gap = { cause: { level: 'damage', code: 'ext4/bad-checksum', message: 'an inode cannot be trusted' } };
      const { verdict } = (await run(goodNode(role), { [fact]: [gap] }, role)).get(id) as CheckResult;
      expect(verdict).toMatchObject({ status: 'unknown', kind: 'inconclusive' });
    });
  },
);

const order = k3s.checks.map(({ id }) => id);
const byContract = (a: string, b: string): number => order.indexOf(a) - order.indexOf(b);
