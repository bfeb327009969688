import { describe, expect, it } from 'vitest';
import { describeNode } from '../../../src/checks/cluster/describe-node.ts';
import { ImageError } from '../../../src/errors.ts';
import { FactStore } from '../../../src/facts/fact-store.ts';
import { MemoryFileSystem, type MemoryTree } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { RootView } from '../../../src/root/root-view.ts';

const units = '/usr/lib/systemd/system';

/** A Debian node that starts k3s at boot, with these options. */
function nodeOf(options: string, tree: MemoryTree = {}, role = 'server') {
  const unit = `k3s-${role}.service`;
  const root: MemoryTree = {
    '/etc/os-release': 'ID=debian\n',
    '/etc/debian_version': '13\n',
    '/etc/hostname': 'Node-1\n',
    '/etc/machine-id': 'uninitialized\n',
    [`${units}/default.target`]: { link: 'multi-user.target' },
    [`${units}/multi-user.target`]: `[Unit]\nDefaultDependencies=no\nWants=${unit} systemd-networkd.service\n`,
    [`${units}/systemd-networkd.service`]: '[Unit]\nDefaultDependencies=no\n[Service]\nExecStart=/lib/n\n',
    [`${units}/${unit}`]: `[Unit]\nDefaultDependencies=no\n[Service]\nExecStart=/usr/bin/k3s ${role} ${options}\n`,
    '/etc/systemd/network/10.network': '[Match]\nName=eth1\n[Network]\nAddress=10.0.0.1/24\n',
    ...tree,
  };
  const view = new RootView([{ path: '/', fileSystem: new MemoryFileSystem(root) }], defaultLimits);
  return describeNode(new FactStore(view, { label: 'image', sideFiles: [] }));
}

describe('a server', () => {
  it('starts a cluster unless it joins one, or others keep its data', async () => {
    expect(await nodeOf('')).toMatchObject({ role: 'server', starts: { path: `${units}/k3s-server.service` } });
    expect((await nodeOf('--server https://other:6443'))?.starts).toBeUndefined();
    expect((await nodeOf('--datastore-endpoint mysql://db/k3s'))?.starts).toBeUndefined();
    expect((await nodeOf('--datastore-endpoint sqlite:///k3s.db'))?.starts).toBeDefined();
  });

  it('has the ranges of k3s where none are given', async () => {
    const { ranges = [] } = (await nodeOf('--service-cidr 10.96.0.0/16,fd00::/112')) ?? {};
    expect(Object.fromEntries(ranges.map(({ flag, value }) => [flag, value]))).toEqual({
      'cluster-cidr': '10.42.0.0/16',
      'service-cidr': '10.96.0.0/16,fd00::/112',
      'cluster-dns': '10.43.0.10',
      'cluster-domain': 'cluster.local',
    });
  });

  it('shows no token, and the same for a token in both of its forms', async () => {
    const [plain, full, other] = [
      await nodeOf('--token secret'),
      await nodeOf(`--token K10${'0'.repeat(64)}::server:secret`),
      await nodeOf('--token-file /t', { '/t': 'other\n' }),
    ];
    expect(JSON.stringify([plain?.tokens, full?.tokens])).not.toContain('secret');
    expect(plain?.tokens[0]?.value).toMatch(/^[0-9a-f]{8}$/);
    expect(full?.tokens[0]?.value).toBe(plain?.tokens[0]?.value);
    expect(other?.tokens[0]?.value).not.toBe(plain?.tokens[0]?.value);
  });

  it('takes the token of its own file only where no other is set', async () => {
    const own = { '/var/lib/rancher/k3s/server/token': 'own\n' };
    expect((await nodeOf('', own))?.tokens.map(({ location }) => location.path)).toEqual([
      '/var/lib/rancher/k3s/server/token',
    ]);
    expect((await nodeOf('--token given', own))?.tokens).toHaveLength(1);
  });
});

describe('an agent', () => {
  it('has the URL it joins, and no token of a file it does not read', async () => {
    const own = { '/var/lib/rancher/k3s/server/token': 'own\n' };
    const node = await nodeOf('--server https://10.0.0.1:6443 --node-ip 10.0.0.1', own, 'agent');
    expect(node).toMatchObject({ role: 'agent', joins: { value: 'https://10.0.0.1:6443' }, tokens: [], ranges: [] });
    expect(node?.starts).toBeUndefined();
  });
});

describe('names and addresses', () => {
  it('are those the running machine does not make', async () => {
    const node = await nodeOf('', { '/etc/machine-id': `${'a'.repeat(32)}\n` });
    expect([node?.name?.value, node?.machineId?.value]).toEqual(['node-1', 'a'.repeat(32)]);
    expect((await nodeOf(''))?.machineId).toBeUndefined();
    expect((await nodeOf('--with-node-id'))?.name).toBeUndefined();
    expect((await nodeOf('--node-name Own'))?.name?.value).toBe('own');
  });

  it('are not those inside one machine', async () => {
    const node = await nodeOf('', {
      '/etc/systemd/network/20.netdev': '[NetDev]\nName=br0\nKind=bridge\n',
      '/etc/systemd/network/20.network': '[Match]\nName=br0\n[Network]\nAddress=172.16.0.1/24\n',
      '/etc/systemd/network/30.network': '[Match]\nName=eth2\n[Network]\nAddress=169.254.0.1/16\nAddress=10.9.0.1/24\n',
    });
    expect(node?.addresses.map(({ value }) => value)).toEqual(['10.0.0.1/24', '10.9.0.1/24']);
  });
});

it('an image without k3s is no node', async () => {
  expect(await nodeOf('', {}, 'other')).toBeUndefined();
});

it('a configuration that cannot be read leaves open what is not there', async () => {
  const error = new ImageError('corrupt', 'ext4/bad-block', 'a bad block');
  const node = await nodeOf('', { '/etc/rancher/k3s/config.yaml': { error } });
  expect(node).toMatchObject({ role: 'server', incomplete: 'a bad block' });
  expect(node?.starts).toBeUndefined();
});
