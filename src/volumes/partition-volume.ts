/**
 * From what a partition table says to volumes. A partition that reaches past the end of the image stays listed with the
 * bytes that are there, and a `damage` diagnostic says what is missing: it is never silently shorter.
 */
import type { ByteSource } from '../bytes/byte-source.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { type Limits, limitExceeded } from '../limits.ts';
import { nestedLabel } from '../location.ts';
import type { Partition, Volume } from './volume.ts';

export interface PartitionVolumes {
  readonly volumes: readonly Volume[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Volumes `p<number>` for the partitions of `disk`; throws `limit/partitions` if there are too many. */
export function createVolumes(disk: ByteSource, partitions: readonly Partition[], limits: Limits): PartitionVolumes {
  if (partitions.length > limits.partitions) {
    throw limitExceeded('partitions', limits, `${partitions.length} partitions`, { source: disk.label });
  }
  const diagnostics: Diagnostic[] = [];
  const volumes = partitions.map((partition): Volume => {
    const name = `p${partition.number}`;
    const label = nestedLabel(disk.label, name);
    const present = Math.max(0, Math.min(partition.size, disk.size - partition.start));
    if (present < partition.size) diagnostics.push(missingBytes(disk, partition, present));
    const source = disk.slice(present === 0 ? 0 : partition.start, present, label);
    return { name, source, partition };
  });
  diagnostics.push(...findOverlaps(disk, partitions));
  return { volumes, diagnostics };
}

function missingBytes(disk: ByteSource, partition: Partition, present: number): Diagnostic {
  const end = partition.start + partition.size;
  return {
    level: 'damage',
    code: 'partition/truncated',
    message: `partition ${partition.number} ends at byte ${end}, the image at ${disk.size}: ${partition.size - present} of its ${partition.size} bytes are missing`,
    location: { source: nestedLabel(disk.label, `p${partition.number}`), offset: present },
    touches: 'everything',
  };
}

/** One diagnostic for each partition that begins before an earlier one has ended. */
function findOverlaps(disk: ByteSource, partitions: readonly Partition[]): Diagnostic[] {
  const sorted = [...partitions].sort((a, b) => a.start - b.start || a.number - b.number);
  const diagnostics: Diagnostic[] = [];
  let reach: Partition | undefined;
  for (const partition of sorted) {
    if (reach && partition.start < reach.start + reach.size) {
      diagnostics.push({
        level: 'damage',
        code: 'partition/overlap',
        message: `partitions ${reach.number} and ${partition.number} overlap: what one holds may have been written over by the other`,
        location: { source: disk.label, offset: partition.start },
      });
    }
    if (!reach || partition.start + partition.size > reach.start + reach.size) reach = partition;
  }
  return diagnostics;
}
