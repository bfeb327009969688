/** Opens a VHDX disk: its block allocation table ([MS-VHDX] 2.5) as a map from the disk to the file. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { Struct, u32le } from '../../bytes/struct.ts';
import { ImageError } from '../../errors.ts';
import { joinPieces, type Piece, VirtualDisk } from '../virtual-disk.ts';
import type { VolumeTable } from '../volume.ts';
import { type Region, readRegions } from './header.ts';
import { readGeometry, type VhdxGeometry } from './metadata.ts';

const MiB = 1024 * 1024;
const FULLY_PRESENT = 6;
/** Not present, undefined, zero, unmapped: reads as zeros where there is no parent. */
const zeroStates: ReadonlySet<number> = new Set([0, 1, 2, 3]);
/** Sectors that one entry of the sectors' bitmaps stands for: after so many sectors' blocks the table has one. */
const CHUNK_SECTORS = 2 ** 23;

/** ImageError if a header is damaged or the disk needs what is not read; damage further in shows when it is read. */
export function openVhdx(source: ByteSource): VolumeTable {
  const { bat, metadata } = readRegions(source);
  const geometry = readGeometry(source, metadata);
  const disk = openBlocks(source, bat, geometry);
  return { format: 'vhdx', volumes: [{ name: '', source: disk }], diagnostics: [] };
}

function openBlocks(source: ByteSource, bat: Region, { size, blockBytes, sectorBytes }: VhdxGeometry): ByteSource {
  const chunkBlocks = (CHUNK_SECTORS * sectorBytes) / blockBytes;
  const place = (index: number): number => index + Math.floor(index / chunkBlocks);
  const blocks = Math.ceil(size / blockBytes);
  if (blocks > 0 && (place(blocks - 1) + 1) * 8 > bat.length) {
    throw new ImageError('corrupt', 'vhdx/bad-table', `the block table is too small for a disk of ${size} bytes`, {
      location: { source: source.label, offset: bat.offset },
    });
  }
  const locate = (index: number): Piece => {
    // A run may ask for what lies behind the end of the disk.
    if (index >= blocks) return { state: 'zeros' };
    const at = bat.offset + place(index) * 8;
    const entry = new Struct(source.read(at, 8));
    const low = entry.get(u32le(0));
    const state = low & 7;
    if (zeroStates.has(state)) return { state: 'zeros' };
    if (state !== FULLY_PRESENT) {
      throw new ImageError('corrupt', 'vhdx/bad-entry', `block ${index} has the state ${state}`, {
        location: { source: source.label, offset: at },
      });
    }
    return { state: 'stored', from: (entry.get(u32le(4)) * 4096 + (low >>> 20)) * MiB };
  };
  const map = { stretch: (offset: number, wanted: number) => joinPieces(offset, wanted, blockBytes, locate) };
  return new VirtualDisk(source, map, size);
}
