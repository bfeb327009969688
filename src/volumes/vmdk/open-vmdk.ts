/** Opens a VMDK disk whose data lie in the same file, or in others if the source may open them, and refuses the rest by name. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { startsWith } from '../../bytes/codecs/codec.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import { ImageError } from '../../errors.ts';
import type { Limits } from '../../limits.ts';
import { VirtualDisk } from '../virtual-disk.ts';
import type { VolumeTable } from '../volume.ts';
import { parseDescriptor, type VmdkDescriptor } from './descriptor.ts';
import { type Neighbourly, openExtents } from './extents.ts';
import { GrainMap } from './grain-map.ts';
import { readVmdkHeader, type VmdkHeader } from './sparse-header.ts';
import { cowdMagic, descriptorMagic } from './vmdk.ts';

const MAX_DESCRIPTOR = 1024 * 1024;
/** Types of a disk whose only extent is the file itself. */
const wholeTypes: ReadonlySet<string> = new Set(['monolithicsparse', 'streamoptimized']);

/** ImageError if the header is damaged or the disk is more than this file; damage further in shows when it is read. */
export function openVmdk(source: ByteSource, limits: Limits): VolumeTable {
  if (startsWith(source, cowdMagic)) throw unsupported(source, 'cowd', 'VMDK disks of the COWD format are not read');
  if (startsWith(source, descriptorMagic)) {
    return openDescribed(source, parseDescriptor(source.read(0, Math.min(source.size, MAX_DESCRIPTOR))), limits);
  }
  const header = readVmdkHeader(source);
  const descriptor = readDescriptor(source, header);
  if (!descriptor) throw unsupported(source, 'split', 'the file is one part of a split VMDK disk');
  if (descriptor.hasParent) throw needsParent(source);
  if (!wholeTypes.has(descriptor.createType.toLowerCase())) throw otherFiles(source, descriptor);
  const disk = new VirtualDisk(source, new GrainMap(source, header, limits), header.size);
  return { format: 'vmdk', volumes: [{ name: '', source: disk }], diagnostics: noticeState(source, header) };
}

/** The parts of a split disk have no description of their own: undefined. */
function readDescriptor(source: ByteSource, { descriptor }: VmdkHeader): VmdkDescriptor | undefined {
  const { offset, length } = descriptor;
  if (offset === 0 || length === 0) return undefined;
  if (length > MAX_DESCRIPTOR) {
    const what = `its description is said to have ${length} bytes`;
    throw new ImageError('corrupt', 'vmdk/bad-header', what, { location: { source: source.label, offset: 0 } });
  }
  return parseDescriptor(source.read(offset, length));
}

/** A disk in files of its own. */
function openDescribed(source: ByteSource, descriptor: VmdkDescriptor, limits: Limits): VolumeTable {
  if (descriptor.hasParent) throw needsParent(source);
  if (!isNeighbourly(source)) throw otherFiles(source, descriptor);
  const files = descriptor.extents.flatMap(({ file }) => (file === '' ? [] : [file]));
  const more = files.length > 1 ? ` and ${files.length - 1} more` : '';
  const message = `the data of the VMDK disk are read from ${files[0]}${more}`;
  const diagnostics: Diagnostic[] = [
    { level: 'note', code: 'vmdk/extents', message, location: { source: source.label } },
  ];
  const disk = openExtents(source, descriptor.extents, limits);
  return { format: 'vmdk', volumes: [{ name: '', source: disk }], diagnostics };
}

function isNeighbourly(source: ByteSource): source is Neighbourly {
  return source.openBeside !== undefined;
}

function needsParent(source: ByteSource): ImageError {
  return unsupported(source, 'needs-parent', 'the VMDK disk holds only what differs from its parent');
}

function otherFiles(source: ByteSource, { createType, extents }: VmdkDescriptor): ImageError {
  const [first, ...more] = extents.flatMap(({ file }) => (file === '' ? [] : [file]));
  const where =
    first === undefined ? 'elsewhere' : more.length === 0 ? `in ${first}` : `in ${first} and ${more.length} more`;
  const isFlat = createType.toLowerCase().endsWith('flat') && more.length === 0 && first !== undefined;
  return unsupported(
    source,
    'other-files',
    `the file only describes a VMDK disk (${createType || 'of no named type'}) whose data lie ${where}`,
    isFlat
      ? `check ${first}, which is the plain disk; with --backing it is read, if it lies beside the image`
      : 'with --backing they are read, if they lie beside the image; qemu-img convert -O qcow2 IN OUT makes one file of them',
  );
}

function unsupported(source: ByteSource, code: string, message: string, remedy?: string): ImageError {
  return new ImageError('unsupported', `vmdk/${code}`, message, {
    location: { source: source.label, offset: 0 },
    remedy: remedy ?? 'make one file of it: qemu-img convert -O vmdk -o subformat=streamOptimized IN OUT',
  });
}

function noticeState(source: ByteSource, { isUnclean }: VmdkHeader): Diagnostic[] {
  if (!isUnclean) return [];
  const message = 'the VMDK disk was not closed cleanly: what was written last may be missing';
  const location = { source: source.label, offset: 0 };
  return [{ level: 'note', code: 'vmdk/unclean', message, location }];
}
