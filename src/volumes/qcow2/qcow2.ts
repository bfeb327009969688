/**
 * qcow2 disks of QEMU, version 2 and 3 (docs/interop/qcow2.txt of QEMU), told by their magic. Encrypted disks and disks
 * with an external data file are refused by name; so are those with a backing file, unless the user allows it.
 */
import { startsWith } from '../../bytes/codecs/codec.ts';
import type { VolumeFormat } from '../volume.ts';

/** `QFI\xfb` */
const MAGIC = [0x51, 0x46, 0x49, 0xfb];

export const qcow2: VolumeFormat = {
  id: 'qcow2',
  name: 'qcow2 disk (QEMU)',
  detect: (source) => startsWith(source, MAGIC),
  async open(source, options) {
    const { openQcow2 } = await import('./open-qcow2.ts');
    return openQcow2(source, options.limits);
  },
};
