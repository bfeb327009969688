import { describe, expect, it } from 'vitest';
import { ImageError } from '../../../src/errors.ts';
import {
  findCycle,
  findDevice,
  findHardware,
  findMembers,
  findParent,
  findSetup,
} from '../../../src/facts/network/interface-graph.ts';
import type { MemoryTree } from '../../../src/filesystems/memory.ts';
import { formatLocation } from '../../../src/location.ts';
import { base, factsOf, type Profile, profileFiles, started } from './nodes.ts';

async function read(tree: MemoryTree, commandLine?: string) {
  return (await factsOf({ ...base, ...tree }, commandLine)).get('network');
}

const network = '/etc/systemd/network';

describe('the profiles', () => {
  it.each<[Profile, string, readonly string[], string]>([
    ['simple', 'eth1', ['eth1'], '192.168.1.1/24'],
    ['vlans', 'eth1.200', ['eth1'], '192.168.200.1/24'],
    ['bonding-vlans', 'bond0.200', ['eth1', 'eth2'], '192.168.200.1/24'],
  ])('%s: %s stands on %j and has %s', async (profile, name, hardware, address) => {
    const { value, gaps } = await read(profileFiles(profile));
    expect(gaps).toEqual([]);
    expect(value.problems).toEqual([]);
    expect(findHardware(value, name)).toEqual(hardware);
    expect(findSetup(value, name).setup?.addresses.map((one) => one.value)).toEqual([address]);
  });

  it('say id, parent, members, mode and preferred member with their lines', async () => {
    const { value } = await read(profileFiles('bonding-vlans'));
    const vlan = findDevice(value, 'bond0.200');
    expect(vlan).toMatchObject({ kind: 'vlan', vlanId: { value: '200' } });
    const parent = vlan && findParent(value, vlan);
    expect(parent && [parent.value, formatLocation(parent.location)]).toEqual([
      'bond0',
      `image:${network}/15-bond0.network:5`,
    ]);
    const bond = findDevice(value, 'bond0');
    expect(bond).toMatchObject({ kind: 'bond', bondMode: { value: 'active-backup' }, miiMonitor: { value: '100' } });
    expect(bond && findMembers(value, bond).map((one) => one.value)).toEqual(['eth1', 'eth2']);
    expect(findSetup(value, 'eth1').setup?.primary?.location.line).toBe(6);
  });
});

