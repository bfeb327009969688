/** The text that describes a VMDK disk (VMware "Virtual Disk Format 5.0", "The Descriptor"): in a file of its own or in the disk. */
import { decodeBytes } from '../../bytes/names.ts';

/** A stretch of the disk, and the file that holds it. */
export interface VmdkExtent {
  readonly sectors: number;
  /** `FLAT`, `SPARSE`, `ZERO`, `VMFS`, ... */
  readonly type: string;
  /** As it is named; empty for zeros. */
  readonly file: string;
  /** The sector of a plain file where the stretch begins. */
  readonly offset: number;
}

export interface VmdkDescriptor {
  /** `monolithicSparse`, `streamOptimized`, `monolithicFlat`, ...; empty if it is not said. */
  readonly createType: string;
  readonly extents: readonly VmdkExtent[];
  readonly hasParent: boolean;
}

const extentLine = /^\s*(?:RW|RDONLY|NOACCESS) (\d{1,15}) ([A-Z]{1,16})(?: "([^"]*)"(?: (\d{1,15}))?)?/;

function parseExtent([, sectors, type = '', file = '', offset = '0']: RegExpExecArray): VmdkExtent {
  return { sectors: Number(sectors), type, file, offset: Number(offset) };
}

/** No parent: all ones. */
const NO_PARENT = 'ffffffff';

/** Reads what is known of each line and passes over the rest; `bytes` end at the first NUL. */
export function parseDescriptor(bytes: Uint8Array): VmdkDescriptor {
  const end = bytes.indexOf(0);
  const text = decodeBytes(end < 0 ? bytes : bytes.subarray(0, end));
  const values = new Map<string, string>();
  const extents: VmdkExtent[] = [];
  for (const line of text.split('\n')) {
    const extent = extentLine.exec(line);
    if (extent) extents.push(parseExtent(extent));
    const equals = line.indexOf('=');
    if (!extent && equals > 0 && !line.startsWith('#')) {
      values.set(
        line.slice(0, equals).trim().toLowerCase(),
        line
          .slice(equals + 1)
          .trim()
          .replaceAll('"', ''),
      );
    }
  }
  return {
    createType: values.get('createtype') ?? '',
    extents,
    hasParent: (values.get('parentcid') ?? NO_PARENT).toLowerCase() !== NO_PARENT,
  };
}
