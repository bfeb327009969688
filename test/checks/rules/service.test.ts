/** Rules about the k3s service and its surroundings: the cases the contract's own table does not reach. */
import { describe, expect, it } from 'vitest';
import { slicesUpTo } from '../../../src/checks/rules/slice-tasks.ts';
import type { K3sFact } from '../../../src/facts/k3s/k3s-fact.ts';
import type { UnitStart } from '../../../src/facts/systemd/unit-fact.ts';
import { judge } from '../judge.ts';
import { directive, file, link, place, StubFacts, type StubValues, unit } from '../stub-facts.ts';

const name = 'k3s-server.service';
const k3s = (more: Partial<K3sFact>): NonNullable<StubValues['k3s']> => ({
  '': { ...new StubFacts().get('k3s').value, ...more },
});
const started = (...units: readonly string[]): NonNullable<StubValues['startup']> => ({
  '': {
    units: Object.fromEntries(
      units.map((one): [string, UnitStart] => [
        one,
        { unit: one, state: 'boot', because: [{ unit: 'x.target', by: 'Wants=', location: place(`/${one}`) }] },
      ]),
    ),
  },
});

describe('one-role', () => {
  const rule = { name: 'one-role', units: ['a.service', 'b.service'], packages: [] };

  it('fails when both units are started, naming what pulls them in', async () => {
    expect(await judge('rule', rule, new StubFacts({ startup: started('a.service', 'b.service') }))).toMatchObject({
      status: 'fail',
      message: 'a.service and b.service are started at boot: a node has one role',
      evidence: [{ role: 'pulled in by' }, { role: 'pulled in by' }],
    });
    expect(await judge('rule', rule, new StubFacts({ startup: started('a.service') }))).toMatchObject({
      status: 'pass',
    });
  });
});

describe('slice-tasks', () => {
  it.each([
    ['system.slice', ['system.slice', '-.slice']],
    ['a-b-c.slice', ['a-b-c.slice', 'a-b.slice', 'a.slice', '-.slice']],
    ['-.slice', ['-.slice']],
  ])('%s lies in %j', (slice, above) => {
    expect(slicesUpTo(slice)).toEqual(above);
  });

  it.each([
    ['infinity', 'pass'],
    ['500', 'fail'],
    ['15%', 'fail'],
  ])('TasksMax=%s of a slice further up: %s', async (value, status) => {
    const facts = new StubFacts({
      unit: {
        [name]: unit(name, { directives: { 'Service.Slice': directive('Service.Slice', 'a-b.slice') } }),
        'a.slice': unit('a.slice', { directives: { 'Slice.TasksMax': directive('Slice.TasksMax', value, 3) } }),
      },
    });
    expect(await judge('rule', { name: 'slice-tasks', unit: name }, facts)).toMatchObject({ status });
  });
});

describe('k3s-exec', () => {
  const rule = { name: 'k3s-exec', program: '/usr/bin/k3s', role: 'server' };
  const exec = (path: string, files: NonNullable<StubValues['file']>, args = ['server']) =>
    judge(
      'rule',
      rule,
      new StubFacts({
        k3s: k3s({ program: { path, location: place('/x.service', 9) }, arguments: args }),
        file: files,
      }),
    );
  const own = { '/usr/bin/k3s': file('/usr/bin/k3s') };

  it('takes the program by any path to it', async () => {
    expect(
      await exec('/bin/k3s', { ...own, '/bin/k3s': link('/bin/k3s', '/usr/bin/k3s', '/usr/bin/k3s') }),
    ).toMatchObject({ status: 'pass' });
  });

  it.each([
    ['another program', '/opt/k3s', { ...own, '/opt/k3s': file('/opt/k3s') }, ['server'], '/usr/bin/k3s wanted'],
    ['a program that is not there', '/opt/k3s', own, ['server'], 'which is not there'],
    ['the other role', '/usr/bin/k3s', own, ['agent'], 'server wanted'],
    ['no role', '/usr/bin/k3s', own, [], 'has no argument'],
  ])('fails for %s', async (_, path, files, args, message) => {
    expect(await exec(path, files, args)).toMatchObject({ status: 'fail', message: expect.stringContaining(message) });
  });
});

describe('environment-files', () => {
  const rule = { name: 'environment-files' };
  const files = (path: string, optional: boolean) =>
    new StubFacts({
      k3s: k3s({ environmentFiles: [{ path, optional, state: 'missing', location: place('/x.service', 4) }] }),
    });

  it.each([
    ['/etc/default/x', false, { status: 'fail' }],
    ['/etc/default/x', true, { status: 'pass', note: '/etc/default/x is optional and not there' }],
    ['/run/x', false, { status: 'unknown', kind: 'undecidable' }],
  ])('%s missing, optional %s', async (path, optional, verdict) => {
    expect(await judge('rule', rule, files(path, optional))).toMatchObject(verdict);
  });
});

