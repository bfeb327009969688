/**
 * What every file system looks like from above: nodes by number, no paths, no symlink resolution (that is the root's job).
 * Opening a format may be asynchronous (a decoder to load); reading never is.
 */
import type { ByteSource } from '../bytes/byte-source.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { Limits } from '../limits.ts';

export type NodeType = 'file' | 'directory' | 'symlink' | 'character' | 'block' | 'fifo' | 'socket';

/** A node's number inside one file system: the inode number where the format has one, else an index. */
export type NodeId = number;

/** Seconds since 1970 (may be negative), and nanoseconds 0..999999999 to add. */
export interface Timestamp {
  readonly seconds: number;
  readonly nanoseconds: number;
}

export interface Stat {
  readonly node: NodeId;
  readonly type: NodeType;
  /** The low 12 bits: setuid, setgid, sticky and the nine permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of a file, length of a symlink's target; directories as the format says, 0 where it does not. */
  readonly size: number;
  readonly links: number;
  readonly mtime: Timestamp;
  readonly atime?: Timestamp;
  readonly ctime?: Timestamp;
  /** Birth time, where the format keeps it. */
  readonly crtime?: Timestamp;
  /** Device number of character and block devices. */
  readonly device?: { readonly major: number; readonly minor: number };
  /** Byte offset of the inode or header in the file system's source, where there is one. */
  readonly offset?: number;
}

export interface DirectoryEntry {
  /** Never empty, `.` or `..`, and never contains `/` or NUL: readers refuse such entries as corrupt. */
  readonly name: string;
  readonly node: NodeId;
  readonly type: NodeType;
}

/** What statfs(2) says, in bytes. */
export interface Usage {
  readonly size: number;
  /** What an ordinary user may still fill: without the share reserved for root. */
  readonly available: number;
  /** Files that can still be made, where the format limits them. */
  readonly freeNodes?: number;
}

export interface FileSystem {
  /** Registry id of the format: `ext4`, `vfat`, `tar`, ... (the kernel's spelling where there is one). */
  readonly format: string;
  /** Label of the source it was opened from, for locations. */
  readonly label: string;
  /** Volume label, empty if none. */
  readonly volumeLabel: string;
  /** As blkid prints it (lower-case UUID, FAT `XXXX-XXXX`), empty if none. */
  readonly uuid: string;
  /** What was noticed so far; may grow while reading. */
  readonly diagnostics: readonly Diagnostic[];
  readonly root: NodeId;
  /** Bytes of the source it takes, where the format says so and something else may lie behind it. */
  readonly extent?: number;

  /** The entry of a directory, or undefined. Names are compared as bytes (FAT: as the format says). */
  lookup(directory: NodeId, name: string): NodeId | undefined;
  /** All entries, in the order of the disk. */
  list(directory: NodeId): readonly DirectoryEntry[];
  stat(node: NodeId): Stat;
  /** The type alone, where that is less work than all of `stat`. */
  typeOf?(node: NodeId): NodeType;
  /** Target of a symlink, as stored. */
  readLink(node: NodeId): string;
  /** Content of a regular file. `label` is what locations will call it. */
  open(node: NodeId, label?: string): ByteSource;
  /** Extended attributes by full name (`security.capability`), raw values. */
  xattrs(node: NodeId): ReadonlyMap<string, Uint8Array>;
  /** Whether a node has an access control list that is not among them, for its value cannot be told. Only formats where that can be. */
  hasUnreadList?(node: NodeId): boolean;
  /** Room that is left; formats that nothing is written to have none. */
  usage?(): Usage;
  /** A tree inside that can be mounted by itself, by path or number; undefined if there is none. Only formats that have some. */
  findSubvolume?(name: string | number): NodeId | undefined;
  /** Those that lie at the top, by the path of each. */
  listSubvolumes?(): readonly { readonly path: string; readonly node: NodeId }[];
  close(): void;
}

/** The type of a node, in the cheapest way its file system has. */
export function nodeTypeOf(fileSystem: FileSystem, node: NodeId): NodeType {
  return fileSystem.typeOf?.(node) ?? fileSystem.stat(node).type;
}

export interface OpenOptions {
  readonly limits: Limits;
  /** Which image of a container archive for several platforms: `linux/arm64`, with a variant `linux/arm/v7`. */
  readonly platform?: string;
}

/** A format: told by its bytes, opened from its bytes. One folder, one line in `registry.ts`. */
export interface FileSystemFormat {
  readonly id: string;
  /** For people: `ext2/3/4`, `SquashFS 4.0`. */
  readonly name: string;
  /** A whole disk that begins so is this file system, even where it has a partition table as well. */
  readonly comesBeforeTables?: boolean;
  /** Looks at a few KiB. Never throws: a source that is too short is "no". */
  detect(source: ByteSource): boolean;
  /** Opens what `detect` recognised; ImageError if it is damaged or uses what is not supported. */
  open(source: ByteSource, options: OpenOptions): FileSystem | Promise<FileSystem>;
}
