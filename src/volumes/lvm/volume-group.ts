/** The volume group that LVM's metadata text describes (lib/format_text/export.c of LVM2), as far as linear volumes need it. */
import { ImageError } from '../../errors.ts';
import type { Braced, BracedGroup } from '../braced-text.ts';

export interface Segment {
  readonly startExtent: number;
  readonly extentCount: number;
  /** `striped` with one stripe is linear. */
  readonly type: string;
  readonly stripeCount: number;
  /** Name of the physical volume of the first stripe, and the extent it begins at there. */
  readonly physicalVolume: string;
  readonly firstExtent: number;
}

export interface LogicalVolume {
  readonly name: string;
  readonly segments: readonly Segment[];
}

export interface VolumeGroup {
  readonly name: string;
  readonly uuid: string;
  readonly sequence: number;
  readonly extentBytes: number;
  /** By the name it has in the text: its uuid without dashes, and the byte its first extent begins at. */
  readonly physicalVolumes: ReadonlyMap<string, { readonly uuid: string; readonly firstByte: number }>;
  /** Those that are seen: parts of others are not. */
  readonly logicalVolumes: readonly LogicalVolume[];
}

const SECTOR = 512;

/** Throws `corrupt` if something is missing that the text must say. */
export function parseVolumeGroup(text: BracedGroup, source: string): VolumeGroup {
  const reader = new GroupReader(source);
  const [entry] = [...text].filter(([, value]) => value instanceof Map);
  if (!entry) throw reader.corrupt('the LVM metadata describe no volume group');
  const [name, value] = entry;
  const group = reader.group(value, name);
  const physicalVolumes = reader.groups(group, 'physical_volumes').map(([key, volume]) => {
    const uuid = reader.text(volume, 'id').replaceAll('-', '');
    return [key, { uuid, firstByte: reader.number(volume, 'pe_start') * SECTOR }] as const;
  });
  const logicalVolumes = reader.groups(group, 'logical_volumes').flatMap(([key, volume]) => {
    const status = volume.get('status');
    if (!Array.isArray(status) || !status.includes('VISIBLE')) return [];
    return [{ name: key, segments: parseSegments(reader, volume) }];
  });
  const extentBytes = reader.number(group, 'extent_size') * SECTOR;
  if (extentBytes === 0 || !Number.isSafeInteger(extentBytes)) throw reader.corrupt('an extent has no size');
  const sequence = reader.number(group, 'seqno');
  return {
    ...{ name, sequence, extentBytes, logicalVolumes },
    uuid: reader.text(group, 'id'),
    physicalVolumes: new Map(physicalVolumes),
  };
}

function parseSegments(reader: GroupReader, volume: BracedGroup): Segment[] {
  const count = reader.number(volume, 'segment_count');
  const found = [...volume].flatMap(([key, value]) => (/^segment\d+$/.test(key) ? [reader.group(value, key)] : []));
  if (found.length !== count) throw reader.corrupt(`${found.length} of ${count} segments are described`);
  const segments = found.map((segment): Segment => {
    const stripes = segment.get('stripes');
    const [physicalVolume, firstExtent] = Array.isArray(stripes) ? stripes : [];
    return {
      startExtent: reader.number(segment, 'start_extent'),
      extentCount: reader.number(segment, 'extent_count'),
      type: reader.text(segment, 'type'),
      stripeCount: segment.has('stripe_count') ? reader.number(segment, 'stripe_count') : 0,
      physicalVolume: typeof physicalVolume === 'string' ? physicalVolume : '',
      firstExtent: reader.parseNumber(firstExtent ?? '0', 'stripes'),
    };
  });
  return segments.sort((a, b) => a.startExtent - b.startExtent);
}

class GroupReader {
  readonly #source: string;

  constructor(source: string) {
    this.#source = source;
  }

  corrupt(what: string): ImageError {
    return new ImageError('corrupt', 'lvm/bad-metadata', what, { location: { source: this.#source } });
  }

  group(value: Braced, name: string): BracedGroup {
    if (value instanceof Map) return value;
    throw this.corrupt(`"${name}" in the LVM metadata is no group`);
  }

  /** The groups in the group `name`; none if it is not there. */
  groups(group: BracedGroup, name: string): (readonly [string, BracedGroup])[] {
    const value = group.get(name);
    if (value === undefined) return [];
    return [...this.group(value, name)].map(([key, each]) => [key, this.group(each, key)] as const);
  }

  text(group: BracedGroup, name: string): string {
    const value = group.get(name);
    if (typeof value === 'string') return value;
    throw this.corrupt(`the LVM metadata do not say "${name}"`);
  }

  number(group: BracedGroup, name: string): number {
    return this.parseNumber(group.get(name), name);
  }

  parseNumber(value: Braced | undefined, name: string): number {
    const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    if (Number.isSafeInteger(number)) return number;
    throw this.corrupt(`"${name}" in the LVM metadata is no number`);
  }
}
