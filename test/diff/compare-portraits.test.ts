/** From two portraits to classed changes and an exit code. */
import { describe, expect, it } from 'vitest';
import { compareContract } from '../../src/diff/compare-contract.ts';
import { at, builtIn, compare, linesOf, portraitOf, verdict, withConcern } from './sample-portrait.ts';

const killMode = {
  severity: 'must',
  status: 'fail',
  message: 'KillMode of k3s-server.service is mixed, process wanted',
  subjects: [{ fact: 'unit', key: 'k3s-server.service' }],
} as const;

describe('equal sides', () => {
  it('have no changes and exit 0', () => {
    const side = portraitOf({ sysctl: { 'net.ipv4.ip_forward': '1' }, users: { root: { uid: '0' } } });
    const result = compare(side, side);
    expect(linesOf(result)).toEqual([]);
    expect(result.exitCode).toBe(0);
    expect(result.counts.find(({ concern }) => concern === 'sysctl')?.equal).toBe(1);
  });
});

describe('classes', () => {
  it('tell form from drift', () => {
    const a = portraitOf({ units: { 'a.service': { 'Service.RestartSec': '5s', 'Service.User': 'a' } } });
    const b = portraitOf({ units: { 'a.service': { 'Service.RestartSec': '5', 'Service.User': 'b' } } });
    expect(linesOf(compare(a, b))).toEqual([
      'drift units a.service Service.User: a -> b',
      'equivalent units a.service Service.RestartSec: 5s -> 5',
    ]);
  });

  it('list what only one side has', () => {
    const a = portraitOf({ packages: { socat: { version: '1' } } });
    const b = portraitOf({ packages: { curl: { version: '8' } } });
    expect(linesOf(compare(a, b))).toEqual(['drift packages curl: - -> 8', 'drift packages socat: 1 -> -']);
  });

  it('take what is said for nothing where it is the default', () => {
    const a = portraitOf({ k3s: { '--cluster-cidr': '10.42.0.0/16', '--service-cidr': '10.99.0.0/16' } });
    expect(linesOf(compare(a, portraitOf({})))).toEqual([
      'drift k3s --service-cidr: 10.99.0.0/16 -> -',
      'equivalent k3s --cluster-cidr: 10.42.0.0/16 -> -',
    ]);
  });

  it('know the row of the contract for each platform difference', () => {
    const nixos = portraitOf(
      {
        units: { 'k3s.service': { 'Service.ExecStart': '/bin/k3s server --debug', 'Service.KillMode': 'process' } },
        k3s: { 'data directory': '/var/lib/k3s', '--data-dir': '/var/lib/k3s', '--token-file': '/run/secrets/token' },
        packages: { k3s: { version: '1.32.5' }, 'conntrack-tools': { version: '1.4.8' } },
      },
      { platform: 'nixos' },
    );
    const isar = portraitOf({
      units: { 'k3s-server.service': { 'Service.ExecStart': '/usr/bin/k3s server $O', 'Service.KillMode': 'process' } },
      k3s: { 'data directory': '/var/lib/rancher/k3s' },
      packages: { 'k3s-server': { version: '1.32.5' }, conntrack: { version: '1:1.4.8-2' } },
    });
    const result = compare(nixos, isar);
    expect(linesOf(result)).toEqual([
      'intended packages k3s/k3s-server name: k3s -> k3s-server',
      'equivalent packages conntrack-tools/conntrack name: conntrack-tools -> conntrack',
      'equivalent packages conntrack-tools/conntrack version: 1.4.8 -> 1:1.4.8-2',
      'intended units k3s.service/k3s-server.service name: k3s.service -> k3s-server.service',
      'intended units k3s.service/k3s-server.service Service.ExecStart: /bin/k3s server --debug -> /usr/bin/k3s server $O',
      'intended k3s --data-dir: /var/lib/k3s -> -',
      'intended k3s --token-file: /run/secrets/token -> -',
      'intended k3s data directory: /var/lib/k3s -> /var/lib/rancher/k3s',
    ]);
    expect(result.changes.map(({ listed }) => listed).filter((id) => id)).toEqual([
      'package-source',
      'service-name',
      'config-location',
      'data-directory-flag',
      'token-management',
      'data-directory',
    ]);
    expect(linesOf(compare(isar, nixos)).filter((line) => line.startsWith('drift'))).toEqual([]);
    const elsewhere = portraitOf({ k3s: { 'data directory': '/data' } });
    expect(linesOf(compare(nixos, elsewhere))).toContain('drift k3s data directory: /var/lib/k3s -> /data');
  });

  it('take a system user for one of the distribution only if nobody can log in as that user', () => {
    const operator = { uid: '1000', shell: '/run/current-system/sw/bin/bash', password: 'hash ($6$)' };
    const system = { uid: '33', shell: '/usr/sbin/nologin', password: 'locked' };
    const nixos = portraitOf({ users: { operator } }, { platform: 'nixos' });
    const isar = portraitOf({
      users: { 'www-data': system, backup: { ...system, password: 'hash ($y$)' } },
      groups: { sudo: { gid: '27', members: 'ops' }, audio: { gid: '29' } },
    });
    expect(linesOf(compare(nixos, isar)).map((line) => line.replace(/:.*/, ''))).toEqual([
      'drift users backup',
      'drift users operator',
      'intended users www-data',
      'drift groups sudo',
      'intended groups audio',
    ]);
  });

  it('tell of two platforms whether a unit starts, however it is linked', () => {
    const nixos = portraitOf(
      { units: { 'a.service': { state: 'linked, starts at boot' }, 'b.service': { state: 'linked' } } },
      { platform: 'nixos' },
    );
    const isar = portraitOf({
      units: { 'a.service': { state: 'enabled, starts at boot' }, 'b.service': { state: 'static, starts at boot' } },
    });
    expect(linesOf(compare(nixos, isar)).map((line) => line.replace(/:.*/, ''))).toEqual([
      'drift units b.service state',
      'intended units a.service state',
    ]);
  });

  it('know that a oneshot service may start for ever', () => {
    const service = (Type: string, time?: string) =>
      portraitOf({
        units: { 'a.service': { 'Service.Type': Type, ...(time ? { 'Service.TimeoutStartSec': time } : {}) } },
      });
    const said = (type: string, time: string) => linesOf(compare(service(type), service(type, time)));
    expect(said('oneshot', '90s')).toEqual(['drift units a.service Service.TimeoutStartSec: - -> 90s']);
    expect(said('oneshot', 'infinity')).toEqual(['equivalent units a.service Service.TimeoutStartSec: - -> infinity']);
    expect(said('exec', '90s')).toEqual(['equivalent units a.service Service.TimeoutStartSec: - -> 90s']);
  });

  it('stand in the order of numbers', () => {
    const ports = portraitOf({
      ports: { tcp: { open: '22|2379|10250', closed: '0-21|23-2378|2380-10249|10251-65535' } },
    });
    const none = portraitOf({ ports: { tcp: { closed: '0-65535' } } });
    expect(compare(ports, none).changes.map(({ name }) => name)).toEqual(['tcp 22', 'tcp 2379', 'tcp 10250']);
  });

  it('take new identifiers of file systems for noise', () => {
    const side = (UUID: string) => portraitOf({ boot: { 'partition p1': { UUID, content: 'ext4' } } });
    expect(linesOf(compare(side('a'), side('b')))).toEqual(['noise boot partition p1 UUID: a -> b']);
  });

  it('do not compare the directives of a unit that is masked', () => {
    const a = portraitOf({ units: { 'a.service': { state: 'masked', load: 'masked' } } });
    const b = portraitOf({ units: { 'a.service': { state: 'static', 'Service.User': 'b' } } });
    expect(linesOf(compare(a, b))).toEqual(['drift units a.service state: masked -> static']);
    const bad = portraitOf({ units: { 'a.service': { state: 'static', load: 'bad-setting' } } });
    expect(linesOf(compare(bad, b))).toEqual(['drift units a.service load: bad-setting -> -']);
  });
});

