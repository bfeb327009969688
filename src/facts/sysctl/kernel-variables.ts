/**
 * What the kernel's tables say about some keys: names that stand for one variable, and modules that bring keys into being.
 * Sources: net/ipv4/devinet.c, net/netfilter/nf_conntrack_standalone.c, fs/notify/{inotify,fanotify}, kernel/ucount.c, and
 * the register_sysctl calls of the modules named here. Counterparts that reset each other (`vm.dirty_ratio` and
 * `vm.dirty_bytes`) are two variables and not listed.
 */

/** Canonical names, one row per variable. */
const oneVariable: readonly (readonly string[])[] = [
  ['net.ipv4.ip_forward', 'net.ipv4.conf.all.forwarding'],
  ['net.netfilter.nf_conntrack_max', 'net.nf_conntrack_max'],
  ['fs.inotify.max_user_instances', 'user.max_inotify_instances'],
  ['fs.inotify.max_user_watches', 'user.max_inotify_watches'],
  ['fs.fanotify.max_user_groups', 'user.max_fanotify_groups'],
  ['fs.fanotify.max_user_marks', 'user.max_fanotify_marks'],
];

/** Prefixes of canonical keys that exist only once a module is there. */
const moduleOfPrefix: readonly (readonly [prefix: string, module: string])[] = [
  ['net.bridge.', 'br_netfilter'],
  ['net.netfilter.nf_conntrack_', 'nf_conntrack'],
  ['net.netfilter.nf_flowtable_', 'nf_conntrack'],
  ['net.nf_conntrack_max', 'nf_conntrack'],
  ['net.ipv4.vs.', 'ip_vs'],
  ['net.sctp.', 'sctp'],
  ['net.tipc.', 'tipc'],
  ['net.rds.', 'rds'],
  ['net.smc.', 'smc'],
  ['net.mpls.', 'mpls_router'],
  ['fs.nfs.nlm_', 'lockd'],
  ['fs.nfs.nsm_', 'lockd'],
  ['fs.nfs.', 'nfs'],
  ['sunrpc.', 'sunrpc'],
  ['fs.xfs.', 'xfs'],
  ['fs.fuse.', 'fuse'],
  ['dev.raid.', 'md_mod'],
  ['dev.cdrom.', 'cdrom'],
  ['dev.parport.', 'parport'],
  ['dev.scsi.', 'scsi_mod'],
  ['dev.i915.', 'i915'],
];

const groups: ReadonlyMap<string, readonly string[]> = new Map(
  oneVariable.flatMap((names) => names.map((name) => [name, names] as const)),
);

/** All groups of names, for those who must look at each. */
export const sharedVariables = oneVariable;

/** Every canonical name of the variable behind `key`, itself included. */
export function namesOfVariable(key: string): readonly string[] {
  return groups.get(key) ?? [key];
}

/** The module without which `key` does not exist; undefined if it always does, or the table does not know. */
export function moduleOfKey(key: string): string | undefined {
  return moduleOfPrefix.find(([prefix]) => key.startsWith(prefix))?.[1];
}
