/** Every row of the numbered reading of the K3s image contract 1.0, in its words, with the checks that judge it. */
export interface ContractRow {
  readonly row: string;
  readonly says: string;
  readonly checks: readonly string[];
}

const sections: Readonly<Record<string, readonly string[]>> = {
  BIN: [
    'the program is there, executable by all, of its full size',
    'its version is of the series',
    'it runs on the architecture',
    'kubectl leads to it',
    'crictl leads to it',
    'ctr leads to it',
    'package and program agree on version and architecture',
    'no second k3s shadows it',
  ],
  SVC: [
    'the unit of the server can be loaded',
    'the unit of the agent can be loaded',
    'it is enabled and not masked',
    'one role only',
    'ExecStart runs the program in the role',
    'Type=notify',
    'KillMode=process',
    'Delegate=yes',
    'LimitNOFILE=1048576',
    'LimitNPROC=infinity',
    'LimitCORE=infinity',
    'TasksMax=infinity, no slice undercuts it',
    'Restart=always',
    'RestartSec=5s',
    'the unit parses without a complaint',
    'environment files exist',
    'no unit outside the unit path',
    'something waits for the network',
  ],
  CFG: [
    '/etc/rancher/k3s is a directory of mode 755',
    'config.yaml has mode 644 and known keys',
    'config.yaml.d has mode 755 and parses',
    '/etc/default/k3s-server has mode 644 and parses',
    '/etc/default/k3s-agent has mode 644 and parses',
    'the data directory has mode 755',
    'data directory, token and images agree',
    'the data directory can be written',
  ],
  TOK: [
    'a server has a token',
    'its file is private',
    'it is one line without a placeholder',
    'it is not well known',
    'node-token is private where it exists',
    'an agent has the URL of a server',
    'an agent has a token',
    'no token where everybody can read it',
    'a token that is delivered later is announced',
  ],
  PKG: [
    'iptables',
    'nftables',
    'iproute2',
    'kmod',
    'socat',
    'ipset',
    'ethtool',
    'conntrack',
    'bridge-utils',
    'util-linux',
    'systemd',
  ],
  MOD: ['overlay', 'br_netfilter', 'iscsi_tcp', 'dm_crypt'],
  SYS: [
    'net.ipv4.ip_forward = 1',
    'net.ipv6.conf.all.forwarding = 1',
    'bridge-nf-call-iptables = 1',
    'bridge-nf-call-ip6tables = 1',
    'max_user_watches at least 524288',
    'max_user_instances at least 8192',
    'bridge keys have their module',
    'no network file takes forwarding back',
  ],
  NET: [
    '--flannel-iface is that of the profile',
    'the interface can come into being',
    'it gets an address',
    'names of interfaces are stable',
    'cluster ranges are apart',
    'the bond is of the mode of the profile',
    'one manager has the interface',
    '8021q and bonding are available',
    'node addresses are those of the interface, unique among images',
    'the host name is set, unique among images',
    'VLAN ids agree',
  ],
  FW: ['6443/tcp', '2379/tcp', '2380/tcp', '10250/tcp', '8472/udp', '51820/udp', '30000-32767/tcp', '30000-32767/udp'],
  AIR: ['archives of container images can be loaded'],
  VT: [
    'the machine boots',
    'multi-user.target is reached',
    'the unit is active',
    'the program is executable',
    'nodes are Ready',
  ],
};

/** What other checks a row has besides the one of its own name. */
const further: Readonly<Record<string, readonly string[]>> = {
  'K3S-NET-02': ['K3S-NET-12'],
  'K3S-NET-09': ['K3S-CLU-02', 'K3S-CLU-09'],
  'K3S-NET-10': ['K3S-CLU-01'],
  'K3S-NET-11': ['K3S-CLU-07'],
  'K3S-TOK-04': ['K3S-CLU-04'],
  'K3S-BIN-02': ['K3S-CLU-05'],
  'K3S-NET-05': ['K3S-CLU-06'],
  'K3S-CFG-02': ['K3S-CFG-09', 'K3S-CFG-10'],
  'K3S-PKG-11': ['K3S-PKG-12'],
  'K3S-FW-01': ['K3S-FW-09'],
  'K3S-MOD-04': ['K3S-MOD-05', 'K3S-MOD-06', 'K3S-MOD-07', 'K3S-MOD-08', 'K3S-MOD-09'],
  'K3S-VT-01': ['BOOT-01', 'BOOT-02', 'BOOT-03', 'BOOT-04', 'BOOT-05', 'BOOT-06', 'BOOT-07', 'BOOT-12'],
  'K3S-VT-02': ['BOOT-08', 'BOOT-09', 'BOOT-10', 'BOOT-16'],
};

export const contractRows: readonly ContractRow[] = Object.entries(sections).flatMap(([section, rows]) =>
  rows.map((says, index) => {
    const row = `K3S-${section}-${String(index + 1).padStart(2, '0')}`;
    return { row, says, checks: [row, ...(further[row] ?? [])] };
  }),
);
