/**
 * An opened FAT12, FAT16 or FAT32 volume as Linux's vfat mounts it by default: everything belongs to root, mode 0755
 * (0555 if read-only), names looked up without regard to case. A node's number is the byte offset of its directory entry.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { type Diagnostic, damageFrom } from '../../diagnostic.ts';
import { asImageError, ImageError } from '../../errors.ts';
import { type Limits, limitExceeded } from '../../limits.ts';
import { ExtentSource } from '../extent-source.ts';
import type { DirectoryEntry, FileSystem, NodeId, NodeType, Stat, Usage } from '../file-system.ts';
import { type FatLayout, readLayout } from './boot-sector.ts';
import { ClusterChains } from './cluster-chains.ts';
import {
  DIRECTORY,
  type DirectoryPiece,
  directoryEntry,
  type FatEntry,
  parseDirectory,
  READ_ONLY,
  VOLUME_ID,
} from './directory.ts';
import { decodeLabel, foldName } from './names.ts';
import { parseFatTime } from './time.ts';

/** No entry lies there: entries are 32 bytes long. */
const ROOT: NodeId = 1;
/** The specification's bound, and Linux's. */
const MAX_DIRECTORY_BYTES = 2 * 1024 * 1024;

interface Directory {
  readonly entries: readonly DirectoryEntry[];
  /** By folded name; long names before short ones. */
  readonly byName: ReadonlyMap<string, NodeId>;
}

export class VfatFileSystem implements FileSystem {
  readonly format = 'vfat';
  readonly label: string;
  readonly volumeLabel: string;
  readonly uuid: string;
  readonly root = ROOT;
  readonly diagnostics: Diagnostic[] = [];
  readonly #source: ByteSource;
  readonly #layout: FatLayout;
  readonly #limits: Limits;
  readonly #chains: ClusterChains;
  readonly #entries = new Map<NodeId, FatEntry>();
  readonly #directories = new Map<NodeId, Directory | ImageError>();
  readonly #files = new Map<NodeId, ExtentSource | ImageError>();
  #rootLabel = '';

  constructor(source: ByteSource, limits: Limits) {
    this.label = source.label;
    this.#source = source;
    this.#limits = limits;
    this.#layout = readLayout(source);
    this.#chains = new ClusterChains(source, this.#layout);
    this.uuid = this.#layout.serial;
    this.#noteSize();
    try {
      this.#noteDirty();
      this.#directory(ROOT);
    } catch (thrown) {
      this.diagnostics.push(damageFrom(asImageError(thrown)));
    }
    this.volumeLabel = this.#rootLabel;
  }

  lookup(directory: NodeId, name: string): NodeId | undefined {
    return this.#directory(directory).byName.get(foldName(name));
  }

  list(directory: NodeId): readonly DirectoryEntry[] {
    return this.#directory(directory).entries;
  }

  stat(node: NodeId): Stat {
    // FAT keeps no link counts, and the root has no entry: no times.
    const base = { node, uid: 0, gid: 0, links: 1 };
    if (node === ROOT) {
      return { ...base, type: 'directory', mode: 0o755, size: 0, mtime: { seconds: 0, nanoseconds: 0 } };
    }
    const { record, attributes, offset } = this.#entry(node);
    const type = typeOf(attributes);
    return {
      ...base,
      type,
      mode: type === 'file' && attributes & READ_ONLY ? 0o555 : 0o755,
      size: type === 'file' ? record.get(directoryEntry.FileSize) : 0,
      mtime: parseFatTime(record.get(directoryEntry.WrtDate), record.get(directoryEntry.WrtTime), 0),
      atime: parseFatTime(record.get(directoryEntry.LstAccDate), 0, 0),
      crtime: parseFatTime(
        record.get(directoryEntry.CrtDate),
        record.get(directoryEntry.CrtTime),
        record.get(directoryEntry.CrtTimeTenth),
      ),
      offset,
    };
  }

  readLink(node: NodeId): string {
    this.stat(node);
    throw this.#refuse(node, 'fat/not-a-symlink', 'FAT has no symbolic links');
  }

