/**
 * VMDK disks in one file: monolithicSparse and streamOptimized (VMware "Virtual Disk Format 5.0"). A description whose data lie in
 * other files (flat, split) is read with `--backing`; a disk on a device or with a parent and the older COWD format are refused by name.
 */
import { startsWith } from '../../bytes/codecs/codec.ts';
import type { VolumeFormat } from '../volume.ts';

export const sparseMagic = [...Buffer.from('KDMV')];
export const descriptorMagic = [...Buffer.from('# Disk DescriptorFile')];
export const cowdMagic = [...Buffer.from('COWD')];

const magics = [sparseMagic, descriptorMagic, cowdMagic];

export const vmdk: VolumeFormat = {
  id: 'vmdk',
  name: 'VMDK disk (VMware)',
  detect: (source) => magics.some((magic) => startsWith(source, magic)),
  async open(source, options) {
    const { openVmdk } = await import('./open-vmdk.ts');
    return openVmdk(source, options.limits);
  },
};
