/**
 * Writes a walked tree into a folder of the host. Folders get their mode and time when everything in them is written; a file
 * that cannot be read whole is taken away again. Extended attributes, device nodes, fifos and sockets are counted, not
 * written: Node has no call for them.
 */
import { closeSync } from 'node:fs';
import { ImageError } from '../../errors.ts';
import type { Stat } from '../../filesystems/file-system.ts';
import { CopiedFiles, type WalkedNode } from '../../root/walk-nodes.ts';
import { type HostDirectory, setStatus } from './host-directory.ts';
import { LeftOut } from './left-out.ts';
import { writeContent } from './write-content.ts';

const SET_ID_BITS = 0o6000;

export interface WriteOptions {
  /** Replace files that are there; folders are written into. */
  readonly force: boolean;
  /** Give files to the owners they have in the image. */
  readonly owner: boolean;
  /** Keep setuid and setgid bits. */
  readonly specialModes: boolean;
  /** Awaited within large files. */
  readonly pause?: () => Promise<void>;
}

type Found = NonNullable<WalkedNode['found']>;

interface OpenFolder {
  readonly directory: HostDirectory;
  readonly stat: Stat | undefined;
}

export class TreeWriter {
  readonly leftOut = new LeftOut();
  readonly #options: WriteOptions;
  readonly #copied = new CopiedFiles();
  /** The destination, and the folders entered below it; as long as the depth of the entry before. */
  readonly #open: OpenFolder[];
  readonly #myself = { uid: process.geteuid?.() ?? -1, gid: process.getegid?.() ?? -1 };

  /** `destination` gets the status of the walk's start if that is a directory. */
  constructor(destination: HostDirectory, options: WriteOptions) {
    this.#options = options;
    this.#open = [{ directory: destination, stat: undefined }];
  }

  /** Completes the folders that a node of this depth is not in, before it is written; 0 completes the destination. */
  leaveTo(depth: number): void {
    let problem: unknown;
    for (const { directory, stat } of this.#open.splice(depth).reverse()) {
      try {
        if (stat) setStatus(directory.fd, directory.label, this.#statusOf(stat));
      } catch (error) {
        problem ??= error;
      } finally {
        directory.close();
      }
    }
    if (problem !== undefined) throw problem;
  }

  /** Writes one node; the caller gives them as `walkNodes` does, `name` for a start that is no directory. */
  async write({ path, depth, found }: WalkedNode, name: string): Promise<void> {
    const folder = this.#open[this.#open.length - 1];
    if (!found || !folder) return;
    if (found.stat.type !== 'directory')
      await this.#writeLeaf(folder.directory, path === '' ? name : path, name, found);
    else if (depth === 0) this.#open[0] = { directory: folder.directory, stat: found.stat };
    else this.#open.push({ directory: this.#enter(folder.directory, name), stat: found.stat });
  }

  /** Counts what `write` leaves out of a node on purpose. */
  count({ fileSystem, node, stat }: Found): void {
    const { type, mode, uid, gid } = stat;
    const { owner, specialModes } = this.#options;
    if (type === 'character' || type === 'block') this.leftOut.add('device');
    else if (type === 'fifo' || type === 'socket') this.leftOut.add(type);
    else {
      if (!specialModes && (mode & SET_ID_BITS) !== 0) this.leftOut.add('special-mode');
      if (!owner && (uid !== this.#myself.uid || gid !== this.#myself.gid)) this.leftOut.add('owner');
      if (fileSystem.xattrs(node).size > 0) this.leftOut.add('xattrs');
    }
  }

  /** Closes everything and completes nothing: for a run that failed. */
  abandon(): void {
    for (const { directory } of this.#open.splice(0)) directory.close();
  }

  #enter(parent: HostDirectory, name: string): HostDirectory {
    const isThere = this.#options.force && parent.typeOf(name) === 'folder';
    if (!isThere) {
      this.#clear(parent, name);
      parent.makeFolder(name);
    }
    return parent.enter(name);
  }

  /** Makes room for something that is no folder, or for a folder where there is something else. */
  #clear(parent: HostDirectory, name: string): void {
    if (this.#options.force && parent.typeOf(name) === 'other') parent.remove(name);
  }

  async #writeLeaf(parent: HostDirectory, path: string, name: string, found: Found): Promise<void> {
    const { fileSystem, node, stat } = found;
    if (stat.type !== 'file' && stat.type !== 'symlink') return;
    this.#clear(parent, name);
    const first = this.#copied.find(found);
    if (first !== undefined && this.#link(parent, name, first)) return;
    if (stat.type === 'symlink') this.#writeSymlink(parent, name, fileSystem.readLink(node), stat);
    else await this.#writeFile(parent, name, found);
    this.#copied.add(found, path);
  }

  #writeSymlink(parent: HostDirectory, name: string, target: string, stat: Stat): void {
    parent.makeSymlink(name, target);
    if (this.#options.owner) parent.setSymlinkOwner(name, stat.uid, stat.gid);
    parent.setSymlinkTime(name, stat.mtime);
  }

  async #writeFile(parent: HostDirectory, name: string, { fileSystem, node, stat }: Found): Promise<void> {
    const label = `${parent.label}/${name}`;
    const source = fileSystem.open(node);
    const file = parent.createFile(name);
    try {
      await writeContent(source, file, label, this.#options.pause);
      setStatus(file, label, this.#statusOf(stat));
    } catch (error) {
      parent.remove(name);
      throw error;
    } finally {
      closeSync(file);
    }
  }

  /** Whether the host made the link; where it has none, or no more for one file, a copy does. */
  #link(parent: HostDirectory, name: string, first: string): boolean {
    const names = first.split('/');
    const last = names.pop() ?? '';
    const [{ directory: root } = { directory: parent }] = this.#open;
    const entered: HostDirectory[] = [];
    try {
      let folder = root;
      for (const each of names) {
        folder = folder.enter(each);
        entered.push(folder);
      }
      parent.makeLink(name, folder, last);
      return true;
    } catch (error) {
      if (error instanceof ImageError && ['host/emlink', 'host/eperm', 'host/enotsup'].includes(error.code))
        return false;
      throw error;
    } finally {
      for (const folder of entered) folder.close();
    }
  }

  #statusOf({ mode, uid, gid, mtime }: Stat): Parameters<typeof setStatus>[2] {
    const kept = this.#options.specialModes ? mode : mode & ~SET_ID_BITS;
    return { mode: kept, mtime, ...(this.#options.owner ? { owner: { uid, gid } } : {}) };
  }
}