describe('network-online', () => {
  const rule = { name: 'network-online', unit: name, providers: ['wait.service'] };
  const ordered = unit(name, {
    directives: { 'Unit.After': directive('Unit.After', 'time.target network-online.target', 5) },
  });

  it.each<[string, StubValues, string]>([
    ['a provider is started', { unit: { [name]: ordered }, startup: started('wait.service') }, 'pass'],
    ['no provider is started', { unit: { [name]: ordered } }, 'fail'],
    ['not ordered after it', { unit: { [name]: unit(name) } }, 'pass'],
    ['no such unit', {}, 'skip'],
  ])('%s', async (_, values, status) => {
    expect(await judge('rule', rule, new StubFacts(values))).toMatchObject({ status });
  });
});

describe('k3s-settings', () => {
  const problem = (path: string, effect: 'refused' | 'ignored') =>
    new StubFacts({
      k3s: k3s({
        problems: [{ kind: 'unknown-flag', subject: 'x', message: `unknown flag x`, effect, location: place(path, 3) }],
      }),
    });
  const dropIns = '/etc/rancher/k3s/config.yaml.d';

  it.each([
    ['refused', undefined],
    ['ignored', 'should'],
  ] as const)('what k3s %s', async (effect, severity) => {
    const verdict = await judge('rule', { name: 'k3s-settings' }, problem('/x', effect));
    expect(verdict).toMatchObject({
      status: 'fail',
      evidence: [{ location: { line: 3 } }],
      severity: severity ?? 'must',
    });
  });

  it('leaves each folder to one check', async () => {
    const facts = problem(`${dropIns}/10.yaml`, 'refused');
    expect(await judge('rule', { name: 'k3s-settings', except: dropIns }, facts)).toMatchObject({ status: 'pass' });
    expect(await judge('rule', { name: 'k3s-settings', within: dropIns }, facts)).toMatchObject({ status: 'fail' });
  });
});

describe('writable-directory', () => {
  const rule = { name: 'writable-directory', path: '/var/lib/rancher/k3s' };
  const fstab = (text: string) =>
    new StubFacts({
      text: { '/etc/fstab': { path: '/etc/fstab', state: 'present', text, location: place('/etc/fstab') } },
    });

  it.each([
    ['/dev/a / ext4 ro 0 1\n/dev/b /var ext4 defaults 0 2\n', 'pass'],
    ['/dev/a / ext4 defaults,ro 0 1\n', 'fail'],
    ['# c\n/dev/a / squashfs\n', 'fail'],
    ['/dev/a /var/lib ext4 ro\n/dev/b /variable ext4 rw\n', 'fail'],
    ['', 'pass'],
  ])('%j: %s', async (text, status) => {
    expect(await judge('rule', rule, fstab(text))).toMatchObject({ status });
  });
});

describe('shadowed-program', () => {
  it('does not mind another path to the same file', async () => {
    const facts = new StubFacts({
      file: {
        '/usr/bin/k3s': file('/usr/bin/k3s'),
        '/usr/local/bin/k3s': link('/usr/local/bin/k3s', '/usr/bin/k3s', '/usr/bin/k3s'),
      },
    });
    expect(
      await judge('rule', { name: 'shadowed-program', program: '/usr/bin/k3s', paths: ['/usr/local/bin/k3s'] }, facts),
    ).toMatchObject({ status: 'pass' });
  });
});

describe('package-version', () => {
  const rule = { name: 'package-version', program: '/usr/bin/k3s', packages: ['k3s-server'] };
  const elf = {
    class: 64,
    endianness: 'little',
    machine: 62,
    architecture: 'amd64',
    type: 'executable',
    linkage: 'static',
    needed: [],
  } as const;
  const packed = (version: string, architecture: string) =>
    new StubFacts({
      binary: {
        '/usr/bin/k3s': {
          path: '/usr/bin/k3s',
          state: 'present',
          kind: 'elf',
          elf,
          k3sVersion: { text: 'v1.35.0+k3s3', from: 'ldflags', location: place('/usr/bin/k3s') },
          location: place('/usr/bin/k3s'),
        },
      },
      packages: {
        '': {
          database: 'dpkg',
          packages: [
            { name: 'k3s-server', version, architecture, status: 'install ok installed', location: place('/s', 1) },
          ],
          beside: [],
        },
      },
    });

  it.each([
    ['1.35.0', 'amd64', 'pass'],
    ['1.35.0+k3s3-1', 'amd64', 'pass'],
    ['1:1.35.0', 'amd64', 'pass'],
    ['1.32.0', 'amd64', 'fail'],
    ['1.35.0', 'all', 'fail'],
  ])('package %s %s: %s', async (version, architecture, status) => {
    expect(await judge('rule', rule, packed(version, architecture))).toMatchObject({ status });
  });
});
