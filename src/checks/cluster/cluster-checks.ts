/** What the nodes of one cluster must have in common, and what each must have for itself. One row a check, one pure function each. */
import type { Evidence, Severity, Verdict } from '../check.ts';
import { addressOf, parseRange } from '../rules/network/cidr.ts';
import { at, fail, pass, skip } from '../verdict.ts';
import type { ClusterNode, Told } from './cluster-node.ts';
import { type ClusterSet, hostOf, joins, type NamedNode } from './find-clusters.ts';

export interface ClusterCheck {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly why: string;
  readonly fix: string;
  readonly judge: (cluster: ClusterSet) => Verdict;
}

/** A value of one image, and which machine it is of. */
interface Value {
  readonly image: string;
  readonly machine: number;
  readonly value: string;
  readonly text: string;
  readonly evidence: readonly Evidence[];
}

type ValuesOf = (node: ClusterNode) => readonly (Partial<Told> & { readonly value: string; readonly text?: string })[];

function collect({ machines }: ClusterSet, valuesOf: ValuesOf): readonly Value[] {
  return machines.flatMap((machine, index) =>
    machine.flatMap(({ image, node }) =>
      valuesOf(node).map(({ value, text = value, location }) => ({
        image,
        machine: index,
        value,
        text,
        evidence: location ? [at(location, 'set by')] : [],
      })),
    ),
  );
}

const countMachines = (values: readonly Value[]): number => new Set(values.map(({ machine }) => machine)).size;
const images = (values: readonly Value[]): string => [...new Set(values.map(({ image }) => image))].join(' and ');
const evidenceOf = (values: readonly Value[]): readonly Evidence[] => values.flatMap(({ evidence }) => evidence);

/** No two machines have the same value. */
function judgeUnique(cluster: ClusterSet, what: string, valuesOf: ValuesOf): Verdict {
  const values = collect(cluster, valuesOf);
  if (countMachines(values) < 2) return skip(`no two nodes have ${what} in the image`);
  for (const { value, text } of values) {
    const same = values.filter((other) => other.value === value);
    if (countMachines(same) > 1)
      return fail(`${images(same)} have ${what} ${text} both`, { found: text, evidence: evidenceOf(same) });
  }
  return pass();
}

/** All machines have the same value. The value most of them have is what the others should have. */
function judgeShared(
  cluster: ClusterSet,
  what: string,
  valuesOf: ValuesOf,
  severity?: (found: readonly Value[]) => Severity,
): Verdict {
  const values = collect(cluster, valuesOf);
  if (countMachines(values) < 2) return skip(`no two nodes have ${what} in the image`);
  const distinct = [...new Set(values.map(({ value }) => value))];
  if (distinct.length < 2) return pass();
  const groups = distinct
    .map((one) => values.filter(({ value }) => value === one))
    .sort((a, b) => countMachines(b) - countMachines(a));
  const [expected] = groups;
  return fail(
    `the nodes differ in ${what}: ${groups.map((group) => `${group[0]?.text} in ${images(group)}`).join(', ')}`,
    {
      ...(expected?.[0] ? { expected: expected[0].text } : {}),
      evidence: groups.flatMap((group) => evidenceOf(group)),
      ...(severity ? { severity: severity(values) } : {}),
    },
  );
}

