/** Opens a UBI image: one volume for each record of its volume table, by name. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import { ImageError } from '../../errors.ts';
import { type Limits, limitExceeded } from '../../limits.ts';
import { nestedLabel } from '../../location.ts';
import { VirtualDisk } from '../virtual-disk.ts';
import type { Volume, VolumeTable } from '../volume.ts';
import { LebMap } from './leb-map.ts';
import { type MappedLeb, type ScannedBlocks, scanBlocks } from './scan-blocks.ts';
import { parseVolumeTable, type VolumeRecord } from './volume-table.ts';

/** The volume that holds the table, twice. */
const LAYOUT_VOLUME = 0x7fff_efff;
const PLAIN_NAME = /^[\w.+-]{1,64}$/;

/** Throws `corrupt`, `truncated`, `unsupported` or `limit`. */
export function openUbi(source: ByteSource, { limits }: { readonly limits: Limits }): VolumeTable {
  const blocks = scanBlocks(source);
  const diagnostics = [...blocks.diagnostics];
  const records = readRecords(source, blocks);
  if (records.length > limits.partitions) throw limitExceeded('partitions', limits, source.label);
  const names = new Set<string>();
  const volumes = records.map((record): Volume => {
    const isPlain = PLAIN_NAME.test(record.name) && !names.has(record.name);
    const name = isPlain ? record.name : `volume-${record.id}`;
    names.add(name);
    const label = nestedLabel(source.label, name);
    if (record.isUnfinished) diagnostics.push(unfinished(label, 'an update of it was begun and not finished'));
    else if (record.isStatic && isShort(blocks.volumes.get(record.id))) {
      diagnostics.push(unfinished(label, 'some of its erase blocks are missing'));
    }
    return { name, source: openVolume(source, blocks, record, label) };
  });
  return { format: 'ubi', volumes, diagnostics };
}

/** The first sound copy of the table. */
function readRecords(source: ByteSource, { geometry, volumes }: ScannedBlocks): readonly VolumeRecord[] {
  const copies = [...(volumes.get(LAYOUT_VOLUME) ?? [])].sort(([a], [b]) => a - b);
  for (const [, { from }] of copies) {
    const records = parseVolumeTable(source.read(from, geometry.lebSize));
    if (records) return records;
  }
  const what = copies.length === 0 ? 'has no volume table' : 'has a damaged volume table';
  throw new ImageError('corrupt', 'ubi/bad-table', `${source.label} ${what}`, { location: { source: source.label } });
}

function openVolume(
  source: ByteSource,
  { geometry, volumes }: ScannedBlocks,
  record: VolumeRecord,
  label: string,
): ByteSource {
  const lebs: ReadonlyMap<number, MappedLeb> = volumes.get(record.id) ?? new Map();
  const lebSize = geometry.lebSize - record.padding;
  const last = [...lebs.keys()].reduce((most, number) => Math.max(most, number), -1);
  if (lebSize <= 0 || last >= record.reservedLebs) {
    const message = `volume ${record.id} of ${source.label} has more erase blocks than belong to it`;
    throw new ImageError('corrupt', 'ubi/bad-volume', message, { location: { source: source.label } });
  }
  const size = record.isStatic ? staticSize(lebs) : record.reservedLebs * lebSize;
  return new VirtualDisk(source, new LebMap(source, lebs, lebSize), size).slice(0, size, label);
}

/** What was written of it: every block says how much it holds. */
function staticSize(lebs: ReadonlyMap<number, MappedLeb>): number {
  let size = 0;
  for (const { header } of lebs.values()) size += header.dataSize;
  return size;
}

/** Whether fewer blocks are there than any of them says. */
function isShort(lebs: ReadonlyMap<number, MappedLeb> | undefined): boolean {
  return [...(lebs?.values() ?? [])].some(({ header }) => header.usedLebs > (lebs?.size ?? 0));
}

function unfinished(label: string, what: string): Diagnostic {
  const message = `the content of ${label} is not whole: ${what}`;
  return { level: 'damage', code: 'ubi/not-whole', message, location: { source: label } };
}
