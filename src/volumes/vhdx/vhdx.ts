/**
 * VHDX disks of Hyper-V ([MS-VHDX] revision 8), fixed and dynamic. Differencing disks, and disks whose log still holds writes that
 * are not in their place, are refused by name.
 */
import { startsWith } from '../../bytes/codecs/codec.ts';
import type { VolumeFormat } from '../volume.ts';

const MAGIC = [...Buffer.from('vhdxfile')];

export const vhdx: VolumeFormat = {
  id: 'vhdx',
  name: 'VHDX disk (Hyper-V)',
  detect: (source) => startsWith(source, MAGIC),
  async open(source) {
    const { openVhdx } = await import('./open-vhdx.ts');
    return openVhdx(source);
  },
};
