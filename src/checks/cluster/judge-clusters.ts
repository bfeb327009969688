/** Several images as nodes of one cluster: the cross checks over their records. */
import type { CheckResult } from '../check.ts';
import type { ImageResult } from '../result.ts';
import { clusterChecks } from './cluster-checks.ts';
import { type ClusterSet, findClusters } from './find-clusters.ts';

/** One cluster among the images of a run. */
export interface ClusterResult {
  readonly nodes: readonly {
    readonly image: string;
    readonly role: 'server' | 'agent';
    readonly name?: string;
  }[];
  readonly results: readonly CheckResult[];
}

/** What belongs together is judged together. `together`: all images are nodes of one cluster, whatever they say. */
export function judgeClusters(images: readonly ImageResult[], together = false): readonly ClusterResult[] {
  const nodes = images.flatMap((image) =>
    image.state === 'judged' && image.node ? [{ image: image.subject.label, node: image.node }] : [],
  );
  return findClusters(nodes, together).map(judgeCluster);
}

function judgeCluster(cluster: ClusterSet): ClusterResult {
  const nodes = cluster.machines.flat().map(({ image, node: { role, name } }) => ({
    image,
    role,
    ...(name ? { name: name.value } : {}),
  }));
  const results = clusterChecks.map(({ judge, ...check }) => ({
    ...check,
    references: ['K3s image contract 1.0 section 6'],
    verdict: judge(cluster),
  }));
  return { nodes, results };
}