export const clusterChecks: readonly ClusterCheck[] = [
  {
    id: 'K3S-CLU-01',
    title: 'Every node has a name of its own',
    // Many machines get their name when they are installed.
    severity: 'should',
    why: 'k3s refuses the second node of a name: its password is that of the first.',
    fix: 'Give each image its own /etc/hostname, or k3s --node-name or --with-node-id.',
    judge: (cluster) => judgeUnique(cluster, 'the node name', ({ name }) => (name ? [name] : [])),
  },
  {
    id: 'K3S-CLU-02',
    title: 'Every node has addresses of its own',
    severity: 'must',
    why: 'Of two machines with one address neither is reached reliably.',
    fix: 'Set the Address= of each image, and --node-ip with it.',
    judge: (cluster) =>
      judgeUnique(cluster, 'the address', ({ addresses }) =>
        addresses.map(({ value, location }) => ({
          value: canonical(addressOf(value)),
          text: addressOf(value),
          location,
        })),
      ),
  },
  {
    id: 'K3S-CLU-03',
    title: 'Every node has a machine id of its own',
    severity: 'must',
    why: 'DHCP leases, journals and flannel tell machines apart by it.',
    fix: 'Leave /etc/machine-id empty in the image: the first boot makes one.',
    judge: (cluster) => judgeUnique(cluster, 'the machine id', ({ machineId }) => (machineId ? [machineId] : [])),
  },
  {
    id: 'K3S-CLU-04',
    title: 'Every node has the token of the cluster',
    severity: 'must',
    why: 'A node with another token is not let in.',
    fix: 'Build all images with one token, or deliver it when they are installed.',
    judge: judgeTokens,
  },
  {
    id: 'K3S-CLU-05',
    title: 'Every node runs the same version of k3s',
    severity: 'must',
    why: 'Agents must not be newer than servers, and Kubernetes supports no mix of several series.',
    fix: 'Build all images from one release of k3s.',
    judge: (cluster) =>
      judgeShared(
        cluster,
        'the version of k3s',
        ({ version }) => (version ? [version] : []),
        (values) => (new Set(values.map(({ value }) => seriesOf(value))).size > 1 ? 'must' : 'should'),
      ),
  },
  {
    id: 'K3S-CLU-06',
    title: 'All servers have the same address ranges',
    severity: 'must',
    why: 'A server whose ranges for pods or services differ from the first is refused.',
    fix: 'Give all servers the same --cluster-cidr, --service-cidr, --cluster-dns and --cluster-domain.',
    judge: (cluster) =>
      judgeEach(cluster, ({ ranges }) => ranges.map(({ flag, ...told }) => ({ key: `--${flag}`, ...told }))),
  },
  {
    id: 'K3S-CLU-07',
    title: 'Interfaces of one name have the same VLAN id',
    severity: 'must',
    why: 'Nodes in different VLANs do not hear each other.',
    fix: 'Set the same Id= in the .netdev files of all images.',
    judge: (cluster) =>
      judgeEach(cluster, ({ vlans }) =>
        vlans.map(({ interface: name, ...told }) => ({ key: `the VLAN id of ${name}`, ...told })),
      ),
  },
  {
    id: 'K3S-CLU-08',
    title: 'One server starts the cluster',
    severity: 'must',
    why: 'Each server without a server to join makes a cluster of its own, with its own certificates.',
    fix: 'Give every server but the first --server https://FIRST:6443 and the same token.',
    judge: judgeStart,
  },
  {
    id: 'K3S-CLU-09',
    title: 'Nodes join a server of the cluster',
    severity: 'must',
    why: 'A node that looks for its server at another address waits for ever.',
    fix: 'Set K3S_URL or --server to an address of a server; name load balancers in its --tls-san.',
    judge: judgeJoins,
  },
];

const canonical = (address: string): string => String(parseRange(address)?.first ?? address);
const seriesOf = (version: string): string => /^v?\d+\.\d+/.exec(version)?.[0] ?? version;

/** Of values by key, each key for itself; what only one machine has is its own. */
function judgeEach(
  cluster: ClusterSet,
  valuesOf: (node: ClusterNode) => readonly (Partial<Told> & { readonly key: string; readonly value: string })[],
): Verdict {
  const keys = new Set(
    cluster.machines.flatMap((machine) => machine.flatMap(({ node }) => valuesOf(node).map(({ key }) => key))),
  );
  const verdicts = [...keys].map((key) =>
    judgeShared(cluster, key, (node) => valuesOf(node).filter((one) => one.key === key)),
  );
  const judged = verdicts.filter(({ status }) => status !== 'skip');
  return judged.find(({ status }) => status === 'fail') ?? judged[0] ?? skip('no two nodes have one to compare');
}

