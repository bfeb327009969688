/**
 * The flags of `k3s server` and `k3s agent`, versions 1.28 to 1.35 (docs.k3s.io/cli, release notes). Deprecated and hidden flags that
 * are still accepted are listed. A flag that was brought to older series by patch releases counts from the oldest of them.
 */

export type FlagKind = 'text' | 'list' | 'switch';

export interface K3sFlag {
  readonly name: string;
  /** `list` collects every value given, `switch` takes none. */
  readonly kind: FlagKind;
  readonly roles: 'both' | 'server' | 'agent';
  readonly short?: string;
  readonly environment?: string;
  /** Minor versions 1.x, first and last. */
  readonly since?: number;
  readonly until?: number;
}

type Details = Partial<Pick<K3sFlag, 'short' | 'environment' | 'since' | 'until'>>;
type Row = readonly [name: string, kind: FlagKind, details?: Details];

const env = (environment: string): Details => ({ environment });

const both: readonly Row[] = [
  ['config', 'text', { short: 'c', environment: 'K3S_CONFIG_FILE' }],
  ['debug', 'switch', env('K3S_DEBUG')],
  ['v', 'text'],
  ['vmodule', 'text'],
  ['log', 'text', { short: 'l' }],
  ['alsologtostderr', 'switch'],
  ['bind-address', 'text'],
  ['data-dir', 'text', { short: 'd', environment: 'K3S_DATA_DIR' }],
  ['token', 'text', { short: 't', environment: 'K3S_TOKEN' }],
  ['token-file', 'text', env('K3S_TOKEN_FILE')],
  ['server', 'text', { short: 's', environment: 'K3S_URL' }],
  ['node-name', 'text', env('K3S_NODE_NAME')],
  ['with-node-id', 'switch'],
  ['node-label', 'list'],
  ['node-taint', 'list'],
  ['image-credential-provider-bin-dir', 'text'],
  ['image-credential-provider-config', 'text'],
  ['selinux', 'switch', env('K3S_SELINUX')],
  ['lb-server-port', 'text', env('K3S_LB_SERVER_PORT')],
  ['protect-kernel-defaults', 'switch'],
  ['docker', 'switch'],
  ['container-runtime-endpoint', 'text'],
  ['default-runtime', 'text'],
  ['image-service-endpoint', 'text'],
  ['disable-default-registry-endpoint', 'switch'],
  ['nonroot-devices', 'switch', { since: 29 }],
  ['pause-image', 'text'],
  ['snapshotter', 'text'],
  ['private-registry', 'text'],
  ['airgap-extra-registry', 'list'],
  ['node-ip', 'list', { short: 'i' }],
  ['node-external-ip', 'list'],
  ['node-internal-dns', 'list'],
  ['node-external-dns', 'list'],
  ['resolv-conf', 'text', env('K3S_RESOLV_CONF')],
  ['flannel-iface', 'text'],
  ['flannel-conf', 'text'],
  ['flannel-cni-conf', 'text'],
  ['vpn-auth', 'text', env('K3S_VPN_AUTH')],
  ['vpn-auth-file', 'text', env('K3S_VPN_AUTH_FILE')],
  ['kubelet-arg', 'list'],
  ['kube-proxy-arg', 'list'],
  ['enable-pprof', 'switch'],
  ['rootless', 'switch'],
  ['prefer-bundled-bin', 'switch'],
  ['disable-selinux', 'switch'],
];

