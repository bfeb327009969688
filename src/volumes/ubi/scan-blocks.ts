/** Which physical erase block holds which logical one: all headers are read, the highest sequence number counts. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { peekAt } from '../../bytes/byte-source.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import { ImageError } from '../../errors.ts';
import {
  type EcHeader,
  HEADER_SIZE,
  isSupported,
  parseEcHeader,
  parseVidHeader,
  registerCrc32,
  type VidHeader,
} from './headers.ts';

/** Erase blocks begin at multiples of this, and none is larger than that. */
const STEP = 512;
const MAX_BLOCK = 32 * 1024 * 1024;

export interface Geometry {
  readonly blockSize: number;
  readonly vidOffset: number;
  readonly dataOffset: number;
  /** Bytes of a logical erase block. */
  readonly lebSize: number;
}

/** A logical erase block: where its data lie. */
export interface MappedLeb {
  readonly header: VidHeader;
  /** Byte offset of the data in the image. */
  readonly from: number;
}

export interface ScannedBlocks {
  readonly geometry: Geometry;
  /** By volume, then by number. */
  readonly volumes: ReadonlyMap<number, ReadonlyMap<number, MappedLeb>>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Throws `corrupt`, `truncated` or `unsupported`. */
export function scanBlocks(source: ByteSource): ScannedBlocks {
  const geometry = readGeometry(source);
  const volumes = new Map<number, Map<number, MappedLeb>>();
  const damaged: number[] = [];
  for (let at = 0; at + geometry.blockSize <= source.size; at += geometry.blockSize) {
    const ec = parseEcHeader(peekAt(source, at, HEADER_SIZE));
    const vid = parseVidHeader(peekAt(source, at + geometry.vidOffset, HEADER_SIZE));
    if (vid === 'empty') continue;
    if (vid === 'damaged' || ec === 'damaged') damaged.push(at);
    if (vid === 'damaged') continue;
    const lebs = volumes.get(vid.volumeId) ?? new Map<number, MappedLeb>();
    volumes.set(vid.volumeId, lebs);
    const found = { header: vid, from: at + geometry.dataOffset };
    const known = lebs.get(vid.leb);
    lebs.set(vid.leb, known ? chooseLeb(source, known, found) : found);
  }
  const diagnostics: Diagnostic[] = [];
  const [first] = damaged;
  if (first !== undefined) {
    const message = `${damaged.length} erase blocks have damaged headers: what they held may be missing`;
    diagnostics.push({
      level: 'damage',
      code: 'ubi/bad-header',
      message,
      location: { source: source.label, offset: first },
    });
  }
  const rest = source.size % geometry.blockSize;
  if (rest !== 0) {
    const message = `the image ends within an erase block: its last ${rest} bytes are not read`;
    const location = { source: source.label, offset: source.size - rest };
    diagnostics.push({ level: 'damage', code: 'ubi/truncated', message, location });
  }
  return { geometry, volumes, diagnostics };
}

/** The newer one, unless it is a copy for wear-levelling that was never finished. */
function chooseLeb(source: ByteSource, a: MappedLeb, b: MappedLeb): MappedLeb {
  const [older, newer] = a.header.sequence <= b.header.sequence ? [a, b] : [b, a];
  const { isCopy, dataSize, dataCrc } = newer.header;
  if (!isCopy) return newer;
  const isWhole = newer.from + dataSize <= source.size && registerCrc32(source.read(newer.from, dataSize)) === dataCrc;
  return isWhole ? newer : older;
}

/** The size of an erase block stands nowhere: it is where the next one begins. */
function readGeometry(source: ByteSource): Geometry {
  const first = parseEcHeader(source.read(0, HEADER_SIZE));
  if (typeof first === 'string') throw badHeader(source, 'the first erase block has a damaged header');
  if (!isSupported(first)) {
    const message = `UBI of version ${first.version} is not read`;
    throw new ImageError('unsupported', 'ubi/version', message, { location: { source: source.label, offset: 0 } });
  }
  const { vidOffset, dataOffset } = first;
  if (vidOffset < HEADER_SIZE || dataOffset < vidOffset + HEADER_SIZE || dataOffset >= MAX_BLOCK) {
    throw badHeader(source, `the headers say that data begin at byte ${dataOffset} of an erase block`);
  }
  const blockSize = findBlockSize(source, first);
  if (blockSize === undefined) throw badHeader(source, 'no second erase block is found');
  return { blockSize, vidOffset, dataOffset, lebSize: blockSize - dataOffset };
}

function findBlockSize(source: ByteSource, first: EcHeader): number | undefined {
  const begin = (Math.floor(first.dataOffset / STEP) + 1) * STEP;
  let uneven: number | undefined;
  for (let size = begin; size <= MAX_BLOCK && size + HEADER_SIZE <= source.size; size += STEP) {
    const bytes = peekAt(source, size, HEADER_SIZE);
    if (bytes[0] !== 0x55 || bytes[1] !== 0x42) continue;
    const next = parseEcHeader(bytes);
    if (typeof next === 'string' || next.dataOffset !== first.dataOffset || next.imageSequence !== first.imageSequence)
      continue;
    if (source.size % size === 0) return size;
    uneven ??= size;
  }
  return uneven;
}

function badHeader(source: ByteSource, message: string): ImageError {
  return new ImageError('corrupt', 'ubi/bad-header', message, { location: { source: source.label, offset: 0 } });
}
