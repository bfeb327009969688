/** The qcow2 header (docs/interop/qcow2.txt of QEMU, "Header"), big-endian; version 2 ends before the feature bits. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { Struct, u8, u32be, u64be } from '../../bytes/struct.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import { ImageError } from '../../errors.ts';
import { type BackingFile, readBackingFile } from './backing.ts';

export const qcow2Header = {
  version: u32be(4),
  backing_file_offset: u64be(8),
  backing_file_size: u32be(16),
  cluster_bits: u32be(20),
  size: u64be(24),
  crypt_method: u32be(32),
  l1_size: u32be(36),
  l1_table_offset: u64be(40),
  nb_snapshots: u32be(60),
  incompatible_features_high: u32be(72),
  incompatible_features: u32be(76),
  header_length: u32be(100),
  compression_type: u8(104),
} as const;

const V2_BYTES = 72;
const V3_BYTES = 104;
const MAX_HEADER = 4096;

/** Bits of incompatible_features. */
const DIRTY = 1 << 0;
const CORRUPT = 1 << 1;
const EXTERNAL_DATA = 1 << 2;
const COMPRESSION_TYPE = 1 << 3;
const EXTENDED_L2 = 1 << 4;
const KNOWN = DIRTY | CORRUPT | EXTERNAL_DATA | COMPRESSION_TYPE | EXTENDED_L2;

export interface Qcow2Header {
  readonly clusterBits: number;
  /** Bytes of the disk. */
  readonly size: number;
  readonly l1Offset: number;
  readonly l1Entries: number;
  readonly compression: 'zlib' | 'zstd';
  /** L2 entries describe 32 subclusters each. */
  readonly extendedL2: boolean;
  readonly version: 2 | 3;
  /** Holds what this disk leaves out. */
  readonly backing?: BackingFile;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads and checks the header; `unsupported` names what the disk needs and check-image does not read. */
export function readQcow2Header(source: ByteSource): Qcow2Header {
  const location = { source: source.label, offset: 0 };
  const corrupt = (what: string): ImageError => new ImageError('corrupt', 'qcow2/bad-header', what, { location });
  if (source.size < V2_BYTES)
    throw new ImageError('truncated', 'qcow2/truncated', 'its header is cut off', { location });
  const bytes = Uint8Array.from(source.read(0, Math.min(MAX_HEADER, source.size)));
  const header = new Struct(bytes);
  const version = header.get(qcow2Header.version);
  if (version !== 2 && version !== 3) {
    throw new ImageError('unsupported', 'qcow2/version', `qcow2 version ${version} is not read`, { location });
  }
  const length = version === 2 ? V2_BYTES : header.get(qcow2Header.header_length);
  if (version === 3 && (length < V3_BYTES || length > bytes.length)) throw corrupt(`its header has ${length} bytes`);
  const features = version === 2 ? 0 : header.get(qcow2Header.incompatible_features);
  const high = version === 2 ? 0 : header.get(qcow2Header.incompatible_features_high);
  if (high !== 0 || (features & ~KNOWN) !== 0) {
    const bits = `0x${((BigInt(high) << 32n) | BigInt(features)).toString(16)}`;
    const message = `the qcow2 disk needs features that check-image does not know (incompatible features ${bits})`;
    throw new ImageError('unsupported', 'qcow2/features', message, { location });
  }
  refuseExternalData(source, features);
  refuseEncryption(source, header);
  const nameOffset = header.get(qcow2Header.backing_file_offset);
  const nameBytes = header.get(qcow2Header.backing_file_size);
  const clusterBits = header.get(qcow2Header.cluster_bits);
  const extendedL2 = (features & EXTENDED_L2) !== 0;
  if (clusterBits < 9 || clusterBits > 21) throw corrupt(`a cluster has 2^${clusterBits} bytes`);
  if (extendedL2 && clusterBits < 14) throw corrupt(`a cluster of 2^${clusterBits} bytes has no subclusters`);
  return {
    clusterBits,
    size: header.get(qcow2Header.size),
    l1Offset: header.get(qcow2Header.l1_table_offset),
    l1Entries: header.get(qcow2Header.l1_size),
    compression: readCompression(source, header, version === 3 && length > V3_BYTES, features),
    extendedL2,
    version,
    ...(nameOffset === 0 ? {} : { backing: readBackingFile(source, nameOffset, nameBytes, length) }),
    diagnostics: noticeState(source, features, header.get(qcow2Header.nb_snapshots)),
  };
}

/** Unlike a backing file it has no name in the header that could be held against the folder of the image. */
function refuseExternalData(source: ByteSource, features: number): void {
  if ((features & EXTERNAL_DATA) === 0) return;
  throw new ImageError('unsupported', 'qcow2/external-data', 'the content of the qcow2 disk lies in another file', {
    location: { source: source.label, offset: qcow2Header.incompatible_features.offset },
    remedy: 'make one file of both: qemu-img convert -O qcow2 IN OUT',
  });
}

function refuseEncryption(source: ByteSource, header: Struct): void {
  const method = header.get(qcow2Header.crypt_method);
  if (method === 0) return;
  const name = method === 1 ? 'AES' : method === 2 ? 'LUKS' : `method ${method}`;
  throw new ImageError('unsupported', 'qcow2/encrypted', `the qcow2 disk is encrypted (${name})`, {
    location: { source: source.label, offset: qcow2Header.crypt_method.offset },
    remedy: 'check the image before it is encrypted',
  });
}

function readCompression(source: ByteSource, header: Struct, hasField: boolean, features: number): 'zlib' | 'zstd' {
  const type = hasField ? header.get(qcow2Header.compression_type) : 0;
  const location = { source: source.label, offset: qcow2Header.compression_type.offset };
  if ((type !== 0) !== ((features & COMPRESSION_TYPE) !== 0)) {
    const message = 'the compression type and its feature bit contradict each other';
    throw new ImageError('corrupt', 'qcow2/bad-header', message, { location });
  }
  if (type === 0) return 'zlib';
  if (type === 1) return 'zstd';
  throw new ImageError('unsupported', 'qcow2/compression', `compression type ${type} is not read`, { location });
}

function noticeState(source: ByteSource, features: number, snapshots: number): Diagnostic[] {
  const location = { source: source.label, offset: 0 };
  const found: Diagnostic[] = [];
  if (features & CORRUPT) {
    const message = 'QEMU has marked the disk as corrupt: what is read from it may be wrong';
    found.push({ level: 'damage', code: 'qcow2/marked-corrupt', message, location });
  }
  if (features & DIRTY) {
    const message =
      'the disk was not closed cleanly: its reference counts are stale, which does not matter for reading';
    found.push({ level: 'note', code: 'qcow2/dirty', message, location });
  }
  if (snapshots > 0) {
    const message = `${snapshots} internal snapshot(s) are ignored: the current state of the disk is read`;
    found.push({ level: 'note', code: 'qcow2/snapshots', message, location });
  }
  return found;
}
