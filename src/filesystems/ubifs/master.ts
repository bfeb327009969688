/** The master node (kernel, ubifs-media.h: ubifs_mst_node): where the index and the log begin. LEBs 1 and 2 hold a copy each. */
import { Struct, u32le, u64le } from '../../bytes/struct.ts';
import type { UbifsImage } from './image.ts';
import { NODE, type NodePlace, type UbifsNode } from './node.ts';
import { scanLeb } from './scan-leb.ts';
import type { Superblock } from './superblock.ts';

export const MASTER = {
  cmt_no: u64le(32),
  log_lnum: u32le(44),
  root_lnum: u32le(48),
  root_offs: u32le(52),
  root_len: u32le(56),
} as const;
const MASTER_SIZE = 512;
const MASTER_LEBS = [1, 2] as const;

export interface Master {
  readonly root: NodePlace;
  readonly logLeb: number;
  /** Number of the commit the index is of. */
  readonly commit: number;
}

/** The newest sound one. Throws `corrupt`. */
export function readMaster(image: UbifsImage, { minIoSize }: Superblock): Master {
  let newest: UbifsNode | undefined;
  for (const leb of MASTER_LEBS) {
    for (const node of scanLeb(image, leb, 0, minIoSize).nodes) {
      const isMaster = node.type === NODE.master && node.bytes.length >= MASTER_SIZE;
      if (isMaster && (!newest || node.sequence > newest.sequence)) newest = node;
    }
  }
  if (!newest) throw image.corrupt('no-master', 'there is no sound master node', { leb: 1, offset: 0 });
  const s = new Struct(newest.bytes);
  return {
    root: { leb: s.get(MASTER.root_lnum), offset: s.get(MASTER.root_offs), length: s.get(MASTER.root_len) },
    logLeb: s.get(MASTER.log_lnum),
    commit: s.get(MASTER.cmt_no),
  };
}
