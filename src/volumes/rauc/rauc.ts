/**
 * RAUC bundles (RAUC manual, "Bundle Formats"): a squashfs, in the verity format its hash tree, a CMS signature, and the length of
 * that in the last eight bytes. The squashfs is the volume; signature and hash tree are not verified. An encrypted bundle has no
 * squashfs in front that anyone could tell.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { startsWith } from '../../bytes/codecs/codec.ts';
import { Struct, u32be, u64le } from '../../bytes/struct.ts';
import { asImageError } from '../../errors.ts';
import type { VolumeFormat, VolumeTable } from '../volume.ts';

const SQUASHFS_MAGIC = [...Buffer.from('hsqs')];
/** Of the squashfs superblock: bytes_used. */
const bytesUsed = u64le(40);
const SUPERBLOCK_BYTES = 96;
const LENGTH_BYTES = 8;
/** DER: a SEQUENCE whose length takes bytes of its own. */
const SEQUENCE = 0x30;

export const rauc: VolumeFormat = {
  id: 'rauc',
  name: 'RAUC bundle',
  detect(source) {
    try {
      return findSignature(source) !== undefined;
    } catch (thrown) {
      // An end that cannot be read says nothing about the squashfs in front of it.
      asImageError(thrown);
      return false;
    }
  },
  open(source): VolumeTable {
    const end = findSignature(source) ?? source.size;
    const message = 'the RAUC bundle is signed; its signature is not verified';
    const location = { source: source.label, offset: end };
    return {
      format: 'rauc',
      volumes: [{ name: '', source: source.slice(0, end) }],
      diagnostics: [{ level: 'note', code: 'rauc/signature', message, location }],
    };
  },
};

/** Where the signature behind the squashfs begins, undefined if there is none. Never throws for what the bytes are. */
function findSignature(source: ByteSource): number | undefined {
  if (source.size < SUPERBLOCK_BYTES + LENGTH_BYTES || !startsWith(source, SQUASHFS_MAGIC)) return undefined;
  const tail = new Struct(source.read(source.size - LENGTH_BYTES, LENGTH_BYTES));
  const length = tail.get(u32be(4));
  const start = source.size - LENGTH_BYTES - length;
  if (tail.get(u32be(0)) !== 0 || length < LENGTH_BYTES || start < SUPERBLOCK_BYTES) return undefined;
  const superblock = source.read(0, SUPERBLOCK_BYTES);
  const high = new DataView(superblock.buffer, superblock.byteOffset).getUint32(bytesUsed.offset + 4, true);
  if (high > 0x1f_ffff || new Struct(superblock).get(bytesUsed) > start) return undefined;
  return derLength(source.read(start, LENGTH_BYTES)) === length ? start : undefined;
}

/** Length of the DER sequence that begins here, header included. */
function derLength(bytes: Uint8Array): number | undefined {
  const [tag = 0, first = 0] = bytes;
  const count = first - 0x80;
  if (tag !== SEQUENCE || count < 1 || count > 4) return undefined;
  return 2 + count + bytes.subarray(2, 2 + count).reduce((sum, byte) => sum * 256 + byte, 0);
}