describe('networkd files', () => {
  it('the first that matches counts, by file name over all directories', async () => {
    const { value } = await read({
      [`${network}/50-all.network`]: '[Match]\nName=*\n[Network]\nDHCP=yes\n',
      '/usr/lib/systemd/network/10-eth.network': '[Match]\nName=eth*\n[Network]\nAddress=10.0.0.1/8\n',
    });
    expect(findSetup(value, 'eth1').setup?.location.path).toBe('/usr/lib/systemd/network/10-eth.network');
    expect(findSetup(value, 'ens3').setup?.dhcp?.value).toBe('yes');
  });

  it('a drop-in adds, an empty assignment resets, a masked file is hidden', async () => {
    const { value } = await read({
      [`${network}/10-a.network`]: '[Match]\nName=eth1\n[Network]\nAddress=10.0.0.1/8\nDHCP=yes\n',
      [`${network}/10-a.network.d/x.conf`]: '[Network]\nAddress=\nAddress=10.0.0.2/8\n[Link]\nUnmanaged=yes\n',
      [`${network}/20-b.network`]: { link: '/dev/null' },
      '/usr/lib/systemd/network/20-b.network': '[Match]\nName=eth2\n[Network]\nDHCP=yes\n',
    });
    const { setup } = findSetup(value, 'eth1');
    expect(setup?.addresses.map((one) => [one.value, one.location.path])).toEqual([
      ['10.0.0.2/8', `${network}/10-a.network.d/x.conf`],
    ]);
    expect(setup?.unmanaged?.location.line).toBe(5);
    expect(findSetup(value, 'eth2').setup).toBeUndefined();
    expect(value.masked).toHaveLength(1);
  });

  it.each([
    ['Name=!eth0 lo', 'eth1', 'yes'],
    ['Name=!eth0 lo', 'eth0', 'no'],
    ['Type=ether', 'eth1', 'yes'],
    ['Type=wlan', 'eth1', 'no'],
    ['Kind=!*', 'eth1', 'yes'],
    ['Kind=veth\nName=host0', 'host0', 'no'],
    ['Name=eth?', 'eth1', 'yes'],
    ['', 'eth1', 'no'],
    ['MACAddress=52:54:00:01:01:01', 'eth1', 'perhaps'],
  ])('[Match] %s for %s: %s', async (match, name, state) => {
    const { value } = await read({ [`${network}/10.network`]: `[Match]\n${match}\n[Network]\nDHCP=yes\n` });
    const { setup, perhaps } = findSetup(value, name);
    expect(setup ? 'yes' : perhaps.length > 0 ? 'perhaps' : 'no').toBe(state);
  });

  it('settings nobody asks about are kept by name, as far as they count', async () => {
    const { value } = await read({
      [`${network}/10-eth1.network`]:
        '[Match]\nName=eth1\n[Network]\nAddress=10.0.0.1/8\nDNS=1.1.1.1\nDNS=\nDNS=9.9.9.9\n[Link]\nMTUBytes=9000\n',
      [`${network}/10-bond0.netdev`]: '[NetDev]\nName=bond0\nKind=bond\n[Bond]\nMode=802.3ad\nLACPTransmitRate=fast\n',
    });
    const { others } = findSetup(value, 'eth1').setup ?? {};
    expect(Object.entries(others ?? {}).map(([name, values]) => [name, values.map((one) => one.value)])).toEqual([
      ['Network.DNS', ['9.9.9.9']],
      ['Link.MTUBytes', ['9000']],
    ]);
    expect(Object.keys(findDevice(value, 'bond0')?.others ?? {})).toEqual(['Bond.LACPTransmitRate']);
  });

  it('devices without a usable name or kind are problems at their line', async () => {
    const { value } = await read({
      [`${network}/a.netdev`]: '[NetDev]\nKind=vlan\n',
      [`${network}/b.netdev`]: '[NetDev]\nName=much-too-long-for-linux\nKind=vlan\n',
      [`${network}/c.network`]: '[Match\nName=eth1\n',
    });
    expect(value.devices).toEqual([]);
    expect(value.problems.map(({ location }) => formatLocation(location))).toEqual([
      `image:${network}/c.network:1`,
      `image:${network}/a.netdev`,
      `image:${network}/b.netdev:2`,
    ]);
  });

  it('parents that stand on each other end the search', async () => {
    const { value } = await read({
      [`${network}/a.netdev`]: '[NetDev]\nName=a\nKind=vlan\n[VLAN]\nId=1\n',
      [`${network}/b.netdev`]: '[NetDev]\nName=b\nKind=vlan\n[VLAN]\nId=2\n',
      [`${network}/a.network`]: '[Match]\nName=a\n[Network]\nVLAN=b\n',
      [`${network}/b.network`]: '[Match]\nName=b\n[Network]\nVLAN=a\n',
    });
    expect(findCycle(value, 'a')?.name).toBe('a');
    expect(findHardware(value, 'a')).toEqual([]);
  });

  it('a file that cannot be read is a gap of the interfaces alone', async () => {
    const error = new ImageError('corrupt', 'ext4/bad-checksum', 'bad checksum');
    const { gaps } = await read({ [`${network}/10.network`]: { text: '[Match]', error } });
    expect(gaps.map(({ keys }) => keys)).toEqual([['interfaces']]);
  });
});

describe('names of interfaces', () => {
  const link = (text: string): MemoryTree => ({ [`${network}/10-x.link`]: text });
  it.each<[string, MemoryTree, string | undefined, string]>([
    ['net.ifnames=0', {}, 'quiet net.ifnames=0', 'kept'],
    ['the last net.ifnames counts', {}, 'net.ifnames=0 net.ifnames=1', 'replaced'],
    ['no such parameter', {}, 'quiet', 'replaced'],
    ['no command line', {}, undefined, 'unknown'],
    ['the rule masked', { '/etc/udev/rules.d/80-net-setup-link.rules': { link: '/dev/null' } }, 'quiet', 'kept'],
    ['the default link masked', { [`${network}/99-default.link`]: { link: '/dev/null' } }, 'quiet', 'kept'],
    [
      'a link file that keeps names',
      link('[Match]\nOriginalName=*\n[Link]\nNamePolicy=keep kernel\n'),
      'quiet',
      'kept',
    ],
    ['a link file for others', link('[Match]\nOriginalName=wl*\n[Link]\nNamePolicy=kernel\n'), 'quiet', 'replaced'],
  ])('%s: the kernel names are %4$s', async (_, tree, commandLine, state) => {
    const { value } = await read(tree, commandLine);
    expect(value.naming.kernelNames).toBe(state);
    expect(value.naming.because).toMatch(/\w/);
  });

  it('a link file or a udev rule assigns a name', async () => {
    const { value } = await read({
      ...link('[Match]\nMACAddress=52:54:00:00:00:01\n[Link]\nName=eth1\n'),
      '/etc/udev/rules.d/70-persistent-net.rules':
        '# comment\nSUBSYSTEM=="net", ACTION=="add", \\\n  ATTR{address}=="52:54:00:00:00:02", NAME="eth2"\n',
    });
    expect(value.naming.assigned.map(({ name, by, location }) => [name, by, location.line])).toEqual([
      ['eth1', 'link file', 4],
      ['eth2', 'udev rule', 2],
    ]);
  });
});

