/**
 * VDI disks of VirtualBox, version 1.1, dynamic and static (VDICore.h of VirtualBox): a header, a map of blocks, blocks. Undo and
 * differencing disks need their parent and are refused by name.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { Struct, u32le, u64le } from '../../bytes/struct.ts';
import { ImageError } from '../../errors.ts';
import { joinPieces, type Piece, VirtualDisk } from '../virtual-disk.ts';
import type { VolumeFormat, VolumeTable } from '../volume.ts';

export const vdiHeader = {
  signature: u32le(64),
  version: u32le(68),
  image_type: u32le(76),
  offset_bmap: u32le(340),
  offset_data: u32le(344),
  disk_size: u64le(368),
  block_size: u32le(376),
  block_extra: u32le(380),
  blocks_in_image: u32le(384),
} as const;

const HEADER_BYTES = 472;
const SIGNATURE = 0xbeda_107f;
const VERSION = 0x0001_0001;
const SECTOR = 512;
/** Map entries from here on stand for no block: free, and freed after use. */
const NO_BLOCK = 0xffff_fffe;

const imageTypes: Readonly<Record<number, string>> = { 1: 'dynamic', 2: 'static', 3: 'undo', 4: 'differencing' };

export const vdi: VolumeFormat = {
  id: 'vdi',
  name: 'VDI disk (VirtualBox)',

  detect(source) {
    if (source.size < HEADER_BYTES) return false;
    return new Struct(source.read(0, HEADER_BYTES)).get(vdiHeader.signature) === SIGNATURE;
  },

  open(source): VolumeTable {
    const header = new Struct(Uint8Array.from(source.read(0, HEADER_BYTES)));
    const version = header.get(vdiHeader.version);
    if (version !== VERSION) throw unsupported(source, 'version', `VDI version 0x${version.toString(16)} is not read`);
    const type = header.get(vdiHeader.image_type);
    if (type !== 1 && type !== 2) {
      const name = imageTypes[type] ?? `type ${type}`;
      throw unsupported(source, 'needs-parent', `the VDI disk (${name}) holds only what differs from another disk`);
    }
    if (header.get(vdiHeader.block_extra) !== 0) {
      throw unsupported(source, 'block-extra', 'the blocks of the VDI disk carry extra data');
    }
    return { format: 'vdi', volumes: [{ name: '', source: openBlocks(source, header) }], diagnostics: [] };
  },
};

function openBlocks(source: ByteSource, header: Struct): ByteSource {
  const map = header.get(vdiHeader.offset_bmap);
  const data = header.get(vdiHeader.offset_data);
  const size = header.get(vdiHeader.disk_size);
  const blockBytes = header.get(vdiHeader.block_size);
  const blocks = header.get(vdiHeader.blocks_in_image);
  if (blockBytes < SECTOR || blockBytes % SECTOR !== 0) throw corrupt(source, `a block has ${blockBytes} bytes`);
  if (size > blocks * blockBytes) throw corrupt(source, `${blocks} blocks are too few for a disk of ${size} bytes`);
  if (map + blocks * 4 > source.size) throw corrupt(source, `a map of ${blocks} blocks does not fit into the file`);
  const locate = (index: number): Piece => {
    if (index >= blocks) return { state: 'zeros' };
    const bytes = source.read(map + index * 4, 4);
    const block = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
    return block >= NO_BLOCK ? { state: 'zeros' } : { state: 'stored', from: data + block * blockBytes };
  };
  return new VirtualDisk(source, { stretch: (offset, wanted) => joinPieces(offset, wanted, blockBytes, locate) }, size);
}

function corrupt(source: ByteSource, what: string): ImageError {
  return new ImageError('corrupt', 'vdi/bad-header', what, { location: { source: source.label, offset: 0 } });
}

function unsupported(source: ByteSource, code: string, message: string): ImageError {
  return new ImageError('unsupported', `vdi/${code}`, message, {
    location: { source: source.label, offset: 0 },
    remedy: 'make one plain disk of it: VBoxManage clonemedium disk IN OUT --format VDI',
  });
}
