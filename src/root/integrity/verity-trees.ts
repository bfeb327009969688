/**
 * The dm-verity trees of an image: partitions of their own (UAPI.2, Discoverable Partitions Specification), or behind the data in one
 * file or partition (`.verity`). Each has two sides that must agree: the root hash that the tree gives, and the one that is wanted by
 * the command line (`roothash=`, `usrhash=`), by the UUIDs of the two partitions, or by the settings beside the image.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { findParameter } from '../boot-entries/command-line.ts';
import type { Device } from '../layer.ts';

/** Types of verity partitions, with the type of their data and the parameter of the command line that names the root hash. */
const partitionTypes: Readonly<Record<string, { readonly data: string; readonly parameter: 'roothash' | 'usrhash' }>> =
  {
    '2c7357ed-ebd2-46d9-aec1-23d437ec2bf5': { data: '4f68bce3-e8cd-4db1-96e7-fbcaf984b709', parameter: 'roothash' },
    'd13c5d3b-b5d1-422a-b29f-9454fdc89d76': { data: '44479540-f297-41b2-9af7-d131d5f0458a', parameter: 'roothash' },
    '7386cdf2-203c-47a9-a498-f2ecce45a2d6': { data: '69dad710-2ce4-4e3c-b16c-21a1d49abed3', parameter: 'roothash' },
    'df3300ce-d69f-4c92-978c-9bfb0f38d820': { data: 'b921b045-1df0-41c3-af44-4c6f280d3fae', parameter: 'roothash' },
    'b6ed5582-440b-4209-b8da-5ff7c419ea3d': { data: '72ec70a6-cf74-40e6-bd49-4bda08e8f224', parameter: 'roothash' },
    '77ff5f63-e7b6-4633-acf4-1565b864c0e6': { data: '8484680c-9521-48c6-9c11-b0720656f69e', parameter: 'usrhash' },
    '8f461b0d-14ee-4e81-9aa9-049b6fb97abd': { data: '75250d76-8cc6-458e-bd66-bd47cc81a812', parameter: 'usrhash' },
    'c215d751-7bcd-4649-be90-6627490a4c05': { data: '7d0359a3-02b3-4f0a-865c-654403e70625', parameter: 'usrhash' },
    '6e11a4e7-fbca-4ded-b9e9-e1a512bb664e': { data: 'b0e01050-ee5f-4390-949a-9101b17104e9', parameter: 'usrhash' },
    '8f1056be-9b05-47c4-81d6-be53128e5b54': { data: 'beaec34b-8442-439b-a40b-984381ed097d', parameter: 'usrhash' },
  };

/** A root hash that something wants, in lower-case hex, and what that is. */
export interface WantedHash {
  readonly hash: string;
  readonly by: string;
}

export interface VerityTree {
  readonly data: ByteSource;
  readonly tree: ByteSource;
  /** Where the superblock of the tree lies in it. */
  readonly offset: number;
  readonly wanted: readonly WantedHash[];
}

/** The trees in partitions of their own. One without its data partition protects nothing and is left out. */
export function findVerityPartitions(devices: readonly Device[], commandLine: string | undefined): VerityTree[] {
  return devices.flatMap(({ name, partition, source: tree }): VerityTree[] => {
    const type = partitionTypes[partition?.type ?? ''];
    if (!type || !partition || !tree) return [];
    const named = commandLine === undefined ? undefined : findParameter(commandLine, type.parameter)?.toLowerCase();
    const candidates = devices.filter((each) => each.partition?.type === type.data && each.source);
    // Of several slots the one that belongs to the tree bears the first half of the hash.
    const data =
      candidates.find((each) => hashOfUuids(each, partition.uuid) === named) ??
      candidates.find((each) => each.partition?.number === partition.number + 1) ??
      candidates.find((each) => each.partition?.number === partition.number - 1);
    if (!data?.source) return [];
    const isBooted = named !== undefined && (candidates.length === 1 || hashOfUuids(data, partition.uuid) === named);
    const wanted = [{ hash: hashOfUuids(data, partition.uuid), by: `the UUIDs of ${data.name} and ${name}` }];
    if (isBooted) wanted.unshift({ hash: named, by: `${type.parameter}= of the command line` });
    return [{ data: data.source, tree, offset: 0, wanted }];
  });
}

/** First and last 16 bytes of the hash. */
function hashOfUuids({ partition }: Device, verityUuid: string): string {
  return `${partition?.uuid ?? ''}${verityUuid}`.replaceAll('-', '');
}
