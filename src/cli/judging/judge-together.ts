/** The images of a run as nodes of clusters: `--cluster`, `--no-cluster`, and neither. */
import type { ClusterResult } from '../../checks/cluster/judge-clusters.ts';
import type { Contract } from '../../checks/contract.ts';
import type { ImageResult } from '../../checks/result.ts';
import type { WaiverRule } from '../../checks/waivers/waiver-rule.ts';
import type { Selection } from '../check-selection.ts';

/** `all`: the user says that every image is a node of one cluster; `found`: those that belong together by what they hold. */
export type ClusterMode = 'all' | 'found' | 'none';

export function readClusterMode(option: boolean | undefined): ClusterMode {
  return option === undefined ? 'found' : option ? 'all' : 'none';
}

/** Whether a contract speaks of k3s nodes: only then is there anything to hold against each other. */
export function isAboutNodes({ checks }: Pick<Contract, 'checks'>): boolean {
  return checks.some(({ id }) => id.startsWith('K3S-'));
}

export interface TogetherOptions {
  readonly mode: ClusterMode;
  readonly selection?: Pick<Selection, 'isSelected' | 'isLeftOut'>;
  readonly waivers?: readonly WaiverRule[];
  readonly today: string;
}

/** Undefined where there is nothing to compare. */
export async function judgeTogether(
  images: readonly ImageResult[],
  { mode, selection, waivers = [], today }: TogetherOptions,
): Promise<readonly ClusterResult[] | undefined> {
  const nodes = images.filter((image) => image.state === 'judged' && image.node);
  if (mode === 'none' || nodes.length < 2) return undefined;
  const { judgeClusters } = await import('../../checks/cluster/judge-clusters.ts');
  const clusters = judgeClusters(images, mode === 'all').map(({ results, ...cluster }) => ({
    ...cluster,
    results: results.filter(({ id }) => !selection || (selection.isSelected(id) && !selection.isLeftOut(id))),
  }));
  const judged = clusters.filter(({ results }) => results.length > 0);
  if (judged.length === 0) return undefined;
  if (waivers.length === 0) return judged;
  const { applyWaivers } = await import('../../checks/waivers/apply-waivers.ts');
  const scope = { label: 'cluster', belongsTo: () => false };
  return judged.map(({ results, ...cluster }) => ({
    ...cluster,
    results: applyWaivers(results, waivers, scope, today),
  }));
}