describe('the contract', () => {
  const units = (KillMode: string) => ({
    units: { 'k3s-server.service': { 'Service.KillMode': KillMode, 'Service.User': KillMode } },
  });

  it('makes the change breaking that one side fails a check by, and only that', () => {
    const a = portraitOf(units('process'), { verdicts: [verdict('K3S-SVC-07')] });
    const b = portraitOf(units('mixed'), { verdicts: [verdict('K3S-SVC-07', killMode)] });
    const result = compare(a, b);
    expect(linesOf(result)).toEqual([
      'breaking units k3s-server.service Service.KillMode: process -> mixed',
      'drift units k3s-server.service Service.User: process -> mixed',
    ]);
    expect(result.changes[0]).toMatchObject({ checks: ['K3S-SVC-07'], reason: killMode.message });
    expect([result.exitCode, compare(b, a).exitCode, compare(b, b).exitCode]).toEqual([1, 1, 0]);
  });

  it('says so by itself where no change explains it', () => {
    const failed = { ...killMode, subjects: [{ fact: 'file', key: '/usr/bin/k3s' }], message: 'the file is gone' };
    const a = portraitOf(units('process'), { verdicts: [verdict('K3S-BIN-01')] });
    const b = portraitOf(units('process'), { verdicts: [verdict('K3S-BIN-01', failed)] });
    expect(linesOf(compare(a, b))).toEqual([
      'breaking contract K3S-BIN-01 title of K3S-BIN-01: passes -> the file is gone',
    ]);
  });

  it('finds the cause by its place where the sentence does not name it', () => {
    const places = [at('/sysctl/a')];
    const subjects = [{ fact: 'sysctl', key: '', records: ['a', 'b'] }];
    const said = (value: string) => ({ sysctl: { a: value, b: value } });
    const a = portraitOf(said('1'), { verdicts: [verdict('S')] });
    const b = portraitOf(said('2'), {
      verdicts: [verdict('S', { ...killMode, message: 'too low', subjects, places })],
    });
    expect(linesOf(compare(a, b))).toEqual(['breaking sysctl a: 1 -> 2', 'drift sysctl b: 1 -> 2']);
  });

  it('finds the cause in what is missing, before what stands where it should be', () => {
    const unit = { source: 'image', path: '/k3s/--node-ip' };
    const failed = { ...killMode, message: 'k3s is started without --flannel-iface, eth1 wanted', places: [unit] };
    const subjects = [{ fact: 'k3s', key: '', records: ['settings'] }];
    const a = portraitOf({ k3s: { '--node-ip': '1' } }, { verdicts: [verdict('N', { ...failed, subjects })] });
    const b = portraitOf({ k3s: { '--node-ip': '2', '--flannel-iface': 'eth1' } }, { verdicts: [verdict('N')] });
    expect(linesOf(compare(a, b))).toEqual(['breaking k3s --flannel-iface: - -> eth1', 'drift k3s --node-ip: 1 -> 2']);
  });

  it('takes no flag of k3s for the cause of what was asked of its command', () => {
    const failed = { ...killMode, message: 'iptables is on no PATH that k3s has' };
    const subjects = [{ fact: 'k3s', key: '', records: ['arguments'] }];
    const a = portraitOf({ k3s: { '--node-ip': '1' } }, { verdicts: [verdict('N', { ...failed, subjects })] });
    const b = portraitOf({ k3s: { '--node-ip': '2' } }, { verdicts: [verdict('N')] });
    expect(linesOf(compare(a, b))).toEqual([
      'drift k3s --node-ip: 1 -> 2',
      'breaking contract N title of N: iptables is on no PATH that k3s has -> passes',
    ]);
  });

  it('knows lines of fstab, and options of the kernel, behind a check', () => {
    const swap = { status: 'fail', message: 'swap is turned on: fstab with /dev/sdb', severity: 'should' } as const;
    const vxlan = { status: 'fail', message: 'no VXLAN', severity: 'should' } as const;
    const a = portraitOf(
      { mounts: { '/srv': { device: 'x' } }, 'kernel-options': { CONFIG_VXLAN: 'm' } },
      { verdicts: [verdict('A'), verdict('B')] },
    );
    const b = portraitOf(
      { mounts: { '/srv': { device: 'y' }, 'swap /dev/sdb': { device: '/dev/sdb' } } },
      {
        verdicts: [
          verdict('A', { ...swap, subjects: [{ fact: 'boot', key: '', records: ['fstab'] }] }),
          verdict('B', { ...vxlan, subjects: [{ fact: 'kernel', key: '', records: ['VXLAN'] }] }),
        ],
      },
    );
    expect(compare(a, b).changes.map(({ name, checks }) => [name, checks])).toEqual([
      ['CONFIG_VXLAN', ['B']],
      ['/srv', undefined],
      ['swap /dev/sdb', ['A']],
    ]);
  });

  it('knows the parts of facts that are no names of things', () => {
    const subjects = [{ fact: 'firewall', key: '', records: ['ip'] }];
    const message = 'port 10250/tcp is closed by tcp dport 10250 drop';
    const a = portraitOf({ ports: { tcp: { open: '0-65535' } } }, { verdicts: [verdict('F')] });
    const b = portraitOf(
      { ports: { tcp: { open: '0-10249|10251-65535', closed: '10250' } } },
      { verdicts: [verdict('F', { ...killMode, message, subjects })] },
    );
    expect(linesOf(compare(a, b))).toEqual(['breaking ports tcp 10250 state: open -> closed']);
  });

  it('breaks nothing by a check that only should hold', () => {
    const a = portraitOf(units('process'), { verdicts: [verdict('K3S-SVC-07')] });
    const b = portraitOf(units('mixed'), { verdicts: [verdict('K3S-SVC-07', { ...killMode, severity: 'should' })] });
    const [first] = compare(a, b).changes;
    expect(first).toMatchObject({ class: 'drift', checks: ['K3S-SVC-07'] });
  });

  it('is not compared if the sides were judged by two', () => {
    const a = portraitOf(units('process'), { verdicts: [verdict('K3S-SVC-07')] });
    const b = portraitOf(units('process'), { contract: { name: 'own', version: '1', parameters: {} } });
    const result = compare(a, b);
    expect(result.exitCode).toBe(3);
    expect(result.unverified[0]?.message).toContain('judged by own 1');
  });
});

