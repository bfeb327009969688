/**
 * VHD disks, fixed and dynamic (Microsoft "Virtual Hard Disk Image Format Specification" 1.0). The size is the footer's current
 * size, as Hyper-V takes it, not the geometry of Virtual PC. Differencing disks need their parent and are refused by name.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import type { Struct } from '../../bytes/struct.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import { asImageError, ImageError } from '../../errors.ts';
import type { VolumeFormat, VolumeTable } from '../volume.ts';
import { openDynamic } from './dynamic.ts';
import { FOOTER_BYTES, findFooter, hasValidChecksum, vhdFooter } from './footer.ts';

const FIXED = 2;
const DYNAMIC = 3;
const DIFFERENCING = 4;

export const vhd: VolumeFormat = {
  id: 'vhd',
  name: 'VHD disk (Hyper-V, Azure)',

  /** A dynamic disk begins with a copy of its footer, a fixed one has it at its end only. */
  detect: (source) => findFooter(source, 0) !== undefined || endsWithFooter(source),

  open(source): VolumeTable {
    const { footer, end, diagnostics } = chooseFooter(source);
    const type = footer.get(vhdFooter.disk_type);
    if (type === DIFFERENCING) {
      throw new ImageError('unsupported', 'vhd/needs-parent', 'the VHD disk holds only what differs from its parent', {
        location: { source: source.label, offset: 0 },
        remedy: 'merge it into its parent, or convert it: qemu-img convert -f vpc -O raw IN OUT',
      });
    }
    const size = footer.get(vhdFooter.current_size);
    if (type === FIXED) {
      if (size > end) throw corrupt(source, `its footer says ${size} bytes, before it lie ${end}`, end);
      return { format: 'vhd', volumes: [{ name: '', source: source.slice(0, size) }], diagnostics };
    }
    if (type !== DYNAMIC) throw corrupt(source, `its footer says disk type ${type}`, end);
    const disk = openDynamic(source, footer.get(vhdFooter.data_offset), size);
    return { format: 'vhd', volumes: [{ name: '', source: disk }], diagnostics };
  },
};

function endsWithFooter(source: ByteSource): boolean {
  if (!source.assume) return hasFooterAtEnd(source);
  source.assume(() => !hasFooterAtEnd(source));
  return false;
}

/** The end of a disk that is damaged further out may not be readable: that says nothing about what it begins with. */
function hasFooterAtEnd(source: ByteSource): boolean {
  try {
    return findFooter(source, source.size - FOOTER_BYTES) !== undefined;
  } catch (thrown) {
    asImageError(thrown);
    return false;
  }
}

interface FooterChoice {
  readonly footer: Struct;
  /** Where the footer at the end belongs. */
  readonly end: number;
  readonly diagnostics: readonly Diagnostic[];
}

/** The footer at the end counts; the copy in front stands in for it, and that is said. */
function chooseFooter(source: ByteSource): FooterChoice {
  const end = source.size - FOOTER_BYTES;
  const last = findFooter(source, end);
  if (last && hasValidChecksum(last, vhdFooter.checksum, FOOTER_BYTES)) return { footer: last, end, diagnostics: [] };
  const copy = findFooter(source, 0);
  if (!copy || !hasValidChecksum(copy, vhdFooter.checksum, FOOTER_BYTES)) {
    throw corrupt(source, 'the checksum of its footer does not match', last ? end : 0);
  }
  const message = last
    ? 'the footer at the end is damaged: the copy in front was used'
    : 'the footer at the end is missing: the image is cut off, or something was written behind it';
  const diagnostic = { level: last ? 'note' : 'damage', code: last ? 'vhd/bad-footer' : 'vhd/no-footer' } as const;
  const location = { source: source.label, offset: Math.max(0, end) };
  return { footer: copy, end, diagnostics: [{ ...diagnostic, message, location }] };
}

function corrupt(source: ByteSource, what: string, offset: number): ImageError {
  return new ImageError('corrupt', 'vhd/bad-footer', what, { location: { source: source.label, offset } });
}
