/**
 * MBR partition table with extended partitions, numbered as Linux numbers them: primaries 1 to 4 by their slot, logical ones
 * from 5 along the chain of extended boot records. Sectors have 512 bytes. The extended partition itself is no volume:
 * nothing but its chain lies in it.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import { ImageError } from '../../errors.ts';
import { type Limits, limitExceeded } from '../../limits.ts';
import { createVolumes } from '../partition-volume.ts';
import type { Partition, VolumeFormat, VolumeTable } from '../volume.ts';
import { findProtective, isUsed, type PartitionRecord, parseBootRecord, RECORD_BYTES } from './boot-record.ts';
import { holdsFileSystem } from './boot-sector.ts';

const SECTOR = 512;
const FIRST_LOGICAL = 5;
const ACTIVE = 0x80;
const extendedTypes: ReadonlySet<number> = new Set([0x05, 0x0f, 0x85]);

interface Chain {
  readonly partitions: readonly Partition[];
  readonly diagnostics: readonly Diagnostic[];
}

export const mbr: VolumeFormat = {
  id: 'mbr',
  name: 'MBR partition table',

  /** A boot record with plausible entries that is not the boot sector of a file system and protects no GPT. */
  detect(source) {
    if (source.size < RECORD_BYTES) return false;
    const record = parseBootRecord(source.read(0, RECORD_BYTES));
    if (!record || findProtective(record)) return false;
    const used = record.entries.filter(isUsed);
    const arePlausible = record.entries.every(({ bootIndicator }) => bootIndicator === 0 || bootIndicator === ACTIVE);
    const isInside = ({ start }: PartitionRecord): boolean => start > 0 && start * SECTOR < source.size;
    return arePlausible && used.some(isInside) && !holdsFileSystem(source);
  },

  open(source, { limits }): VolumeTable {
    const record = parseBootRecord(source.read(0, RECORD_BYTES));
    if (!record) {
      throw new ImageError('corrupt', 'mbr/bad-signature', 'there is no boot record', {
        location: { source: source.label, offset: 0 },
      });
    }
    const diskId = record.diskSignature.toString(16).padStart(8, '0');
    const partitions: Partition[] = [];
    const diagnostics: Diagnostic[] = [];
    for (const [index, entry] of record.entries.entries()) {
      if (isUsed(entry) && !extendedTypes.has(entry.type))
        partitions.push(describe(entry, index + 1, entry.start, diskId));
    }
    let next = FIRST_LOGICAL;
    for (const entry of record.entries) {
      if (!isUsed(entry) || !extendedTypes.has(entry.type)) continue;
      const chain = readChain(source, entry, next, diskId, limits);
      partitions.push(...chain.partitions);
      diagnostics.push(...chain.diagnostics);
      next += chain.partitions.length;
    }
    const { volumes, diagnostics: found } = createVolumes(source, partitions, limits);
    return { format: 'mbr', id: diskId, volumes, diagnostics: [...diagnostics, ...found] };
  },
};

/**
 * Logical partitions: each record of the chain places data partitions from itself on, and the next record from the start of
 * the extended partition on. A chain that breaks keeps what came before, with a `damage` diagnostic.
 */
function readChain(disk: ByteSource, extended: PartitionRecord, first: number, diskId: string, limits: Limits): Chain {
  const partitions: Partition[] = [];
  const visited = new Set<number>();
  const broken = (code: string, what: string, sector: number): Chain => {
    const message = `the chain of logical partitions breaks after ${partitions.length} of them: ${what}`;
    const location = { source: disk.label, offset: sector * SECTOR };
    return { partitions, diagnostics: [{ level: 'damage', code, message, location }] };
  };
  let sector = extended.start;
  for (;;) {
    if (visited.has(sector)) return broken('mbr/chain-loop', 'a record comes up again', sector);
    visited.add(sector);
    if ((sector + 1) * SECTOR > disk.size) return broken('mbr/chain-truncated', 'a record lies past the end', sector);
    const record = parseBootRecord(disk.read(sector * SECTOR, RECORD_BYTES));
    if (!record) return broken('mbr/bad-record', 'a record has no signature', sector);
    for (const [index, entry] of record.entries.entries()) {
      if (!isUsed(entry) || extendedTypes.has(entry.type)) continue;
      const start = sector + entry.start;
      // Old programs left rubbish in the last two entries: Linux believes them only inside the extended partition.
      const isInside = start >= extended.start && start + entry.size <= extended.start + extended.size;
      if (index < 2 || isInside) partitions.push(describe(entry, first + partitions.length, start, diskId));
    }
    const link = record.entries.find((entry) => isUsed(entry) && extendedTypes.has(entry.type));
    if (!link) return { partitions, diagnostics: [] };
    if (visited.size >= limits.partitions) {
      const location = { source: disk.label, offset: sector * SECTOR };
      throw limitExceeded('partitions', limits, 'a chain of logical partitions', location);
    }
    sector = extended.start + link.start;
  }
}

function describe(entry: PartitionRecord, number: number, start: number, diskId: string): Partition {
  return {
    number,
    table: 'mbr',
    type: entry.type.toString(16).padStart(2, '0'),
    uuid: `${diskId}-${number.toString(16).padStart(2, '0')}`,
    name: '',
    start: start * SECTOR,
    size: entry.size * SECTOR,
    attributes: entry.bootIndicator.toString(16).padStart(2, '0'),
  };
}
