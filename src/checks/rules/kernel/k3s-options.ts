/**
 * Kernel options that k3s asks for (its documentation, "check-config"), by kernel version. Left out are BRIDGE_NETFILTER and
 * OVERLAY_FS, which checks of their own judge as modules, and RT_GROUP_SCHED, which systemd advises against.
 */
export interface KernelOption {
  readonly name: string;
  /** Only for kernels before this one, `major.minor`. */
  readonly before?: readonly [number, number];
}

export type OptionGroup = 'necessary' | 'useful';

const named = (names: string): readonly KernelOption[] => names.split(' ').map((name) => ({ name }));

export const k3sOptions: Readonly<Record<OptionGroup, readonly KernelOption[]>> = {
  necessary: [
    ...named('NAMESPACES NET_NS PID_NS IPC_NS UTS_NS'),
    ...named('CGROUPS CGROUP_PIDS CGROUP_CPUACCT CGROUP_DEVICE CGROUP_FREEZER CGROUP_SCHED CPUSETS MEMCG'),
    ...named('SECCOMP KEYS POSIX_MQUEUE VETH BRIDGE'),
    ...named('NF_NAT IP_NF_NAT IP_NF_FILTER IP_NF_TARGET_MASQUERADE IP_NF_TARGET_REJECT'),
    ...named('NETFILTER_XT_MATCH_ADDRTYPE NETFILTER_XT_MATCH_CONNTRACK NETFILTER_XT_MATCH_IPVS'),
    ...named('NETFILTER_XT_MATCH_COMMENT NETFILTER_XT_MATCH_MULTIPORT NETFILTER_XT_MATCH_STATISTIC'),
    { name: 'DEVPTS_MULTIPLE_INSTANCES', before: [4, 8] },
  ],
  useful: [
    ...named('USER_NS BLK_CGROUP BLK_DEV_THROTTLING CGROUP_PERF CGROUP_HUGETLB NET_CLS_CGROUP CGROUP_NET_PRIO'),
    ...named('CFS_BANDWIDTH FAIR_GROUP_SCHED IP_NF_TARGET_REDIRECT IP_SET IP_VS IP_VS_NFCT'),
    ...named('IP_VS_PROTO_TCP IP_VS_PROTO_UDP IP_VS_RR VXLAN'),
    { name: 'MEMCG_KMEM', before: [4, 6] },
  ],
};

/** Names of the options of a group for a kernel release such as `6.12.107-amd64`. */
export function optionsFor(group: OptionGroup, release: string): readonly string[] {
  const [, major = 0, minor = 0] = (/^(\d+)\.(\d+)/.exec(release) ?? []).map(Number);
  return k3sOptions[group]
    .filter(({ before: [a, b] = [Infinity, 0] }) => major < a || (major === a && minor < b))
    .map(({ name }) => name);
}
