/**
 * A VMDK disk in files of its own (VMware "Virtual Disk Format 5.0", "The Extent Description"): each extent is a stretch of a plain
 * file (FLAT, VMFS), a sparse file, or zeros. The files are opened only through a source that may do so (`--backing`).
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { ImageError } from '../../errors.ts';
import { type Limits, limitExceeded } from '../../limits.ts';
import { type DiskMap, findRun, type Stretch, VirtualDisk } from '../virtual-disk.ts';
import type { VmdkExtent } from './descriptor.ts';
import { GrainMap } from './grain-map.ts';
import { readVmdkHeader, SECTOR } from './sparse-header.ts';

/** A stretch of the disk: what its file holds there, zeros without one. */
interface Run {
  readonly at: number;
  readonly length: number;
  readonly source: ByteSource | undefined;
}

/** A source that may open the files beside it. */
export type Neighbourly = ByteSource & Required<Pick<ByteSource, 'openBeside'>>;

/** Joins `extents`, whose files lie beside `source`. ImageError if one is missing, cut off or of a type that is not read. */
export function openExtents(source: Neighbourly, extents: readonly VmdkExtent[], limits: Limits): ByteSource {
  if (extents.length > limits.partitions) throw limitExceeded('partitions', limits, `${extents.length} extents`);
  const runs: Run[] = [];
  let at = 0;
  for (const extent of extents) {
    const length = extent.sectors * SECTOR;
    if (length === 0) continue;
    runs.push({ at, length, source: openExtent(source, extent, { ...limits, cacheBytes: limits.cacheBytes / 4 }) });
    at += length;
  }
  if (at === 0 || !Number.isSafeInteger(at)) {
    const message = `its extents are said to have ${at} bytes`;
    throw new ImageError('corrupt', 'vmdk/bad-extents', message, { location: { source: source.label, offset: 0 } });
  }
  return new VirtualDisk(source, new ExtentMap(runs), at);
}

function openExtent(source: Neighbourly, extent: VmdkExtent, limits: Limits): ByteSource | undefined {
  const { type, sectors, file, offset } = extent;
  const length = sectors * SECTOR;
  if (type === 'ZERO') return undefined;
  if (type === 'FLAT' || type === 'VMFS') return source.openBeside(file).slice(offset * SECTOR, length);
  if (type === 'SPARSE') {
    const part = source.openBeside(file);
    const header = readVmdkHeader(part);
    return new VirtualDisk(part, new GrainMap(part, header, limits), header.size).slice(0, length);
  }
  throw new ImageError('unsupported', 'vmdk/extent', `VMDK extents of the type ${type} are not read`, {
    location: { source: source.label, offset: 0 },
  });
}

class ExtentMap implements DiskMap {
  readonly #runs: readonly Run[];

  constructor(runs: readonly Run[]) {
    this.#runs = runs;
  }

  stretch(offset: number, wanted: number): Stretch {
    const run = findRun(this.#runs, offset);
    if (!run) return { state: 'zeros', length: wanted };
    const into = offset - run.at;
    const length = Math.min(wanted, run.length - into);
    return run.source ? { state: 'bytes', length, bytes: run.source.read(into, length) } : { state: 'zeros', length };
  }
}
