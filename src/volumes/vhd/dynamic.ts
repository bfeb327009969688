/**
 * Dynamic VHD disks (Microsoft "Virtual Hard Disk Image Format Specification" 1.0, "Dynamic Disk Header Format", "Block Allocation
 * Table"): blocks, each with a bitmap in front that tells the sectors written from those still zero.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { raw, Struct, u32be, u64be } from '../../bytes/struct.ts';
import { ImageError } from '../../errors.ts';
import { type DiskMap, type Stretch, VirtualDisk } from '../virtual-disk.ts';
import { hasValidChecksum } from './footer.ts';

export const vhdDynamicHeader = {
  cookie: raw(0, 8),
  table_offset: u64be(16),
  max_table_entries: u32be(28),
  block_size: u32be(32),
  checksum: u32be(36),
} as const;

const HEADER_BYTES = 1024;
const COOKIE = 'cxsparse';
const SECTOR = 512;
const UNALLOCATED = 0xffff_ffff;

/** The disk of `size` bytes whose header lies at `offset`; ImageError if the header is damaged or too small for it. */
export function openDynamic(source: ByteSource, offset: number, size: number): ByteSource {
  const corrupt = (what: string): ImageError =>
    new ImageError('corrupt', 'vhd/bad-header', what, { location: { source: source.label, offset } });
  const header = new Struct(Uint8Array.from(source.read(offset, HEADER_BYTES)));
  if (Buffer.from(header.bytes(vhdDynamicHeader.cookie)).toString('latin1') !== COOKIE) {
    throw corrupt('its dynamic disk header is not there');
  }
  if (!hasValidChecksum(header, vhdDynamicHeader.checksum, HEADER_BYTES)) {
    throw corrupt('the checksum of its dynamic disk header does not match');
  }
  const blockBytes = header.get(vhdDynamicHeader.block_size);
  const entries = header.get(vhdDynamicHeader.max_table_entries);
  const table = header.get(vhdDynamicHeader.table_offset);
  if (blockBytes < SECTOR || !Number.isInteger(Math.log2(blockBytes))) throw corrupt(`a block has ${blockBytes} bytes`);
  if (size > entries * blockBytes) throw corrupt(`${entries} blocks are too few for a disk of ${size} bytes`);
  if (table + entries * 4 > source.size) throw corrupt(`a table of ${entries} blocks does not fit into the file`);
  return new VirtualDisk(source, new BlockMap(source, table, blockBytes), size);
}

class BlockMap implements DiskMap {
  readonly #file: ByteSource;
  readonly #table: number;
  readonly #blockBytes: number;
  readonly #bitmapBytes: number;

  constructor(file: ByteSource, table: number, blockBytes: number) {
    this.#file = file;
    this.#table = table;
    this.#blockBytes = blockBytes;
    this.#bitmapBytes = Math.ceil(blockBytes / SECTOR / 8 / SECTOR) * SECTOR;
  }

  stretch(offset: number, wanted: number): Stretch {
    const index = Math.floor(offset / this.#blockBytes);
    const into = offset - index * this.#blockBytes;
    const left = this.#blockBytes - into;
    const sector = new Struct(this.#file.read(this.#table + index * 4, 4)).get(u32be(0));
    if (sector === UNALLOCATED) return { state: 'zeros', length: left };
    const block = sector * SECTOR;
    const bitmap = this.#file.read(block, this.#bitmapBytes);
    const first = Math.floor(into / SECTOR);
    const last = Math.floor((into + Math.min(left, wanted) - 1) / SECTOR);
    const isWritten = isSet(bitmap, first);
    let end = first + 1;
    while (end <= last && isSet(bitmap, end) === isWritten) end++;
    const length = end * SECTOR - into;
    return isWritten ? { state: 'stored', from: block + this.#bitmapBytes + into, length } : { state: 'zeros', length };
  }
}

/** Bit `index`, the highest of a byte first. */
function isSet(bitmap: Uint8Array, index: number): boolean {
  return (((bitmap[index >>> 3] ?? 0) >>> (7 - (index & 7))) & 1) === 1;
}
