/** The header of a sparse extent (VMware "Virtual Disk Format 5.0", "Hosted Sparse Extent Header"), little-endian, packed. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { raw, Struct, u8, u16le, u32le, u64le } from '../../bytes/struct.ts';
import { ImageError } from '../../errors.ts';

export const vmdkHeader = {
  magicNumber: raw(0, 4),
  version: u32le(4),
  flags: u32le(8),
  capacity: u64le(12),
  grainSize: u64le(20),
  descriptorOffset: u64le(28),
  descriptorSize: u64le(36),
  numGTEsPerGT: u32le(44),
  gdOffset: raw(56, 8),
  uncleanShutdown: u8(72),
  newLines: raw(73, 4),
  compressAlgorithm: u16le(77),
} as const;

export const SECTOR = 512;
const HEADER_BYTES = 512;
/** Bits of `flags`. */
const NEW_LINES = 1 << 0;
const ZEROED_GRAINS = 1 << 2;
const COMPRESSED = 1 << 16;
const MAX_GRAIN = 32 * 1024 * 1024;
const MAX_GTES = 64 * 1024;
const DEFLATE = 1;

export interface VmdkHeader {
  /** Bytes of the disk. */
  readonly size: number;
  readonly grainBytes: number;
  readonly grainsPerTable: number;
  /** Byte offset of the grain directory. */
  readonly directory: number;
  readonly descriptor: { readonly offset: number; readonly length: number };
  readonly isCompressed: boolean;
  readonly hasZeroedGrains: boolean;
  readonly isUnclean: boolean;
}

/** Reads the header, or the copy at the end where the first one says that the grain directory is told only there. */
export function readVmdkHeader(source: ByteSource): VmdkHeader {
  const first = readAt(source, 0);
  const isAtEnd = first.bytes(vmdkHeader.gdOffset).every((byte) => byte === 0xff);
  if (!isAtEnd) return parseHeader(source, first, 0);
  // The last sectors are: a marker, the copy, a marker for the end.
  const offset = source.size - 2 * SECTOR;
  const footer = offset > 0 ? readAt(source, offset) : first;
  const magic = Buffer.from(footer.bytes(vmdkHeader.magicNumber)).toString('latin1');
  if (offset <= 0 || magic !== 'KDMV') {
    throw new ImageError('truncated', 'vmdk/no-footer', 'the stream-optimized disk ends without its footer', {
      location: { source: source.label, offset: Math.max(0, offset) },
      remedy: 'the image is cut off: copy or build it again',
    });
  }
  return parseHeader(source, footer, offset);
}

function readAt(source: ByteSource, offset: number): Struct {
  return new Struct(Uint8Array.from(source.read(offset, HEADER_BYTES)));
}

function parseHeader(source: ByteSource, header: Struct, offset: number): VmdkHeader {
  const location = { source: source.label, offset };
  const corrupt = (what: string): ImageError => new ImageError('corrupt', 'vmdk/bad-header', what, { location });
  const version = header.get(vmdkHeader.version);
  if (version < 1 || version > 3) {
    throw new ImageError('unsupported', 'vmdk/version', `VMDK version ${version} is not read`, { location });
  }
  const flags = header.get(vmdkHeader.flags);
  if (flags & NEW_LINES && Buffer.from(header.bytes(vmdkHeader.newLines)).toString('latin1') !== '\n \r\n') {
    throw corrupt('its line ends were converted: it was copied as text');
  }
  const isCompressed = (flags & COMPRESSED) !== 0;
  const algorithm = header.get(vmdkHeader.compressAlgorithm);
  if (isCompressed && algorithm !== DEFLATE) {
    throw new ImageError('unsupported', 'vmdk/compression', `compression ${algorithm} is not read`, { location });
  }
  const grainBytes = header.get(vmdkHeader.grainSize) * SECTOR;
  const grainsPerTable = header.get(vmdkHeader.numGTEsPerGT);
  const size = header.get(vmdkHeader.capacity) * SECTOR;
  const directory = new Struct(header.bytes(vmdkHeader.gdOffset)).get(u64le(0)) * SECTOR;
  if (grainBytes === 0 || grainBytes > MAX_GRAIN || !Number.isInteger(Math.log2(grainBytes))) {
    throw corrupt(`a grain has ${grainBytes} bytes`);
  }
  if (grainsPerTable === 0 || grainsPerTable > MAX_GTES) throw corrupt(`a grain table has ${grainsPerTable} entries`);
  if (!Number.isSafeInteger(size)) throw corrupt('its capacity makes no sense');
  const tables = Math.ceil(size / (grainBytes * grainsPerTable));
  if (directory === 0 || directory + tables * 4 > source.size) {
    throw corrupt(`a grain directory of ${tables} tables does not fit into the file at ${directory}`);
  }
  return {
    size,
    grainBytes,
    grainsPerTable,
    directory,
    descriptor: {
      offset: header.get(vmdkHeader.descriptorOffset) * SECTOR,
      length: header.get(vmdkHeader.descriptorSize) * SECTOR,
    },
    isCompressed,
    hasZeroedGrains: (flags & ZEROED_GRAINS) !== 0,
    isUnclean: header.get(vmdkHeader.uncleanShutdown) !== 0,
  };
}
