/**
 * Every volume format, in the order of detection: containers that have a magic of their own before partition tables, which the
 * same bytes may hold as well (a fixed VHD is a disk with a footer). Adding one is a file or folder, a line here, and a test.
 */
import { androidSparse } from './android-sparse/android-sparse.ts';
import { fit } from './fit/fit.ts';
import { gpt } from './gpt/gpt.ts';
import { lvm } from './lvm/lvm.ts';
import { mbr } from './mbr/mbr.ts';
import { ova } from './ova/ova.ts';
import { pe } from './pe/pe.ts';
import { qcow2 } from './qcow2/qcow2.ts';
import { rauc } from './rauc/rauc.ts';
import { swu } from './swu/swu.ts';
import { ubi } from './ubi/ubi.ts';
import { vdi } from './vdi/vdi.ts';
import { vhd } from './vhd/vhd.ts';
import { vhdx } from './vhdx/vhdx.ts';
import { vmdk } from './vmdk/vmdk.ts';
import type { VolumeFormat } from './volume.ts';
import { zchunk } from './zchunk/zchunk.ts';

export const volumeFormats: readonly VolumeFormat[] = [
  qcow2,
  vmdk,
  vdi,
  vhdx,
  vhd,
  androidSparse,
  zchunk,
  ubi,
  ova,
  fit,
  swu,
  rauc,
  lvm,
  pe,
  gpt,
  mbr,
];
