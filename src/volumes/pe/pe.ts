/** PE files with their sections as volumes: what a unified kernel image (UAPI group, "Unified Kernel Image") is made of. */
import type { VolumeFormat, VolumeTable } from '../volume.ts';
import { findPeHeader, openPe } from './pe-file.ts';

/** The one kind of section that holds a file system. */
const IMAGE_SECTION = /^\.initrd(?:#\d+)?$/;

export const pe: VolumeFormat = {
  id: 'pe',
  name: 'PE file (unified kernel image, EFI program)',
  detect: (source) => findPeHeader(source) !== undefined,
  open(source): VolumeTable {
    const { sections, architecture, signature } = openPe(source);
    const volumes = sections.map(({ name, content }) =>
      IMAGE_SECTION.test(name) ? { name, source: content } : ({ name, source: content, holdsImage: false } as const),
    );
    const state = signature ? 'signed, which is not verified' : 'not signed';
    const message = `a program for ${architecture}, ${state}`;
    const location = { source: source.label, offset: signature?.offset ?? 0 };
    return { format: 'pe', volumes, diagnostics: [{ level: 'note', code: 'pe/program', message, location }] };
  },
};