  open(node: NodeId, label?: string): ByteSource {
    if (this.stat(node).type !== 'file') throw this.#refuse(node, 'fat/not-a-file', 'not a regular file');
    const entry = this.#entry(node);
    const source = this.#remember(this.#files, node, () => {
      const size = entry.record.get(directoryEntry.FileSize);
      const extents = this.#chains.readFile(node, this.#firstCluster(entry), size);
      return new ExtentSource(this.#source, extents, size, `${this.label}:${entry.name}`);
    });
    return label === undefined ? source : source.slice(0, source.size, label);
  }

  xattrs(node: NodeId): ReadonlyMap<string, Uint8Array> {
    this.stat(node);
    return new Map();
  }

  usage(): Usage {
    const { clusters, clusterBytes } = this.#layout;
    return { size: clusters * clusterBytes, available: this.#chains.countFree() * clusterBytes };
  }

  close(): void {}

  #noteSize(): void {
    const { volumeBytes } = this.#layout;
    if (volumeBytes <= this.#source.size) return;
    this.diagnostics.push({
      level: 'damage',
      code: 'fat/truncated',
      message: `the FAT volume has ${volumeBytes} bytes, only ${this.#source.size} are there`,
      location: { source: this.label, offset: this.#source.size },
    });
  }

  #noteDirty(): void {
    if (!this.#layout.isMarkedDirty && !this.#chains.isMarkedDirty()) return;
    this.diagnostics.push({
      level: 'note',
      code: 'fat/dirty',
      message: 'the FAT volume is marked as not cleanly unmounted',
      location: { source: this.label, offset: 0 },
    });
  }

  #directory(node: NodeId): Directory {
    if (this.stat(node).type !== 'directory') throw this.#refuse(node, 'fat/not-a-directory', 'not a directory');
    return this.#remember(this.#directories, node, () => this.#index(node, parseDirectory(this.#readPieces(node))));
  }

  /** A chain is followed once: what it led to stays, be it content or damage. */
  #remember<T>(known: Map<NodeId, T | ImageError>, node: NodeId, read: () => T): T {
    const before = known.get(node);
    if (before instanceof ImageError) throw before;
    if (before !== undefined) return before;
    try {
      const result = read();
      known.set(node, result);
      return result;
    } catch (thrown) {
      known.set(node, asImageError(thrown));
      throw thrown;
    }
  }

  #readPieces(node: NodeId): DirectoryPiece[] {
    const { rootStart, rootBytes, rootCluster } = this.#layout;
    if (node === ROOT && rootBytes > 0) {
      return [{ offset: rootStart, bytes: Uint8Array.from(this.#source.read(rootStart, rootBytes)) }];
    }
    const first = node === ROOT ? rootCluster : this.#firstCluster(this.#entry(node));
    const extents = this.#chains.readDirectory(node, first, MAX_DIRECTORY_BYTES);
    return extents.map(({ from, length }) => ({
      offset: from,
      bytes: Uint8Array.from(this.#source.read(from, length)),
    }));
  }

  #index(directory: NodeId, found: readonly FatEntry[]): Directory {
    const entries: DirectoryEntry[] = [];
    const byName = new Map<string, NodeId>();
    const shortNames = new Map<string, NodeId>();
    for (const entry of found) {
      if (entry.attributes & VOLUME_ID) {
        if (directory === ROOT && this.#rootLabel === '') {
          this.#rootLabel = decodeLabel(entry.record.bytes(directoryEntry.Name));
        }
        continue;
      }
      const problem = findProblem(entry.name, byName);
      if (problem) {
        this.diagnostics.push({ ...problem, location: { source: this.label, offset: entry.offset } });
        continue;
      }
      this.#entries.set(entry.offset, entry);
      entries.push({ name: entry.name, node: entry.offset, type: typeOf(entry.attributes) });
      byName.set(foldName(entry.name), entry.offset);
      const short = foldName(entry.shortName);
      if (!shortNames.has(short)) shortNames.set(short, entry.offset);
      if (entries.length > this.#limits.directoryEntries) {
        throw limitExceeded('directoryEntries', this.#limits, 'a FAT directory', { source: this.label });
      }
    }
    for (const [name, node] of shortNames) if (!byName.has(name)) byName.set(name, node);
    return { entries, byName };
  }

  #firstCluster({ record }: FatEntry): number {
    const high = this.#layout.bits === 32 ? record.get(directoryEntry.FstClusHI) : 0;
    return high * 0x1_0000 + record.get(directoryEntry.FstClusLO);
  }

  #entry(node: NodeId): FatEntry {
    const entry = this.#entries.get(node);
    if (!entry) throw new ImageError('corrupt', 'fat/bad-node', `no entry of ${this.label} was found at ${node}`);
    return entry;
  }

  #refuse(node: NodeId, code: string, message: string): ImageError {
    return new ImageError('input', code, message, { location: { source: this.label, offset: node } });
  }
}

function typeOf(attributes: number): NodeType {
  return attributes & DIRECTORY ? 'directory' : 'file';
}

/** Why an entry cannot be shown under its name. */
function findProblem(name: string, byName: ReadonlyMap<string, NodeId>): Diagnostic | undefined {
  if (foldName(name) === '' || name.includes('/') || name.includes('\0')) {
    const message = 'a directory entry whose name cannot be a file name was left out';
    return { level: 'damage', code: 'fat/bad-name', message };
  }
  if (byName.has(foldName(name))) {
    const message = 'a directory holds two entries of one name: Linux uses the first';
    return { level: 'damage', code: 'fat/duplicate-name', message };
  }
  return undefined;
}
