/**
 * A qcow2 disk and the disks below it, each holding what the one above leaves out. Other files are opened only through a source that
 * may do so (`--backing`), which also keeps to the folder of the image and refuses a chain that leads back to itself.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { ImageError } from '../../errors.ts';
import { type Limits, limitExceeded } from '../../limits.ts';
import type { BackingFile } from './backing.ts';
import { type Qcow2Header, readQcow2Header } from './header.ts';
import { qcow2 } from './qcow2.ts';

export interface BackingChain {
  /** The disk itself first, then each one's backing file. */
  readonly disks: readonly { readonly source: ByteSource; readonly header: Qcow2Header }[];
  /** The raw disk at the bottom, if there is one. */
  readonly raw: ByteSource | undefined;
}

/** ImageError if a header is damaged, or if a backing file may not be opened, is missing or of a format that is not read. */
export function openBackingChain(source: ByteSource, limits: Limits): BackingChain {
  const disks: { readonly source: ByteSource; readonly header: Qcow2Header }[] = [];
  for (let current = source; ; ) {
    const header = readQcow2Header(current);
    disks.push({ source: current, header });
    const { backing } = header;
    if (!backing) return { disks, raw: undefined };
    if (disks.length > limits.nesting) throw limitExceeded('nesting', limits, source.label, { source: source.label });
    const below = openBackingFile(current, backing);
    if (backing.format === 'raw') return { disks, raw: below };
    if (!qcow2.detect(below)) {
      const message = `${below.label} is the backing file of ${current.label} and said to be a qcow2 disk, and is none`;
      throw new ImageError('corrupt', 'qcow2/bad-backing-file', message, { location: { source: below.label } });
    }
    current = below;
  }
}

function openBackingFile(source: ByteSource, { name, format, offset }: BackingFile): ByteSource {
  const location = { source: source.label, offset };
  if (!source.openBeside) {
    const message = `the qcow2 disk holds only what differs from its backing file "${name}"`;
    throw new ImageError('unsupported', 'qcow2/backing-file', message, {
      location,
      remedy:
        'with --backing it is read, if it lies beside the image; qemu-img convert -O qcow2 IN OUT makes one file of both',
    });
  }
  if (format === 'raw' || format === 'qcow2') return source.openBeside(name);
  const what = format === undefined ? 'does not say the format' : `says the format "${format}"`;
  throw new ImageError('unsupported', 'qcow2/backing-format', `${source.label} ${what} of its backing file "${name}"`, {
    location,
    remedy: 'backing files are read as raw or qcow2: qemu-img rebase -u -b NAME -F FORMAT IMAGE writes which one it is',
  });
}