/** Servers share the first token; an agent may also have that for agents. */
function judgeTokens(cluster: ClusterSet): Verdict {
  const ofServers = collect(cluster, ({ role, tokens }) =>
    role === 'server' ? tokens.map((token) => ({ ...token, value: `${token.for} ${token.value}` })) : [],
  );
  const own = ofServers.filter(({ value }) => value.startsWith('servers '));
  const differing = own.find(({ value }) => value !== own[0]?.value);
  const describe = (a: Value, b: Value): Verdict =>
    fail(`${b.image} has another token than ${a.image}`, { evidence: [...a.evidence, ...b.evidence] });
  if (own[0] && differing) return describe(own[0], differing);
  const [first] = ofServers;
  if (!first) return skip('no server has its token in the image');
  const accepted = new Set(ofServers.map(({ value }) => value.split(' ')[1]));
  const agents = collect(cluster, ({ role, tokens }) => (role === 'agent' ? tokens : []));
  const stranger = agents.find(({ value }) => !accepted.has(value));
  if (stranger) return describe(first, stranger);
  return countMachines([...ofServers, ...agents]) < 2 ? skip('only one node has its token in the image') : pass();
}

function judgeStart({ machines }: ClusterSet): Verdict {
  const nodes = machines.map((machine) => machine.find(({ node }) => node.starts) ?? machine[0]);
  const servers = nodes.filter((one): one is NamedNode => one?.node.role === 'server');
  if (servers.length === 0) return skip('no server is among the images');
  const doubtful = servers.find(({ node }) => node.incomplete !== undefined);
  if (doubtful) return skip(`${doubtful.image} cannot tell: ${doubtful.node.incomplete}`);
  const starting = servers.filter(({ node }) => node.starts);
  const evidence = starting.flatMap(({ node }) => (node.starts ? [at(node.starts, 'started by')] : []));
  if (starting.length > 1)
    return fail(`${starting.map(({ image }) => image).join(' and ')} each start a cluster of their own`, {
      expected: 'one that starts it, the others with --server',
      found: `${starting.length} that start one`,
      evidence,
    });
  if (starting.length === 1) return pass(undefined, evidence);
  const isClosed = servers.every(({ node }) => servers.some((other) => joins(node, other.node)));
  if (!isClosed) return skip('the server that starts the cluster is not among the images, or its data lies elsewhere');
  const places = servers.flatMap(({ node }) => (node.joins ? [at(node.joins.location, 'set by')] : []));
  return fail('every server joins another one, and none starts the cluster', { evidence: places });
}

/** A host name may be anybody's, and an address that DHCP gives is not known: only a wrong address among known ones is wrong. */
function judgeJoins({ machines }: ClusterSet): Verdict {
  const all = machines.flat();
  const servers = all.filter(({ node }) => node.role === 'server');
  const joining = all.filter(({ node }) => node.joins);
  if (servers.length === 0 || joining.length === 0) return skip('no node joins a server that is among the images');
  const lost = joining.filter(({ node }) => !servers.some((server) => joins(node, server.node)));
  const [first] = lost;
  if (!first?.node.joins) return pass();
  const { value, location } = first.node.joins;
  const host = hostOf(value) ?? '';
  if (parseRange(host) === undefined) return skip(`who ${host} is, is known on the network only`);
  const unknown = servers.find(({ node }) => node.addresses.length === 0 || node.incomplete !== undefined);
  if (unknown) return skip(`the addresses of ${unknown.image} are not in the image`);
  const addresses = servers.flatMap(({ node }) => node.addresses);
  return fail(`${first.image} joins ${value}, which is no server of the set`, {
    expected: [...new Set(addresses.map((one) => addressOf(one.value)))].join(' or '),
    found: host,
    evidence: [at(location, 'set by'), ...addresses.map((one) => at(one.location, 'server', one.value))],
  });
}
