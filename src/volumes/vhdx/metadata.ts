/** The metadata region of a VHDX disk ([MS-VHDX] 2.6): what its blocks and sectors measure, and whether it needs a parent. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { raw, Struct, u16le, u32le, u64le } from '../../bytes/struct.ts';
import { ImageError } from '../../errors.ts';
import { formatGuid } from '../gpt/guid.ts';
import type { Region } from './header.ts';

export const metadataTable = { Signature: raw(0, 8), EntryCount: u16le(10) } as const;

export const metadataEntry = {
  ItemId: raw(0, 16),
  Offset: u32le(16),
  Length: u32le(20),
  Flags: u32le(24),
} as const;

const TABLE_BYTES = 64 * 1024;
const TABLE_HEAD = 32;
const ENTRY_BYTES = 32;
const MAX_ENTRIES = 2047;
const REQUIRED = 1 << 2;
const HAS_PARENT = 1 << 1;
const MiB = 1024 * 1024;

/** Items by their GUID; those that do not matter for reading are known all the same. */
const itemNames: Readonly<Record<string, string>> = {
  'caa16737-fa36-4d43-b3b6-33f0aa44e76b': 'file parameters',
  '2fa54224-cd1b-4876-b211-5dbed83bf4b8': 'virtual disk size',
  'beca12ab-b2e6-4523-93ef-c309e000c746': 'virtual disk id',
  '8141bf1d-a96f-4709-ba47-f233a8faab5f': 'logical sector size',
  'cda348c7-445d-4471-9cc9-e9885251c556': 'physical sector size',
  'a8d35f2d-b30b-454d-abf7-d3d84834ab0c': 'parent locator',
};

export interface VhdxGeometry {
  /** Bytes of the disk. */
  readonly size: number;
  readonly blockBytes: number;
  readonly sectorBytes: number;
}

/** Throws `unsupported` for a differencing disk or an unknown item that is required. */
export function readGeometry(source: ByteSource, region: Region): VhdxGeometry {
  const location = { source: source.label, offset: region.offset };
  const corrupt = (what: string): ImageError => new ImageError('corrupt', 'vhdx/bad-metadata', what, { location });
  if (region.length < TABLE_BYTES) throw corrupt(`the metadata region has ${region.length} bytes`);
  const table = new Struct(Uint8Array.from(source.read(region.offset, TABLE_BYTES)));
  if (Buffer.from(table.bytes(metadataTable.Signature)).toString('latin1') !== 'metadata') {
    throw corrupt('the metadata region has no signature');
  }
  const count = table.get(metadataTable.EntryCount);
  if (count > MAX_ENTRIES) throw corrupt(`a metadata table of ${count} entries`);
  const items = new Map<string, Struct>();
  for (let index = 0; index < count; index++) {
    const entry = table.at(TABLE_HEAD + index * ENTRY_BYTES);
    const guid = formatGuid(entry.bytes(metadataEntry.ItemId));
    const name = itemNames[guid];
    if (!name && (entry.get(metadataEntry.Flags) & REQUIRED) !== 0) {
      const message = `the VHDX disk needs the metadata item ${guid}, which check-image does not know`;
      throw new ImageError('unsupported', 'vhdx/metadata', message, { location });
    }
    const offset = entry.get(metadataEntry.Offset);
    const length = Math.min(entry.get(metadataEntry.Length), 8);
    if (!name || length === 0) continue;
    if (offset + length > region.length) throw corrupt(`the item "${name}" lies outside the metadata region`);
    items.set(name, new Struct(Uint8Array.from(source.read(region.offset + offset, length))));
  }
  const item = (name: string): Struct => {
    const found = items.get(name);
    if (!found) throw corrupt(`the metadata have no ${name}`);
    return found;
  };
  const parameters = item('file parameters');
  if ((parameters.get(u32le(4)) & HAS_PARENT) !== 0) {
    throw new ImageError('unsupported', 'vhdx/needs-parent', 'the VHDX disk holds only what differs from its parent', {
      location,
      remedy: 'merge it into its parent: Merge-VHD',
    });
  }
  const blockBytes = parameters.get(u32le(0));
  const sectorBytes = item('logical sector size').get(u32le(0));
  if (blockBytes < MiB || blockBytes > 256 * MiB || !Number.isInteger(Math.log2(blockBytes))) {
    throw corrupt(`a block has ${blockBytes} bytes`);
  }
  if (sectorBytes !== 512 && sectorBytes !== 4096) throw corrupt(`a sector has ${sectorBytes} bytes`);
  return { size: item('virtual disk size').get(u64le(0)), blockBytes, sectorBytes };
}
