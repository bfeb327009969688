/**
 * A physical volume of LVM2 (lib/format_text/layout.h of LVM2): the linear logical volumes that lie in it are its volumes, named as
 * the device mapper names them (`group-volume`). Striped, mirrored, thin, cached ones, and those with a part on another physical
 * volume, are listed and refused by name.
 */
import type { VolumeFormat } from '../volume.ts';
import { findLabel } from './label.ts';

export const lvm: VolumeFormat = {
  id: 'lvm2',
  name: 'LVM2 physical volume',
  inPartitions: true,
  detect: (source) => findLabel(source) !== undefined,
  async open(source) {
    const { openPhysicalVolume } = await import('./open-physical-volume.ts');
    return openPhysicalVolume(source);
  },
};
