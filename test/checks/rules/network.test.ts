import { describe, expect, it } from 'vitest';
import { overlap, parseRange } from '../../../src/checks/rules/network/cidr.ts';
import type { FactTypes } from '../../../src/facts/fact-types.ts';
import { judge } from '../judge.ts';
import { place, StubFacts } from '../stub-facts.ts';

describe('ranges of addresses', () => {
  it.each([
    ['10.42.0.0/16', '10.42.255.255', true],
    ['10.42.0.0/16', '10.43.0.0/16', false],
    ['10.42.3.4/16', '10.42.0.0/24', true],
    ['0.0.0.0/0', '255.255.255.255', true],
    ['fd00:42::/56', 'fd00:42:0:ff::1', true],
    ['fd00:42::/56', 'fd00:43::/112', false],
    ['::ffff:10.0.0.1', '10.0.0.1', false],
    ['::/0', '10.0.0.0/8', false],
  ])('%s and %s overlap: %s', (a, b, wanted) => {
    const [one, other] = [parseRange(a), parseRange(b)];
    expect(one && other && overlap(one, other)).toBe(wanted);
  });

  it.each([
    '',
    '10.0.0',
    '10.0.0.256',
    '10.0.0.0/33',
    '1.2.3.4/5/6',
    'fd00:::1',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    'g::',
    '::/129',
  ])('%s is none', (text) => {
    expect(parseRange(text)).toBeUndefined();
  });
});

function k3sWith(settings: Readonly<Record<string, string>>): FactTypes['k3s'] {
  const fact = new StubFacts().get('k3s').value;
  const entries = Object.entries(settings).map(([flag, value]) => {
    const setting = {
      flag,
      values: [value],
      from: 'config',
      location: place('/etc/rancher/k3s/config.yaml', 3),
      beats: [],
    };
    return [flag, setting] as const;
  });
  const program = { path: '/usr/bin/k3s', location: place('/usr/lib/systemd/system/k3s-server.service', 20) };
  return { ...fact, program, settings: Object.fromEntries(entries) as FactTypes['k3s']['settings'] };
}

const judgeRule = (options: object, settings: Readonly<Record<string, string>>) =>
  judge('rule', options, new StubFacts({ k3s: { '': k3sWith(settings) } }));

describe('cluster-ranges', () => {
  const options = { name: 'cluster-ranges', 'cluster-cidr': '10.42.0.0/16', 'service-cidr': '10.43.0.0/16' };
  it.each<[Readonly<Record<string, string>>, string]>([
    [{}, 'pass'],
    [{ 'cluster-cidr': '10.50.0.0/16', 'service-cidr': '10.51.0.0/16', 'cluster-dns': '10.51.0.10' }, 'pass'],
    [{ 'cluster-cidr': '10.42.0.0/16,fd00:42::/56', 'service-cidr': '10.43.0.0/16,fd00:43::/112' }, 'pass'],
    [{ 'cluster-cidr': '10.43.0.0/20' }, 'fail'],
    [{ 'cluster-dns': '10.42.0.10' }, 'fail'],
    [{ 'node-ip': '10.42.9.1' }, 'fail'],
    [{ 'cluster-cidr': 'everything' }, 'fail'],
  ])('%j: %s', async (settings, status) => {
    expect((await judgeRule(options, settings)).status).toBe(status);
  });
});

describe('k3s-flag', () => {
  const options = { name: 'k3s-flag', flag: 'flannel-iface', value: 'eth1' };
  it.each<[Readonly<Record<string, string>>, string]>([
    [{ 'flannel-iface': 'eth1' }, 'pass'],
    [{ 'flannel-iface': 'eth0' }, 'fail'],
    [{}, 'fail'],
  ])('%j: %s', async (settings, status) => {
    expect((await judgeRule(options, settings)).status).toBe(status);
  });
});

describe('node-name', () => {
  const options = { name: 'node-name', placeholders: ['server-1'] };
  it.each<[Readonly<Record<string, string>>, string]>([
    [{}, 'fail'],
    [{ 'node-name': 'west-1' }, 'pass'],
    [{ 'node-name': 'server-1' }, 'fail'],
    [{ 'with-node-id': 'true' }, 'pass'],
  ])('%j: %s', async (settings, status) => {
    expect((await judgeRule(options, settings)).status).toBe(status);
  });
});

describe('k3s-conflicts', () => {
  it.each<[Readonly<Record<string, string>>, string, string?]>([
    [{}, 'pass'],
    [{ 'datastore-endpoint': 'mysql://x' }, 'pass'],
    [{ 'cluster-init': 'true' }, 'pass'],
    [{ 'datastore-endpoint': '', 'cluster-init': 'true' }, 'pass'],
    [{ 'datastore-endpoint': 'etcd', 'cluster-init': 'true' }, 'fail', 'should'],
    [{ 'datastore-endpoint': 'etcd', 'cluster-init': 'false' }, 'pass'],
    [{ 'datastore-endpoint': 'mysql://x', 'disable-etcd': 'true', server: 'https://a:6443' }, 'fail', 'must'],
    [{ 'datastore-endpoint': 'mysql://x', 'disable-apiserver': 'true', 'cluster-init': 'true' }, 'fail', 'must'],
    [{ 'disable-etcd': 'true' }, 'fail', 'must'],
    [{ 'disable-etcd': 'true', server: 'https://a:6443' }, 'pass'],
    [{ 'cluster-reset-restore-path': '/x' }, 'fail', 'must'],
  ])('%j: %s %s', async (settings, status, severity) => {
    const verdict = await judgeRule({ name: 'k3s-conflicts' }, settings);
    expect(verdict).toMatchObject({ status, ...(severity === undefined ? {} : { severity }) });
  });
});
