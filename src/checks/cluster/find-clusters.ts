/**
 * Which of the images judged together are nodes of one cluster: those of which one joins the other, or that have the same token. Images
 * of one node are not held against each other: the same disk in several formats, and variants of it for other networks or machines.
 */
import { addressOf, overlap, parseRange } from '../rules/network/cidr.ts';
import type { ClusterNode } from './cluster-node.ts';

export interface NamedNode {
  /** Base name of the image. */
  readonly image: string;
  readonly node: ClusterNode;
}

/** Images of one machine. */
export type Machine = readonly NamedNode[];

export interface ClusterSet {
  readonly machines: readonly Machine[];
}

/** Clusters of two machines or more, in the order of their images. With `together` every image is a machine of one cluster. */
export function findClusters(nodes: readonly NamedNode[], together = false): readonly ClusterSet[] {
  const machines = together ? nodes.map((node) => [node]) : groupBy(nodes, isSameMachine);
  const clusters = together ? [machines] : groupBy(machines, belongTogether);
  return clusters.filter((cluster) => cluster.length > 1).map((cluster) => ({ machines: cluster }));
}

/** Sets of what is related, directly or through others. */
function groupBy<T>(all: readonly T[], related: (a: T, b: T) => boolean): readonly (readonly T[])[] {
  const groups: T[][] = [];
  for (const one of all) {
    const joined = groups.filter((group) => group.some((other) => related(one, other)));
    const [first] = joined;
    if (!first) {
      groups.push([one]);
      continue;
    }
    for (const other of joined.slice(1)) {
      first.push(...other);
      groups.splice(groups.indexOf(other), 1);
    }
    first.push(one);
  }
  const order = new Map(all.map((one, index) => [one, index]));
  for (const group of groups) group.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
  return groups;
}

/** Of one role and name, unless both have an address of their own in one network. */
function isSameMachine({ node: a }: NamedNode, { node: b }: NamedNode): boolean {
  if (a.role !== b.role || a.name?.value !== b.name?.value) return false;
  const isNeighbour = a.addresses.some((one) =>
    b.addresses.some(
      (other) => isInOneNetwork(one.value, other.value) && addressOf(one.value) !== addressOf(other.value),
    ),
  );
  return !isNeighbour;
}

function isInOneNetwork(a: string, b: string): boolean {
  const [one, other] = [parseRange(a), parseRange(b)];
  return a.includes('/') && b.includes('/') && one !== undefined && other !== undefined && overlap(one, other);
}

function belongTogether(a: Machine, b: Machine): boolean {
  return a.some(({ node }) =>
    b.some(({ node: other }) => joins(node, other) || joins(other, node) || haveSameToken(node, other)),
  );
}

function haveSameToken(a: ClusterNode, b: ClusterNode): boolean {
  return a.tokens.some(({ value }) => b.tokens.some((other) => other.value === value));
}

/** Whether the URL that `one` joins names `server`. */
export function joins(one: ClusterNode, server: ClusterNode): boolean {
  const host = one.joins && hostOf(one.joins.value);
  return server.role === 'server' && host !== undefined && answersTo(server, host);
}

/** Host of `https://host:6443`, in lower case and without brackets. */
export function hostOf(url: string): string | undefined {
  return /^https?:\/\/(?:\[([^\]]+)\]|([^:/]+))/i
    .exec(url)
    ?.slice(1)
    .find((part) => part !== undefined)
    ?.toLowerCase();
}

function answersTo({ name, addresses, aliases }: ClusterNode, host: string): boolean {
  const names = [...(name ? [name.value] : []), ...aliases.map((alias) => alias.toLowerCase())];
  if (names.includes(host) || names.some((one) => host.startsWith(`${one}.`))) return true;
  const wanted = parseRange(host);
  return addresses.some(({ value }) => {
    const own = parseRange(addressOf(value));
    return wanted !== undefined && own?.family === wanted.family && own.first === wanted.first;
  });
}
