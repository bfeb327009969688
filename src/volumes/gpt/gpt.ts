/**
 * GUID partition table (UEFI specification 2.10, section 5.3) with sectors of 512 or 4096 bytes. The primary table counts;
 * the backup stands in for a damaged one, and both facts are said. Space after the backup is normal (wic leaves it);
 * a backup past the end of the image is not: bytes are missing. In a hybrid MBR the GPT wins, as in Linux.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import { ImageError } from '../../errors.ts';
import { findProtective, isUsed, parseBootRecord, RECORD_BYTES } from '../mbr/boot-record.ts';
import { createVolumes } from '../partition-volume.ts';
import type { VolumeFormat, VolumeTable } from '../volume.ts';
import { parseEntries } from './gpt-entries.ts';
import { type GptHeader, type GptHeaderReading, hasSignature, readHeader } from './gpt-header.ts';

const sectorSizes = [512, 4096] as const;

interface Choice {
  readonly header: GptHeader;
  readonly diagnostics: readonly Diagnostic[];
}

export const gpt: VolumeFormat = {
  id: 'gpt',
  name: 'GUID partition table',

  /** A protective MBR entry, or the primary header on a disk whose MBR claims nothing else. */
  detect(source) {
    if (source.size < RECORD_BYTES) return false;
    const record = parseBootRecord(source.read(0, RECORD_BYTES));
    if (record && findProtective(record)) return true;
    if (record?.entries.some(isUsed)) return false;
    return sectorSizes.some((sectorSize) => hasSignature(source, sectorSize));
  },

  open(source, { limits }): VolumeTable {
    const { header, diagnostics } = chooseHeader(source);
    const entries = parseEntries(header, source.label);
    const { volumes, diagnostics: found } = createVolumes(source, entries.partitions, limits);
    return {
      format: 'gpt',
      id: header.diskGuid,
      volumes,
      diagnostics: [...protectiveNotes(source), ...diagnostics, ...entries.diagnostics, ...found],
    };
  },
};

function chooseHeader(source: ByteSource): Choice {
  const primaries = sectorSizes.map((sectorSize) => ({ sectorSize, reading: readHeader(source, 1, sectorSize) }));
  for (const { reading } of primaries) {
    if (reading.state === 'valid')
      return { header: reading.header, diagnostics: findBackupNotes(source, reading.header) };
  }
  const damaged = primaries.find(({ reading }) => reading.state === 'damaged');
  const reason = damaged?.reading.state === 'damaged' ? damaged.reading.reason : 'it is not there';
  const sizes = damaged ? [damaged.sectorSize] : sectorSizes;
  for (const sectorSize of sizes) {
    for (const lba of backupPlaces(source, sectorSize, damaged?.reading)) {
      const backup = readHeader(source, lba, sectorSize);
      if (backup.state !== 'valid') continue;
      const message = `the primary partition table is damaged (${reason}): the backup was used; Linux itself does that only with the kernel parameter "gpt"`;
      const location = { source: source.label, offset: sectorSize };
      return { header: backup.header, diagnostics: [{ level: 'damage', code: 'gpt/backup-used', message, location }] };
    }
  }
  throw new ImageError(
    'corrupt',
    'gpt/no-valid-header',
    `no usable GPT: in the primary header ${reason}, and no backup is valid`,
    {
      location: { source: source.label, offset: sectorSizes[0] },
      remedy: 'build or copy the image again, or repair its table with sgdisk or gdisk',
    },
  );
}

/** Sectors a backup may lie in: where the damaged primary says, at the end of the image, at the end of the protected disk. */
function backupPlaces(source: ByteSource, sectorSize: number, primary: GptHeaderReading | undefined): Set<number> {
  const places = new Set<number>();
  if (primary?.state === 'damaged' && primary.alternateLba !== undefined) places.add(primary.alternateLba);
  places.add(Math.floor(source.size / sectorSize) - 1);
  const record = parseBootRecord(source.read(0, RECORD_BYTES));
  const protective = record && findProtective(record);
  if (protective) places.add(protective.start + protective.size - 1);
  for (const lba of places) if (lba <= 1) places.delete(lba);
  return places;
}

/** What is odd about the backup. */
function findBackupNotes(source: ByteSource, primary: GptHeader): Diagnostic[] {
  if (!source.assume) return compareBackup(source, primary);
  source.assume(() => compareBackup(source, primary).length === 0);
  return [];
}

/** What the backup of a valid primary table says. */
function compareBackup(source: ByteSource, primary: GptHeader): Diagnostic[] {
  const offset = primary.alternateLba * primary.sectorSize;
  const location = { source: source.label, offset };
  if (offset + primary.sectorSize > source.size) {
    const message = `the image is cut off: it ends at byte ${source.size}, its backup partition table belongs at ${offset}; copy or build it again`;
    return [{ level: 'damage', code: 'gpt/truncated', message, location, touches: 'everything' }];
  }
  const backup = readHeader(source, primary.alternateLba, primary.sectorSize);
  if (backup.state !== 'valid') {
    const reason = backup.state === 'damaged' ? backup.reason : 'it is not there';
    const message = `the backup partition table is damaged (${reason}): the primary was used`;
    return [{ level: 'note', code: 'gpt/bad-backup', message, location }];
  }
  const { entries, diskGuid } = backup.header;
  if (diskGuid === primary.diskGuid && Buffer.compare(entries, primary.entries) === 0) return [];
  const message = 'the primary and the backup partition table are both valid and differ: the primary was used';
  return [{ level: 'note', code: 'gpt/tables-differ', message, location }];
}

function protectiveNotes(source: ByteSource): Diagnostic[] {
  const location = { source: source.label, offset: 0 };
  const record = parseBootRecord(source.read(0, RECORD_BYTES));
  if (!record || !findProtective(record)) {
    const message = 'there is no protective MBR: firmware and Linux may not see the partition table';
    return [{ level: 'note', code: 'gpt/no-protective-mbr', message, location }];
  }
  const others = record.entries.filter((entry) => isUsed(entry) && entry !== findProtective(record)).length;
  if (others === 0) return [];
  const message = `a hybrid MBR lists ${others} of the partitions a second time: the GPT was used`;
  return [{ level: 'note', code: 'gpt/hybrid-mbr', message, location }];
}