describe('what could not be read', () => {
  const side = portraitOf({ sysctl: { a: '1', b: '1' }, users: { root: { uid: '0' } } });
  const other = portraitOf({ sysctl: { a: '2', b: '2' }, users: { root: { uid: '0' } } });

  it('is never equal: the records a gap names are left out, and the run has no verdict', () => {
    const damaged = withConcern(other, 'sysctl', { gaps: [{ message: 'cut off', keys: ['b'] }] });
    const result = compare(side, damaged);
    expect(linesOf(result)).toEqual(['drift sysctl a: 1 -> 2']);
    expect(result.unverified).toEqual([{ side: 'b', concern: 'sysctl', message: 'cut off' }]);
    expect(result.exitCode).toBe(3);
  });

  it('is the whole concern where nobody knows what the gap touches', () => {
    for (const gap of [{ message: 'cut off' }, { message: 'cut off', keys: ['nobody'] }]) {
      const result = compare(withConcern(side, 'sysctl', { gaps: [gap] }), other);
      expect(linesOf(result)).toEqual([]);
      expect(result.counts.find(({ concern }) => concern === 'sysctl')?.absent).toBe('evidence could not be read');
      expect(result.exitCode).toBe(3);
    }
  });

  it('counts where a check that must hold has no evidence, or the root is damaged', () => {
    const unknown = verdict('A', { status: 'unknown', isInconclusive: true, message: 'damaged' });
    expect(compare(portraitOf({}, { verdicts: [unknown] }), portraitOf({})).exitCode).toBe(3);
    expect(compare(portraitOf({}, { verdicts: [unknown] }), portraitOf({}, { verdicts: [unknown] })).exitCode).toBe(0);
    const undecidable = verdict('A', { status: 'unknown', message: 'only a machine can tell' });
    expect(compare(portraitOf({}, { verdicts: [undecidable] }), portraitOf({})).exitCode).toBe(0);
    expect(compare(portraitOf({}, { damage: [{ message: 'bad inode' }] }), portraitOf({})).exitCode).toBe(3);
  });

  it('loses to a change that breaks', () => {
    const a = portraitOf({}, { verdicts: [verdict('A'), verdict('B')] });
    const b = portraitOf(
      {},
      { verdicts: [verdict('A', killMode), verdict('B', { status: 'unknown', isInconclusive: true })] },
    );
    expect(compare(a, b).exitCode).toBe(1);
  });

  it('is told where an image of this kind says nothing, which is no difference', () => {
    const result = compare(side, withConcern(side, 'boot', { records: [], absent: 'the image is not a disk' }));
    expect(result.exitCode).toBe(0);
    expect(result.counts.find(({ concern }) => concern === 'boot')?.absent).toBe('the image is not a disk');
  });
});