describe('managers', () => {
  it('start when the boot pulls them in, unless masked', async () => {
    const { value } = await read({
      ...started('networking.service'),
      '/etc/systemd/system/systemd-networkd.service': { link: '/dev/null' },
    });
    const running = value.managers.filter(({ state }) => state === 'started').map(({ manager }) => manager);
    expect(running).toEqual(['ifupdown']);
  });

  it('a setup of a manager that does not start does not count', async () => {
    const { value } = await read({ '/etc/network/interfaces': 'auto eth1\niface eth1 inet dhcp\n' });
    expect(value.setups.map(({ origin }) => origin)).toEqual(['ifupdown']);
    expect(findSetup(value, 'eth1').setup).toBeUndefined();
    expect(findSetup(value, 'eth1', 'ifupdown').setup?.dhcp?.value).toBe('yes');
  });
});

describe('other syntaxes say the same of a VLAN on a bond', () => {
  const connection = (id: string, more: string) => ({ text: `[connection]\nid=${id}\n${more}`, mode: 0o600 });
  const dialects: Readonly<Record<string, MemoryTree>> = {
    ifupdown: {
      ...started('networking.service'),
      '/etc/network/interfaces': 'source interfaces.d/*\nauto lo\niface lo inet loopback\n',
      '/etc/network/interfaces.d/node':
        'auto bond0 bond0.200\niface bond0 inet manual\n  bond-slaves eth1 eth2\n  bond_mode active-backup\n' +
        '  bond-miimon 100\niface bond0.200 inet static\n  address 192.168.200.1/24\n',
    },
    NetworkManager: {
      ...started('NetworkManager.service'),
      '/etc/NetworkManager/system-connections/bond.nmconnection': connection(
        'bond',
        'type=bond\ninterface-name=bond0\n[bond]\nmode=active-backup\nmiimon=100\n',
      ),
      '/etc/NetworkManager/system-connections/eth1.nmconnection': connection(
        'eth1',
        'type=ethernet\ninterface-name=eth1\nmaster=bond0\nslave-type=bond\n',
      ),
      '/etc/NetworkManager/system-connections/eth2.nmconnection': connection(
        'eth2',
        'type=ethernet\ninterface-name=eth2\ncontroller=bond0\nport-type=bond\n',
      ),
      '/etc/NetworkManager/system-connections/vlan.nmconnection': connection(
        'vlan',
        'type=vlan\ninterface-name=bond0.200\n[vlan]\nid=200\nparent=bond0\n[ipv4]\nmethod=manual\naddress1=192.168.200.1/24,192.168.200.254\n',
      ),
    },
    netplan: {
      '/etc/netplan/50-node.yaml':
        'network:\n  version: 2\n  ethernets:\n    eth1: {}\n    eth2: {}\n  bonds:\n    bond0:\n' +
        '      interfaces: [eth1, eth2]\n      parameters:\n        mode: active-backup\n        mii-monitor-interval: 100\n' +
        '  vlans:\n    bond0.200:\n      id: 200\n      link: bond0\n      addresses: [192.168.200.1/24]\n',
    },
  };

  it.each(Object.entries(dialects))('%s', async (_, tree) => {
    const { value } = await read(tree);
    expect(value.problems).toEqual([]);
    expect(findDevice(value, 'bond0.200')).toMatchObject({ kind: 'vlan', vlanId: { value: '200' } });
    expect(findDevice(value, 'bond0')).toMatchObject({
      bondMode: { value: 'active-backup' },
      miiMonitor: { value: '100' },
    });
    expect(findHardware(value, 'bond0.200')).toEqual(['eth1', 'eth2']);
    expect(findSetup(value, 'bond0.200').setup?.addresses.map((one) => one.value)).toEqual(['192.168.200.1/24']);
  });

  it('a connection that others can read is ignored, and said', async () => {
    const path = '/etc/NetworkManager/system-connections/a.nmconnection';
    const { value } = await read({ [path]: '[connection]\ninterface-name=eth1\n' });
    expect(value.setups).toEqual([]);
    expect(value.problems.map(({ location }) => location.path)).toEqual([path]);
  });

  it.each([
    ['an alias bomb', `a: &a [x, x]\nb: &b [*a, *a]\nnetwork: {ethernets: *b}\n`, 2],
    ['a list', '- network\n', 1],
    ['no YAML', 'network:\n  ethernets:\n    eth1: [\n', 4],
    ['deep nesting', '['.repeat(5000), 1],
  ])('netplan: %s is a problem with its line', async (_, text, line) => {
    const { value } = await read({ '/etc/netplan/a.yaml': text });
    expect(value.setups).toEqual([]);
    expect(value.problems.map(({ location }) => location.line)).toEqual([line]);
  });

  it('ifupdown: sources that name each other are read once', async () => {
    const { value } = await read({
      ...started('networking.service'),
      '/etc/network/interfaces': 'source /etc/network/a\nstray word\n',
      '/etc/network/a': 'source /etc/network/interfaces\nauto eth0\niface eth0 inet dhcp\n',
    });
    expect(value.setups).toHaveLength(1);
    expect(value.problems.map(({ location }) => location.line)).toEqual([2]);
  });
});
