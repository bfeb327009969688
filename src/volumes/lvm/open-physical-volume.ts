/** Opens an LVM physical volume: its metadata, then each logical volume as the extents it is made of. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { asImageError, ImageError } from '../../errors.ts';
import { nestedLabel } from '../../location.ts';
import type { BracedGroup } from '../braced-text.ts';
import { RefusedSource } from '../refused-source.ts';
import { type DiskMap, findRun, type Stretch, VirtualDisk } from '../virtual-disk.ts';
import type { Volume, VolumeTable } from '../volume.ts';
import { findLabel, type PhysicalVolumeLabel, readLabel } from './label.ts';
import { readMetadata } from './metadata-area.ts';
import { type LogicalVolume, parseVolumeGroup, type VolumeGroup } from './volume-group.ts';

interface Run {
  /** Byte offset in the logical volume. */
  readonly at: number;
  readonly length: number;
  readonly from: number;
}

/** ImageError if no copy of the metadata can be read. */
export function openPhysicalVolume(source: ByteSource): VolumeTable {
  const label = readLabel(source, findLabel(source) ?? 0);
  const group = readGroup(source, label);
  if (!group) {
    const message = 'the LVM physical volume belongs to no volume group: there is nothing in it';
    const location = { source: source.label };
    return { format: 'lvm2', volumes: [], diagnostics: [{ level: 'note', code: 'lvm/no-group', message, location }] };
  }
  const volumes = group.logicalVolumes.map((volume) => openLogicalVolume(source, label, group, volume));
  return { format: 'lvm2', id: group.uuid, volumes, diagnostics: [] };
}

/** The newest readable copy of the metadata; undefined if every copy is empty. */
function readGroup(source: ByteSource, { metadataAreas }: PhysicalVolumeLabel): VolumeGroup | undefined {
  if (metadataAreas.length === 0) {
    const message = 'the LVM physical volume holds no metadata: they lie on another one of its group';
    throw new ImageError('unsupported', 'lvm/no-metadata', message, { location: { source: source.label } });
  }
  const groups: VolumeGroup[] = [];
  let failure: ImageError | undefined;
  for (const { offset } of metadataAreas) {
    try {
      const text: BracedGroup | undefined = readMetadata(source, offset);
      if (text) groups.push(parseVolumeGroup(text, source.label));
    } catch (thrown) {
      failure ??= asImageError(thrown);
    }
  }
  const [newest] = groups.sort((a, b) => b.sequence - a.sequence);
  if (!newest && failure) throw failure;
  return newest;
}

function openLogicalVolume(
  source: ByteSource,
  label: PhysicalVolumeLabel,
  group: VolumeGroup,
  volume: LogicalVolume,
): Volume {
  const name = `${escapeName(group.name)}-${escapeName(volume.name)}`;
  const inner = nestedLabel(source.label, name);
  const extents = volume.segments.reduce((sum, { extentCount }) => sum + extentCount, 0);
  const size = extents * group.extentBytes;
  try {
    const runs = placeSegments(label, group, volume, inner);
    return { name, source: new VirtualDisk(source, new RunMap(runs), size).slice(0, size, inner) };
  } catch (thrown) {
    return { name, source: new RefusedSource(Number.isSafeInteger(size) ? size : 0, inner, asImageError(thrown)) };
  }
}

/** The device mapper joins the names with a dash and doubles those inside. */
function escapeName(name: string): string {
  return name.replaceAll('-', '--');
}

/** Where each segment lies, in order and without a gap; `unsupported` names what is not linear. */
function placeSegments(
  label: PhysicalVolumeLabel,
  { extentBytes, physicalVolumes }: VolumeGroup,
  { segments, name }: LogicalVolume,
  inner: string,
): Run[] {
  const location = { source: inner };
  let extent = 0;
  return segments.map((segment): Run => {
    const { type, stripeCount, extentCount, startExtent } = segment;
    if (type !== 'striped' || stripeCount !== 1) {
      const kind = type === 'striped' ? `${type} over ${stripeCount} devices` : type;
      const message = `the logical volume ${name} is ${kind}, only linear ones are read`;
      throw new ImageError('unsupported', 'lvm/not-linear', message, { location });
    }
    const physical = physicalVolumes.get(segment.physicalVolume);
    if (physical?.uuid !== label.uuid) {
      const message = `a part of the logical volume ${name} lies on another device (${segment.physicalVolume})`;
      throw new ImageError('unsupported', 'lvm/other-device', message, { location });
    }
    const run = {
      at: extent * extentBytes,
      length: extentCount * extentBytes,
      from: physical.firstByte + segment.firstExtent * extentBytes,
    };
    const isSound = Number.isSafeInteger(run.at + run.length) && Number.isSafeInteger(run.from + run.length);
    if (startExtent !== extent || extentCount === 0 || !isSound) {
      const message = `the segments of the logical volume ${name} do not follow each other`;
      throw new ImageError('corrupt', 'lvm/bad-metadata', message, { location });
    }
    extent += extentCount;
    return run;
  });
}

class RunMap implements DiskMap {
  readonly #runs: readonly Run[];

  constructor(runs: readonly Run[]) {
    this.#runs = runs;
  }

  stretch(offset: number, wanted: number): Stretch {
    const run = findRun(this.#runs, offset);
    if (!run || offset >= run.at + run.length) return { state: 'zeros', length: wanted };
    const into = offset - run.at;
    return { state: 'stored', from: run.from + into, length: run.length - into };
  }
}