const server: readonly Row[] = [
  ['https-listen-port', 'text'],
  ['advertise-address', 'text'],
  ['advertise-port', 'text'],
  ['tls-san', 'list'],
  ['tls-san-security', 'switch'],
  ['cluster-cidr', 'list'],
  ['service-cidr', 'list'],
  ['service-node-port-range', 'text'],
  ['cluster-dns', 'list'],
  ['cluster-domain', 'text'],
  ['flannel-backend', 'text'],
  ['flannel-ipv6-masq', 'switch'],
  ['flannel-external-ip', 'switch'],
  ['multi-cluster-cidr', 'switch', { until: 28 }],
  ['egress-selector-mode', 'text'],
  ['servicelb-namespace', 'text'],
  ['write-kubeconfig', 'text', { short: 'o', environment: 'K3S_KUBECONFIG_OUTPUT' }],
  ['write-kubeconfig-mode', 'text', env('K3S_KUBECONFIG_MODE')],
  ['write-kubeconfig-group', 'text', env('K3S_KUBECONFIG_GROUP')],
  ['helm-job-image', 'text'],
  ['agent-token', 'text', env('K3S_AGENT_TOKEN')],
  ['agent-token-file', 'text', env('K3S_AGENT_TOKEN_FILE')],
  ['cluster-init', 'switch', env('K3S_CLUSTER_INIT')],
  ['cluster-reset', 'switch', env('K3S_CLUSTER_RESET')],
  ['cluster-reset-restore-path', 'text'],
  ['kube-apiserver-arg', 'list'],
  ['etcd-arg', 'list'],
  ['kube-controller-manager-arg', 'list'],
  ['kube-controller-arg', 'list'],
  ['kube-scheduler-arg', 'list'],
  ['kube-cloud-controller-manager-arg', 'list'],
  ['kube-cloud-controller-arg', 'list'],
  ['datastore-endpoint', 'text', env('K3S_DATASTORE_ENDPOINT')],
  ['datastore-cafile', 'text', env('K3S_DATASTORE_CAFILE')],
  ['datastore-certfile', 'text', env('K3S_DATASTORE_CERTFILE')],
  ['datastore-keyfile', 'text', env('K3S_DATASTORE_KEYFILE')],
  ['kine-tls', 'switch'],
  ['etcd-expose-metrics', 'switch'],
  ['etcd-disable-snapshots', 'switch'],
  ['etcd-snapshot-name', 'text'],
  ['etcd-snapshot-schedule-cron', 'text'],
  ['etcd-snapshot-reconcile-interval', 'text', { since: 30 }],
  ['etcd-snapshot-retention', 'text'],
  ['etcd-snapshot-dir', 'text'],
  ['etcd-snapshot-compress', 'switch'],
  ['etcd-s3', 'switch'],
  ['etcd-s3-endpoint', 'text'],
  ['etcd-s3-endpoint-ca', 'text'],
  ['etcd-s3-skip-ssl-verify', 'switch'],
  ['etcd-s3-access-key', 'text', env('AWS_ACCESS_KEY_ID')],
  ['etcd-s3-secret-key', 'text', env('AWS_SECRET_ACCESS_KEY')],
  ['etcd-s3-session-token', 'text', { environment: 'AWS_SESSION_TOKEN', since: 30 }],
  ['etcd-s3-bucket', 'text'],
  ['etcd-s3-bucket-lookup-type', 'text', { since: 30 }],
  ['etcd-s3-region', 'text'],
  ['etcd-s3-folder', 'text'],
  ['etcd-s3-proxy', 'text'],
  ['etcd-s3-config-secret', 'text'],
  ['etcd-s3-insecure', 'switch'],
  ['etcd-s3-timeout', 'text'],
  ['etcd-s3-retention', 'text', { since: 31 }],
  ['default-local-storage-path', 'text'],
  ['disable', 'list'],
  ['disable-scheduler', 'switch'],
  ['disable-cloud-controller', 'switch'],
  ['disable-kube-proxy', 'switch'],
  ['disable-network-policy', 'switch'],
  ['disable-helm-controller', 'switch'],
  ['disable-apiserver', 'switch'],
  ['disable-controller-manager', 'switch'],
  ['disable-etcd', 'switch'],
  ['disable-agent', 'switch'],
  ['embedded-registry', 'switch'],
  ['supervisor-metrics', 'switch'],
  ['system-default-registry', 'text', env('K3S_SYSTEM_DEFAULT_REGISTRY')],
  ['secrets-encryption', 'switch'],
  ['secrets-encryption-provider', 'text', { since: 30 }],
];

const agent: readonly Row[] = [
  ['disable-apiserver-lb', 'switch'],
  ['no-flannel', 'switch'],
  ['cluster-secret', 'text', env('K3S_CLUSTER_SECRET')],
];

const rowsOf = (rows: readonly Row[], roles: K3sFlag['roles']): K3sFlag[] =>
  rows.map(([name, kind, details]) => ({ name, kind, roles, ...details }));

export const k3sFlags: readonly K3sFlag[] = [
  ...rowsOf(both, 'both'),
  ...rowsOf(server, 'server'),
  ...rowsOf(agent, 'agent'),
];

const byName = new Map(
  k3sFlags.flatMap((flag) =>
    [flag.name, ...(flag.short === undefined ? [] : [flag.short])].map((name) => [name, flag]),
  ),
);

/** The flag of a name or its one-letter form, without dashes. */
export function findK3sFlag(name: string): K3sFlag | undefined {
  return byName.get(name);
}

/** Minor version of `v1.32.5+k3s1`; undefined if the text is no version 1.x. */
export function minorOf(version: string): number | undefined {
  const minor = /^v?1\.([0-9]{1,3})(?:\.|$)/.exec(version)?.[1];
  return minor === undefined ? undefined : Number(minor);
}
