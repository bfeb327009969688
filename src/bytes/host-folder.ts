/**
 * A directory tree of the host, read without following symlinks: the only place besides `file-source.ts` that touches it.
 * Paths and names are strings in the form of `names.ts`, so that a name of any bytes survives. Deliberately without
 * extended attributes: Node has no call for them, and a reader must say so rather than show none.
 */
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  type Stats,
  statSync,
} from 'node:fs';
import { ImageError } from '../errors.ts';
import type { ByteSource } from './byte-source.ts';
import { FileSource, hostError, hostPath, openFileSource } from './file-source.ts';
import { HostFile } from './host-file.ts';
import { decodeBytes } from './names.ts';

export type HostType = 'file' | 'directory' | 'symlink' | 'character' | 'block' | 'fifo' | 'socket';

export interface HostEntry {
  readonly name: string;
  readonly type: HostType;
}

export interface HostTime {
  /** Since 1970, may be negative. */
  readonly seconds: number;
  /** 0..999999999, to add. */
  readonly nanoseconds: number;
}

export interface HostStat {
  readonly type: HostType;
  /** The low 12 bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly links: number;
  readonly mtime: HostTime;
  readonly atime: HostTime;
  readonly ctime: HostTime;
  /** Two names with the same identity are hard links of one file. */
  readonly identity: string;
  /** Of the file system the node lies on: a walk that must stay on one compares it. */
  readonly fileSystem: string;
  /** Device number of character and block devices. */
  readonly device?: { readonly major: number; readonly minor: number };
}

/** The entries of a directory, in the order of the host; ImageError `input` if it cannot be read. */
export function readFolder(path: string): HostEntry[] {
  try {
    return readdirSync(hostPath(path), { encoding: 'buffer', withFileTypes: true }).map((entry) => ({
      name: decodeBytes(entry.name),
      type: typeOf(entry, path),
    }));
  } catch (error) {
    throw hostError(error, path, 'list');
  }
}

/** Whether a path leads to a directory, links followed; ImageError `input` if it leads nowhere. */
export function isHostFolder(path: string): boolean {
  try {
    return statSync(hostPath(path)).isDirectory();
  } catch (error) {
    throw hostError(error, path, 'stat');
  }
}

/** What lstat says about a path; ImageError `input` if there is nothing. */
export function statHost(path: string): HostStat {
  try {
    const stat = lstatSync(hostPath(path), { bigint: true });
    const type = typeOf(stat, path);
    const base: HostStat = {
      type,
      mode: Number(stat.mode & 0o7777n),
      uid: Number(stat.uid),
      gid: Number(stat.gid),
      size: Number(stat.size),
      links: Number(stat.nlink),
      mtime: hostTime(stat.mtimeNs),
      atime: hostTime(stat.atimeNs),
      ctime: hostTime(stat.ctimeNs),
      identity: `${stat.dev}:${stat.ino}`,
      fileSystem: `${stat.dev}`,
    };
    return type === 'character' || type === 'block' ? { ...base, device: deviceNumber(stat.rdev) } : base;
  } catch (error) {
    throw hostError(error, path, 'stat');
  }
}

/** The target of a symlink, as stored. */
export function readHostLink(path: string): string {
  try {
    return decodeBytes(readlinkSync(hostPath(path), { encoding: 'buffer' }));
  } catch (error) {
    throw hostError(error, path, 'read the link');
  }
}

/**
 * A regular file of the tree. It is opened on its first read, never through a symlink, and may be closed and opened again
 * behind the caller's back (`host-file.ts`); a file that was replaced meanwhile is an ImageError.
 */
export function openHostFile(path: string, label = path): ByteSource {
  const { type, size, identity } = statHost(path);
  if (type !== 'file') {
    const remedy = 'copy what it holds into a file first';
    throw new ImageError('input', 'host/not-a-file', `${path} is not a regular file`, {
      location: { source: label },
      remedy,
    });
  }
  return new HostFile(() => openSame(path, label, identity), size, label);
}

/** Whether there is something at the path, readable or not. */
export function hasSideFile(path: string): boolean {
  return existsSync(path);
}

/** A file beside the image, whole; undefined if there is none. Symlinks are followed: the path is the user's. */
export function readSideFile(path: string, maxBytes: number): Uint8Array | undefined {
  let source: FileSource;
  try {
    source = openFileSource(path);
  } catch (error) {
    if (error instanceof ImageError && error.code === 'host/enoent') return undefined;
    throw error;
  }
  try {
    if (source.size > maxBytes) {
      throw new ImageError(
        'limit',
        'host/side-file',
        `${path} has ${source.size} bytes, at most ${maxBytes} are read`,
        {
          location: { source: source.label },
        },
      );
    }
    return new Uint8Array(source.read(0, source.size));
  } finally {
    source.close();
  }
}

function openSame(path: string, label: string, identity: string): FileSource {
  let fd: number;
  try {
    fd = openSync(hostPath(path), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    throw hostError(error, path, 'open');
  }
  const stat = fstatSync(fd, { bigint: true });
  if (`${stat.dev}:${stat.ino}` !== identity) {
    closeSync(fd);
    throw new ImageError('input', 'host/replaced', `${path} was replaced while it was read`, {
      location: { source: label },
      remedy: 'check a tree that nothing writes to',
    });
  }
  return new FileSource(fd, Number(stat.size), label, 0);
}

type TypeTests = Pick<
  Stats,
  'isFile' | 'isDirectory' | 'isSymbolicLink' | 'isCharacterDevice' | 'isBlockDevice' | 'isFIFO' | 'isSocket'
>;

function typeOf(entry: TypeTests, path: string): HostType {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'directory';
  if (entry.isSymbolicLink()) return 'symlink';
  if (entry.isCharacterDevice()) return 'character';
  if (entry.isBlockDevice()) return 'block';
  if (entry.isFIFO()) return 'fifo';
  if (entry.isSocket()) return 'socket';
  throw new ImageError('unsupported', 'host/unknown-type', `${path} has an entry of an unknown type`);
}

function hostTime(nanoseconds: bigint): HostTime {
  const seconds = (nanoseconds - (((nanoseconds % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n)) / 1_000_000_000n;
  return { seconds: Number(seconds), nanoseconds: Number(nanoseconds - seconds * 1_000_000_000n) };
}

/** Linux's packing of a 64-bit dev_t (gnu_dev_major, gnu_dev_minor). */
function deviceNumber(rdev: bigint): { major: number; minor: number } {
  return {
    major: Number(((rdev >> 8n) & 0xfffn) | ((rdev >> 32n) & 0xfffff000n)),
    minor: Number((rdev & 0xffn) | ((rdev >> 12n) & 0xffffff00n)),
  };
}
