/** What one image says of its place in a cluster: the record that images are compared by. Plain JSON, without secrets. */
import type { Location } from '../../location.ts';

/** A value at the place that sets it. */
export interface Told {
  readonly value: string;
  readonly location: Location;
}

export interface ClusterNode {
  readonly role: 'server' | 'agent';
  /** The node's name, in lower case; absent if the running machine makes it. */
  readonly name?: Told;
  readonly machineId?: Told;
  /** Static addresses with their prefix: of node-ip and of interfaces between machines. */
  readonly addresses: readonly Told[];
  /** Other names and addresses the server answers to. */
  readonly aliases: readonly string[];
  /** `v1.32.5+k3s1`. */
  readonly version?: Told;
  /** Digests that tell tokens apart and do not show them; agents may have one of their own. */
  readonly tokens: readonly (Told & { readonly for: 'servers' | 'agents' })[];
  /** URL of the server to join. */
  readonly joins?: Told;
  /** Of a server that joins none and keeps its own data: it starts a cluster. The place that says so, or its unit. */
  readonly starts?: Location;
  /** Effective values that servers of one cluster must share, defaults included. By flag. */
  readonly ranges: readonly { readonly flag: string; readonly value: string; readonly location?: Location }[];
  /** VLAN ids by interface. */
  readonly vlans: readonly (Told & { readonly interface: string })[];
  /** Why what is absent here may be there all the same. */
  readonly incomplete?: string;
}