describe('waivers', () => {
  const waiver = { id: 'own', concern: ['sysctl'], record: ['a'], reason: 'agreed', owner: 'platform' };
  const a = portraitOf({ sysctl: { a: '1', b: '1' } });
  const b = portraitOf({ sysctl: { a: '2', b: '2' } });

  it('make a change intended, with their reason', () => {
    const result = compare(a, b, [waiver]);
    expect(linesOf(result)).toEqual(['drift sysctl b: 1 -> 2', 'intended sysctl a: 1 -> 2']);
    expect(result.changes[1]).toMatchObject({ reason: 'agreed (platform)', listed: 'own' });
  });

  it('count over the contract, but not when they have expired', () => {
    const subjects = [{ fact: 'sysctl', key: '', records: ['a'] }];
    const broken = { ...b, verdicts: [verdict('S', { ...killMode, message: 'a is 2', subjects })] };
    const sound = { ...a, verdicts: [verdict('S')] };
    expect(compare(sound, broken).exitCode).toBe(1);
    expect(compare(sound, broken, [waiver]).exitCode).toBe(0);
    const expired = compare(sound, broken, [{ ...waiver, expires: '2026-11-21' }]);
    expect(expired.exitCode).toBe(1);
    expect(expired.upkeep.map(({ message }) => message)).toEqual([
      `the waiver ${waiver.id} has expired on 2026-11-21 (platform)`,
    ]);
    const lastDay = compare(sound, broken, [{ ...waiver, expires: '2026-11-22' }]);
    expect([lastDay.exitCode, lastDay.upkeep]).toEqual([0, []]);
  });
});

describe('against the contract', () => {
  it('every check that fails is a change', () => {
    const verdicts = [verdict('A', { ...killMode, expected: 'process', found: 'mixed' }), verdict('B')];
    const tool = { name: 'check-image', version: '1' };
    const options = { builtIn, waivers: [], failOn: 'breaking', today: '2026-11-22', tool } as const;
    const result = compareContract(portraitOf({}, { verdicts }), options);
    expect(linesOf(result)).toEqual(['breaking contract A title of A: mixed -> process']);
    expect(result.exitCode).toBe(1);
    expect(compareContract(portraitOf({}, { verdicts: [verdict('B')] }), options).exitCode).toBe(0);
  });
});
