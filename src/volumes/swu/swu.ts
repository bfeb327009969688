/**
 * SWUpdate images (doc/source/swupdate.rst, sw-description.rst of SWUpdate): a cpio archive whose first member describes the rest.
 * Checksums and digests are verified, the signature is not; encrypted payloads are refused by name.
 */
import type { VolumeFormat } from '../volume.ts';
import { isDescriptionFirst } from './cpio-members.ts';

export const swu: VolumeFormat = {
  id: 'swu',
  name: 'SWUpdate image',
  detect: isDescriptionFirst,
  async open(source, options) {
    const { openSwu } = await import('./open-swu.ts');
    return openSwu(source, options.limits);
  },
};
