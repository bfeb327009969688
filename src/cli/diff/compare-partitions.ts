/**
 * What firmware and boot loaders read and no mount shows: the FAT partitions that are in no fstab (those of A/B images, of disks that
 * mount by partition type), each with the one of that name in the other image. Their paths begin with the partition: `p1:/EFI`.
 */
import { compareTrees } from '../../facts/two-trees/compare-trees.ts';
import { placeWithin, type TreeComparison } from '../../facts/two-trees/tree-difference.ts';
import type { FileSystem } from '../../filesystems/file-system.ts';
import type { OpenedImage } from '../../root/open-image.ts';
import { RootView } from '../../root/root-view.ts';

/** The roots and those partitions, as one comparison. */
export async function compareImages(ours: OpenedImage, theirs: OpenedImage): Promise<TreeComparison> {
  const comparisons = [await compareTrees(ours.view, theirs.view)];
  const others = unmounted(theirs);
  for (const [name, fileSystem] of unmounted(ours)) {
    const other = others.get(name);
    if (!other) continue;
    const compared = await compareTrees(viewOf(fileSystem, ours), viewOf(other, theirs));
    const differences = compared.differences.map((one) => placeWithin(one, (path) => `${name}:${path}`));
    comparisons.push({ ...compared, differences });
  }
  return {
    differences: comparisons.flatMap(({ differences }) => differences),
    gaps: comparisons.flatMap(({ gaps }) => gaps),
    equal: sum(comparisons.map(({ equal }) => equal)),
    touched: sum(comparisons.map(({ touched }) => touched)),
  };
}

/** By the name of the partition. */
function unmounted({ devices, view }: OpenedImage): ReadonlyMap<string, FileSystem> {
  const mounted = new Set(view.mounts.map(({ fileSystem }) => fileSystem));
  return new Map(
    devices.flatMap(({ name, partition, content }): [string, FileSystem][] =>
      partition &&
      content.state === 'filesystem' &&
      content.fileSystem.format === 'vfat' &&
      !mounted.has(content.fileSystem)
        ? [[name, content.fileSystem]]
        : [],
    ),
  );
}

function viewOf(fileSystem: FileSystem, { view }: OpenedImage): RootView {
  return new RootView([{ path: '/', fileSystem }], view.limits);
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
