/**
 * OVA: a tar archive whose first member describes a virtual machine (DMTF DSP0243, "OVF Package"), followed by its disks. The
 * digests of its manifest are verified; its certificate is not. Disks in chunks are refused by name.
 */
import type { VolumeFormat } from '../volume.ts';
import { isDescriptorFirst } from './members.ts';

export const ova: VolumeFormat = {
  id: 'ova',
  name: 'OVA (virtual machine)',
  detect: isDescriptorFirst,
  async open(source, options) {
    const { openOva } = await import('./open-ova.ts');
    return openOva(source, options.limits);
  },
};
