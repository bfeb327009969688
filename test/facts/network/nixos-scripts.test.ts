/** Interfaces of a NixOS system without networkd: the units and scripts that nixpkgs makes for them, and dhcpcd beside. */
import { describe, expect, it } from 'vitest';
import { ImageError } from '../../../src/errors.ts';
import { parseDhcpcd } from '../../../src/facts/network/dhcpcd.ts';
import { findDevice, findHardware, findMembers, findSetup } from '../../../src/facts/network/interface-graph.ts';
import { parseScript } from '../../../src/facts/network/nixos-scripts.ts';
import type { MemoryTree } from '../../../src/filesystems/memory.ts';
import { base, factsOf, started } from './nodes.ts';

const hash = '0'.repeat(32);
const script = (name: string): string => `/nix/store/${hash}-unit-script-${name}-start/bin/${name}-start`;

/** A unit that starts with the node, and its script. */
function unitOf(name: string, text: string): MemoryTree {
  const unit = `${name}.service`;
  return {
    ...started(unit),
    [`/etc/systemd/system/${unit}`]: `[Unit]\nDescription=x\n[Service]\nExecStart=${script(name)}\nType=oneshot\n`,
    [script(name)]: `#!/nix/store/${hash}-bash/bin/bash\nset -e\n${text}`,
  };
}

const addresses = (name: string, address: string): MemoryTree =>
  unitOf(
    `network-addresses-${name}`,
    `state="/run/nixos/network/addresses/${name}"
ip link set dev "${name}" up

echo "${address}" >> $state
echo -n "adding address ${address}... "
if out=$(ip addr replace "${address}" dev "${name}" 2>&1); then
  echo "done"
else
  echo "'ip addr replace \\"${address}\\" dev \\"${name}\\"' failed: $out"
fi
`,
  );

const tree: MemoryTree = {
  ...base,
  '/usr/lib/systemd/system/systemd-networkd.service': { link: '/dev/null' },
  ...addresses('bond0.200', '192.168.200.1/24'),
  ...unitOf(
    'bond0-netdev',
    `echo "Creating new bond bond0..."
ip link add name "bond0" type bond \\
  miimon 100 \\
  mode active-backup \\
  primary eth1
ip link set dev "bond0" up
ip link set dev "eth1" down
ip link set dev "eth1" master "bond0"
ip link set dev "eth2" down ; ip link set dev "eth2" master "bond0"
`,
  ),
  ...unitOf(
    'bond0.200-netdev',
    `ip link show dev "bond0.200" >/dev/null 2>&1 && ip link delete dev "bond0.200"
ip link add link "bond0" name "bond0.200" type vlan id "200"
ip link set dev "bond0.200" up || true
`,
  ),
};

describe('scripted interfaces', () => {
  it('are the VLAN on the bond that their scripts make', async () => {
    const { value, gaps } = (await factsOf(tree)).get('network');
    expect(gaps).toEqual([]);
    expect(value.managers).toContainEqual(expect.objectContaining({ manager: 'scripts', state: 'started' }));
    const setup = findSetup(value, 'bond0.200').setup;
    expect(setup).toMatchObject({ manager: 'scripts', addresses: [{ value: '192.168.200.1/24' }] });
    expect(setup?.addresses[0]?.location).toMatchObject({ path: script('network-addresses-bond0.200'), line: 8 });
    expect(findDevice(value, 'bond0.200')).toMatchObject({
      kind: 'vlan',
      vlanId: { value: '200' },
      parent: { value: 'bond0' },
    });
    const bond = findDevice(value, 'bond0');
    expect(bond).toMatchObject({ kind: 'bond', bondMode: { value: 'active-backup' }, miiMonitor: { value: '100' } });
    expect(bond && findMembers(value, bond).map((member) => member.value)).toEqual(['eth1', 'eth2']);
    expect(findHardware(value, 'bond0.200')).toEqual(['eth1', 'eth2']);
  });

  it('are a gap where a script is damaged, and nothing where a unit has none', async () => {
    const damage = new ImageError('corrupt', 'ext/bad-extent', 'an extent is damaged');
    const facts = await factsOf({
      ...tree,
      [script('bond0-netdev')]: { error: damage },
      [script('bond0.200-netdev')]: { directory: true },
    });
    const { value, gaps } = facts.get('network');
    expect(gaps).toMatchObject([{ keys: ['interfaces'], cause: { code: 'ext/bad-extent' } }]);
    expect(value.devices).toEqual([]);
  });

  it('are read from older and other spellings', () => {
    const text = `/nix/store/${hash}-iproute2/bin/ip -4 addr add 10.0.0.1/8 brd + dev eth1\nip link add name br0 type bridge\nip link set eth3 master br0\nip link add name x type macvlan\nip addr show dev eth9\n`;
    const { setups, devices } = parseScript(text, { source: 'x' });
    expect(setups.map(({ match, addresses: list }) => [match[0]?.patterns, list.map(({ value }) => value)])).toEqual([
      [['eth1'], ['10.0.0.1/8']],
    ]);
    expect(devices).toMatchObject([{ name: 'br0', kind: 'bridge', members: [{ value: 'eth3' }] }]);
  });
});

describe('dhcpcd', () => {
  const conf =
    'hostname\ndenyinterfaces veth* eth1\ninterface eth2\nstatic ip_address=10.0.0.2/24\nstatic routers=10.0.0.1\n';
  const node = (text: string): MemoryTree => ({
    ...base,
    '/usr/lib/systemd/system/systemd-networkd.service': { link: '/dev/null' },
    ...started('dhcpcd.service'),
    '/etc/dhcpcd.conf': text,
  });

  it.each([
    ['eth0', 'yes', []],
    ['eth1', undefined, undefined],
    ['eth2', undefined, ['10.0.0.2/24']],
    ['veth0', undefined, undefined],
    ['lo', undefined, undefined],
  ])('sets up %s', async (name, dhcp, list) => {
    const { value } = (await factsOf(node(conf))).get('network');
    const { setup } = findSetup(value, name);
    expect(setup?.dhcp?.value).toBe(dhcp);
    expect(setup?.addresses.map((address) => address.value)).toEqual(list);
  });

  it('takes only what it is allowed', () => {
    const [setup] = parseDhcpcd('allowinterfaces eth0 eth1\n', { source: 'x' });
    expect(setup?.match[0]).toEqual({ key: 'Name', negated: false, patterns: ['eth0', 'eth1'] });
  });

  it('is asked for its file where a unit of the system names one', async () => {
    const path = `/nix/store/${hash}-dhcpcd.conf`;
    const facts = await factsOf({
      ...node('denyinterfaces *\n'),
      '/etc/systemd/system/dhcpcd.service': `[Unit]\nDescription=x\n[Service]\nExecStart=@/x/dhcpcd dhcpcd --quiet --config ${path}\n`,
      [path]: 'denyinterfaces eth1\n',
    });
    expect(findSetup(facts.get('network').value, 'eth0').setup?.location).toMatchObject({ path });
  });
});
