/**
 * A folder of the host that is written into by its descriptor: each name is one component, no symlink is followed, and what
 * exists is never written through. On Linux /proc/self/fd stands in for openat(2), which Node lacks: what happens to the path
 * meanwhile changes nothing, and no tree is too deep. Elsewhere paths are joined, each folder on the way opened without links.
 */
import {
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fchownSync,
  futimesSync,
  lchownSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  openSync,
  readdirSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs';
import { hostError, hostPath } from '../../bytes/file-source.ts';
import { ImageError } from '../../errors.ts';
import type { Timestamp } from '../../filesystems/file-system.ts';

const { O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_RDONLY, O_WRONLY } = constants;
/** Until a node is complete nobody else may look at it. */
const OWNER_FOLDER = 0o700;
const OWNER_FILE = 0o600;

export class HostDirectory {
  /** For messages. */
  readonly label: string;
  readonly fd: number;
  readonly #path: string;

  private constructor(path: string, label: string, flags: number) {
    this.label = label;
    this.fd = attempt(label, 'open', () => openSync(hostPath(path), O_RDONLY | O_DIRECTORY | flags));
    const anchor = `/proc/self/fd/${this.fd}`;
    this.#path = existsSync(anchor) ? anchor : path;
  }

  /** The folder the user named: links in its path are the user's own. */
  static open(path: string): HostDirectory {
    return new HostDirectory(path, path, 0);
  }

  isEmpty(): boolean {
    return attempt(this.label, 'list', () => readdirSync(this.#path).length === 0);
  }

  /** A folder in this one; ImageError if it is anything else, a link to a folder included. */
  enter(name: string): HostDirectory {
    return new HostDirectory(this.#place(name), this.#name(name), O_NOFOLLOW);
  }

  /** What a name stands for, links not followed; undefined if it is free. */
  typeOf(name: string): 'folder' | 'other' | undefined {
    return this.#attempt(name, 'stat', (path) => {
      const stat = lstatSync(path, { throwIfNoEntry: false });
      return stat && (stat.isDirectory() ? 'folder' : 'other');
    });
  }

  /** Takes away what is no folder. */
  remove(name: string): void {
    this.#attempt(name, 'remove', unlinkSync);
  }

  makeFolder(name: string): void {
    this.#attempt(name, 'make', (path) => mkdirSync(path, OWNER_FOLDER));
  }

  /** A new, empty file; its descriptor. */
  createFile(name: string): number {
    return this.#attempt(name, 'create', (path) =>
      openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, OWNER_FILE),
    );
  }

  makeSymlink(name: string, target: string): void {
    this.#attempt(name, 'make', (path) => symlinkSync(hostPath(target), path));
  }

  setSymlinkOwner(name: string, uid: number, gid: number): void {
    this.#attempt(name, 'set the owner of', (path) => lchownSync(path, uid, gid));
  }

  setSymlinkTime(name: string, time: Timestamp): void {
    const seconds = hostSeconds(time);
    this.#attempt(name, 'set the time of', (path) => lutimesSync(path, seconds, seconds));
  }

  /** Another name for what `folder` has as `existing`. */
  makeLink(name: string, folder: HostDirectory, existing: string): void {
    this.#attempt(name, 'link', (path) => linkSync(hostPath(folder.#place(existing)), path));
  }

  close(): void {
    closeSync(this.fd);
  }

  #attempt<T>(name: string, verb: string, act: (path: Buffer) => T): T {
    const path = hostPath(this.#place(name));
    return attempt(this.#name(name), verb, () => act(path));
  }

  #name(name: string): string {
    return `${this.label.replace(/\/$/, '')}/${name}`;
  }

  /** Readers refuse such names; here none may come through whatever a reader does. */
  #place(name: string): string {
    if (name === '' || name === '.' || name === '..' || name.includes('/') || name.includes('\0')) {
      const message = `${JSON.stringify(name)} is not a name of a file: it is not written`;
      throw new ImageError('corrupt', 'extract/bad-name', message, { location: { source: this.label } });
    }
    return `${this.#path}/${name}`;
  }
}

/** Makes a folder for the user, if there is none yet, and says so; ImageError if it cannot be. */
export function ensureFolder(path: string): boolean {
  return attempt(path, 'make', () => {
    const isNew = lstatSync(hostPath(path), { throwIfNoEntry: false }) === undefined;
    if (isNew) mkdirSync(hostPath(path));
    return isNew;
  });
}

/** Owner, mode and time of an open file or folder, in the order in which none undoes another. */
export function setStatus(
  fd: number,
  label: string,
  status: {
    readonly owner?: { readonly uid: number; readonly gid: number };
    readonly mode: number;
    readonly mtime: Timestamp;
  },
): void {
  attempt(label, 'set the status of', () => {
    if (status.owner) fchownSync(fd, status.owner.uid, status.owner.gid);
    fchmodSync(fd, status.mode);
    const seconds = hostSeconds(status.mtime);
    futimesSync(fd, seconds, seconds);
  });
}

/** Node takes seconds as a double, which ends at about a microsecond, and a negative number only as text. */
function hostSeconds({ seconds, nanoseconds }: Timestamp): number | string {
  const value = seconds + nanoseconds / 1e9;
  return value < 0 ? String(value) : value;
}

function attempt<T>(label: string, verb: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof ImageError) throw error;
    throw hostError(error, label, verb);
  }
}
