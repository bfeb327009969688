/**
 * The dm-verity trees of an image: partitions of their own (UAPI.2, Discoverable Partitions Specification), or behind the data in one
 * file or partition (`.verity`). Each has two sides that must agree: the root hash that the tree gives, and the one that is wanted by
 * the command line (`roothash=`, `usrhash=`), by the UUIDs of the two partitions, by what signs it, or by the settings beside the image.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { hasVeritySuperblock } from '../../volumes/verity/superblock.ts';
import type { Partition } from '../../volumes/volume.ts';
import { findParameter } from '../boot-entries/command-line.ts';
import type { Device } from '../layer.ts';

interface VerityType {
  /** Type of the partition with the data. */
  readonly data: string;
  /** Type of the partition that signs the root hash. */
  readonly signature: string;
  /** The parameter of the command line that names the root hash. */
  readonly parameter: 'roothash' | 'usrhash';
}

/** Types of verity partitions, with those that belong to them. */
const partitionTypes: Readonly<Record<string, VerityType>> = {
  '2c7357ed-ebd2-46d9-aec1-23d437ec2bf5': {
    data: '4f68bce3-e8cd-4db1-96e7-fbcaf984b709',
    signature: '41092b05-9fc8-4523-994f-2def0408b176',
    parameter: 'roothash',
  },
  'd13c5d3b-b5d1-422a-b29f-9454fdc89d76': {
    data: '44479540-f297-41b2-9af7-d131d5f0458a',
    signature: '5996fc05-109c-48de-808b-23fa0830b676',
    parameter: 'roothash',
  },
  '7386cdf2-203c-47a9-a498-f2ecce45a2d6': {
    data: '69dad710-2ce4-4e3c-b16c-21a1d49abed3',
    signature: '42b0455f-eb11-491d-98d3-56145ba9d037',
    parameter: 'roothash',
  },
  'df3300ce-d69f-4c92-978c-9bfb0f38d820': {
    data: 'b921b045-1df0-41c3-af44-4c6f280d3fae',
    signature: '6db69de6-29f4-4758-a7a5-962190f00ce3',
    parameter: 'roothash',
  },
  'b6ed5582-440b-4209-b8da-5ff7c419ea3d': {
    data: '72ec70a6-cf74-40e6-bd49-4bda08e8f224',
    signature: 'efe0f087-ea8d-4469-821a-4c2a96a8386a',
    parameter: 'roothash',
  },
  '77ff5f63-e7b6-4633-acf4-1565b864c0e6': {
    data: '8484680c-9521-48c6-9c11-b0720656f69e',
    signature: 'e7bb33fb-06cf-4e81-8273-e543b413e2e2',
    parameter: 'usrhash',
  },
  '8f461b0d-14ee-4e81-9aa9-049b6fb97abd': {
    data: '75250d76-8cc6-458e-bd66-bd47cc81a812',
    signature: '974a71c0-de41-43c3-be5d-5c5ccd1ad2c0',
    parameter: 'usrhash',
  },
  'c215d751-7bcd-4649-be90-6627490a4c05': {
    data: '7d0359a3-02b3-4f0a-865c-654403e70625',
    signature: 'd7ff812f-37d1-4902-a810-d76ba57b975a',
    parameter: 'usrhash',
  },
  '6e11a4e7-fbca-4ded-b9e9-e1a512bb664e': {
    data: 'b0e01050-ee5f-4390-949a-9101b17104e9',
    signature: 'c23ce4ff-44bd-4b00-b2d4-b41b3419e02a',
    parameter: 'usrhash',
  },
  '8f1056be-9b05-47c4-81d6-be53128e5b54': {
    data: 'beaec34b-8442-439b-a40b-984381ed097d',
    signature: 'd2f9000a-7a18-453f-b5cd-4d32f77a7b32',
    parameter: 'usrhash',
  },
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
  /** The partition that signs the root hash. */
  readonly signature?: ByteSource;
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
    const signature = findSignature(devices, partition, type.signature)?.source;
    return [{ data: data.source, tree, offset: 0, wanted, ...(signature && { signature }) }];
  });
}

/** The only partition of that type; of several the one beside the tree. */
function findSignature(devices: readonly Device[], tree: Partition, type: string): Device | undefined {
  const signatures = devices.filter(({ partition }) => partition?.type === type);
  if (signatures.length < 2) return signatures[0];
  return [1, -1]
    .map((step) => signatures.find(({ partition }) => partition?.number === tree.number + step))
    .find((each) => each !== undefined);
}

/** What mksquashfs and mkfs.erofs fill their images up to, and what veritysetup may be told to begin at. */
const ALIGNMENTS = [512, 1024, 4096];

/** The trees that lie behind a file system in one file or partition, as Isar's `.verity` images have them. */
export function findAppendedTrees(devices: readonly Device[]): VerityTree[] {
  return devices.flatMap(({ content, source }): VerityTree[] => {
    const extent = content.state === 'filesystem' ? content.fileSystem.extent : undefined;
    if (extent === undefined || !source) return [];
    const places = ALIGNMENTS.map((alignment) => Math.ceil(extent / alignment) * alignment);
    const offset = places.find((place) => hasVeritySuperblock(source, place));
    return offset === undefined ? [] : [{ data: source, tree: source, offset, wanted: [] }];
  });
}

/** First and last 16 bytes of the hash. */
function hashOfUuids({ partition }: Device, verityUuid: string): string {
  return `${partition?.uuid ?? ''}${verityUuid}`.replaceAll('-', '');
}
