/**
 * References as Nix itself finds them when it builds: the hashes of store paths in file contents and link targets, each file
 * read once. A link to a store path that is not there proves it missing; in a text it may be an example, so only links count.
 */
import { type ByteSource, peekAt } from '../../bytes/byte-source.ts';
import { asImageError, type ImageError } from '../../errors.ts';
import { type DirectoryEntry, type FileSystem, type NodeId, nodeTypeOf } from '../../filesystems/file-system.ts';
import { limitExceeded } from '../../limits.ts';
import { parseStorePath, storeDirectory } from '../../root/nixos/store-path.ts';
import type { RootView } from '../../root/root-view.ts';
import { HASH, HashFinder } from './find-hashes.ts';
import type { MissingPath, StoreClosure } from './nix-store-fact.ts';

/** As much as a source gives without keeping it. */
const CHUNK = 64 << 10;

type Entry = Pick<DirectoryEntry, 'node' | 'type'>;

export interface ScanResult extends StoreClosure {
  /** The first file that could not be read. */
  readonly damage?: ImageError;
}

/** The closure of `toplevel` among the store paths `present`. */
export function scanClosure(view: RootView, toplevel: string, present: ReadonlySet<string>): ScanResult {
  const scan = new ReferenceScan(view, toplevel, present);
  // A set gives out what is added while it is walked.
  for (const path of scan.paths) scan.readPath(path);
  const { paths, missing, damage } = scan;
  return { by: 'scan', paths, missing: [...missing.values()], ...(damage ? { damage } : {}) };
}

class ReferenceScan {
  readonly paths: Set<string>;
  readonly missing = new Map<string, MissingPath>();
  damage: ImageError | undefined;
  readonly #view: RootView;
  readonly #present: ReadonlySet<string>;
  readonly #finder: HashFinder;
  /** Files read: hard links share their content. */
  readonly #read = new Set<string>();
  #entries = 0;

  constructor(view: RootView, toplevel: string, present: ReadonlySet<string>) {
    this.#view = view;
    this.#present = present;
    this.#finder = new HashFinder(new Map([...present].map((path) => [parseStorePath(path)?.hash ?? '', path])));
    this.paths = new Set([toplevel]);
  }

  readPath(owner: string): void {
    const found = this.#view.find(owner, 'parents');
    if (!found) return;
    const { fileSystem } = found;
    const stack: Entry[] = [{ node: found.node, type: nodeTypeOf(fileSystem, found.node) }];
    for (let entry = stack.pop(); entry; entry = stack.pop()) {
      if (++this.#entries > this.#view.limits.fileSystemEntries)
        throw limitExceeded('fileSystemEntries', this.#view.limits, storeDirectory, this.#view.locate(owner));
      try {
        if (entry.type === 'directory') stack.push(...fileSystem.list(entry.node));
        else if (entry.type === 'symlink') this.#followLink(fileSystem.readLink(entry.node), owner);
        else if (entry.type === 'file') this.#readFile(fileSystem, entry.node, owner);
      } catch (thrown) {
        this.damage ??= asImageError(thrown);
      }
    }
  }

  #readFile(fileSystem: FileSystem, node: NodeId, owner: string): void {
    const identity = `${fileSystem.label}#${node}`;
    if (this.#read.has(identity)) return;
    this.#read.add(identity);
    this.#readContent(fileSystem.open(node, owner));
  }

  /** Takes each byte once; holes are passed over. */
  #readContent(source: ByteSource): void {
    let tail: Uint8Array | undefined;
    for (let offset = 0; offset < source.size; ) {
      const data = source.nextData?.(offset) ?? offset;
      if (data >= source.size) return;
      const bytes = peekAt(source, data, Math.min(CHUNK, source.size - data));
      // What began in the piece before ends in this one.
      if (tail && data === offset) this.#finder.find(Buffer.concat([tail, bytes.subarray(0, HASH - 1)]), this.paths);
      this.#finder.find(bytes, this.paths);
      offset = data + bytes.length;
      tail = offset < source.size ? Uint8Array.from(bytes.subarray(1 - HASH)) : undefined;
    }
  }

  #followLink(target: string, owner: string): void {
    const path = parseStorePath(target)?.path;
    if (path === undefined || this.#present.has(path)) this.#finder.find(Buffer.from(target, 'latin1'), this.paths);
    else if (!this.missing.has(path))
      this.missing.set(path, { path, referrer: owner, location: this.#view.locate(owner) });
  }
}
