/**
 * One volume of a source by its name, without opening the others: a partition, a section of a PE file, an image of a FIT, a logical
 * volume, a member of an update. Codecs and formats of exactly one thing (qcow2) on the way have no name.
 */
import type { ByteSource } from '../bytes/byte-source.ts';
import type { Codec } from '../bytes/codecs/codec.ts';
import { codecs } from '../bytes/codecs/registry.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { asImageError, ImageError } from '../errors.ts';
import { fileSystemFormats } from '../filesystems/registry.ts';
import { type Limits, limitExceeded } from '../limits.ts';
import { volumeFormats } from '../volumes/registry.ts';
import type { Volume } from '../volumes/volume.ts';
import { describeStart } from './describe-content.ts';
import { partitionFormats } from './open-layers.ts';

export interface VolumeOptions {
  readonly limits: Limits;
  /** Called with what was opened on the way and is to be closed at the end. */
  readonly adopt: (opened: { close(): void }) => void;
  /** Called with the damage that a container on the way shows: a digest that does not match. */
  readonly onDamage?: (damage: Diagnostic) => void;
}

/** The source of the volume at the end of `names`, each inside the one before; the source itself for none. ImageError. */
export async function openVolume(
  source: ByteSource,
  names: readonly string[],
  options: VolumeOptions,
): Promise<ByteSource> {
  let current: { readonly source: ByteSource; readonly isPartition: boolean } = { source, isPartition: false };
  for (const name of names) {
    const { volumes, label } = await listVolumes(current.source, current.isPartition, options);
    const found = volumes.find((each) => each.name === name);
    if (!found) throw noSuchVolume(label, name, volumes);
    current = { source: found.source, isPartition: found.partition !== undefined };
  }
  return current.source;
}

/** The volumes of the first container that has names for them. */
async function listVolumes(
  outer: ByteSource,
  isPartition: boolean,
  { limits, adopt, onDamage }: VolumeOptions,
): Promise<{ readonly volumes: readonly Volume[]; readonly label: string }> {
  let source = outer;
  for (let depth = 0; depth <= limits.nesting; depth++) {
    const current = source;
    const codec = isPartition ? undefined : codecs.find((each) => each.detect(current));
    if (codec) {
      source = await expand(codec, current, limits);
      adopt(source);
      continue;
    }
    const format = (isPartition ? partitionFormats : volumeFormats).find((each) => each.detect(current));
    if (!format) throw noVolumes(current);
    const { volumes, diagnostics } = await format.open(current, { limits });
    for (const each of diagnostics) if (each.level === 'damage') onDamage?.(each);
    const [only] = volumes;
    if (only?.name !== '' || volumes.length > 1) return { volumes, label: current.label };
    source = only.source;
  }
  throw limitExceeded('nesting', limits, outer.label, { source: outer.label });
}

/** Expanded beside its reader, as `openVerified` opens an image. */
async function expand(codec: Codec, source: ByteSource, limits: Limits): Promise<ByteSource> {
  const expanded = await codec.open(source, { limits, beside: {} });
  try {
    expanded.verify?.();
    return expanded;
  } catch (thrown) {
    asImageError(thrown);
    expanded.close();
    return codec.open(source, { limits });
  }
}

function noVolumes(source: ByteSource): ImageError {
  const { label } = source;
  const fileSystem = fileSystemFormats.find((each) => each.detect(source));
  const what = fileSystem ? `it is a file system (${fileSystem.name})` : describeStart(source);
  const message = `${label} has no volumes: ${what}`;
  return new ImageError('input', 'root/no-volumes', message, {
    location: { source: label },
    remedy: `for a file inside it write ${label}:/PATH`,
  });
}

function noSuchVolume(label: string, name: string, volumes: readonly Volume[]): ImageError {
  const names = volumes.map((each) => `!${each.name}`).join(' ');
  return new ImageError('input', 'root/no-such-volume', `${label} has no volume ${name}`, {
    location: { source: label },
    remedy: `it has ${names || 'none'}`,
  });
}
