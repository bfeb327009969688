/** The entries of a verified GPT (UEFI specification 2.10, section 5.3.3) as partitions. */
import { raw, Struct, u64le } from '../../bytes/struct.ts';
import { type Diagnostic, damageFrom } from '../../diagnostic.ts';
import { asImageError, ImageError } from '../../errors.ts';
import type { Partition } from '../volume.ts';
import type { GptHeader } from './gpt-header.ts';
import { formatGuid } from './guid.ts';

export const gptEntry = {
  PartitionTypeGUID: raw(0, 16),
  UniquePartitionGUID: raw(16, 16),
  StartingLBA: u64le(32),
  EndingLBA: u64le(40),
  Attributes: raw(48, 8),
  PartitionName: raw(56, 72),
} as const;

const unused = '00000000-0000-0000-0000-000000000000';

export interface GptPartitions {
  readonly partitions: readonly Partition[];
  readonly diagnostics: readonly Diagnostic[];
}

/** All used entries in the order of the array. One that makes no sense becomes damage and its siblings go on. */
export function parseEntries(header: GptHeader, label: string): GptPartitions {
  const partitions: Partition[] = [];
  const diagnostics: Diagnostic[] = [];
  for (let base = 0; base < header.entries.length; base += header.entryBytes) {
    const number = base / header.entryBytes + 1;
    const entry = new Struct(header.entries, base);
    const type = formatGuid(entry.bytes(gptEntry.PartitionTypeGUID));
    if (type === unused) continue;
    const location = { source: label, offset: header.arrayOffset + base };
    try {
      const first = entry.get(gptEntry.StartingLBA);
      const last = entry.get(gptEntry.EndingLBA);
      const end = (last + 1) * header.sectorSize;
      if (first > last || first === 0 || !Number.isSafeInteger(end)) {
        const message = `partition ${number} is said to reach from sector ${first} to ${last}`;
        throw new ImageError('corrupt', 'gpt/bad-entry', message, { location });
      }
      if (first < header.firstUsableLba || last > header.lastUsableLba) {
        const message = `partition ${number} (sectors ${first} to ${last}) leaves the usable range ${header.firstUsableLba} to ${header.lastUsableLba}`;
        diagnostics.push({ level: 'note', code: 'gpt/outside-usable', message, location });
      }
      partitions.push({
        number,
        table: 'gpt',
        type,
        uuid: formatGuid(entry.bytes(gptEntry.UniquePartitionGUID)),
        name: parseName(entry.bytes(gptEntry.PartitionName)),
        start: first * header.sectorSize,
        size: end - first * header.sectorSize,
        attributes: Buffer.from(entry.bytes(gptEntry.Attributes)).reverse().toString('hex'),
      });
    } catch (thrown) {
      diagnostics.push({ ...damageFrom(asImageError(thrown)), location });
    }
  }
  return { partitions, diagnostics };
}

const utf16 = new TextDecoder('utf-16le', { ignoreBOM: true });

/** UTF-16LE up to the first NUL; a lone surrogate becomes U+FFFD, because it is no character. */
function parseName(bytes: Uint8Array): string {
  const text = utf16.decode(bytes);
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}
