/** The text that describes a VMDK disk (VMware "Virtual Disk Format 5.0", "The Descriptor"): in a file of its own or in the disk. */
import { decodeBytes } from '../../bytes/names.ts';

export interface VmdkDescriptor {
  /** `monolithicSparse`, `streamOptimized`, `monolithicFlat`, ...; empty if it is not said. */
  readonly createType: string;
  /** Files that hold the data, as they are named. */
  readonly extentFiles: readonly string[];
  readonly hasParent: boolean;
}

/** No parent: all ones. */
const NO_PARENT = 'ffffffff';

/** Reads what is known of each line and passes over the rest; `bytes` end at the first NUL. */
export function parseDescriptor(bytes: Uint8Array): VmdkDescriptor {
  const end = bytes.indexOf(0);
  const text = decodeBytes(end < 0 ? bytes : bytes.subarray(0, end));
  const values = new Map<string, string>();
  const extentFiles: string[] = [];
  for (const line of text.split('\n')) {
    const extent = /^\s*(?:RW|RDONLY|NOACCESS) \d+ [A-Z]+ "([^"]*)"/.exec(line);
    if (extent) extentFiles.push(extent[1] ?? '');
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
    extentFiles,
    hasParent: (values.get('parentcid') ?? NO_PARENT).toLowerCase() !== NO_PARENT,
  };
}
