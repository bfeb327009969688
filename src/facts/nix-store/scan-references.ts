/**
 * References as Nix itself finds them when it builds: the names of store paths in file contents and link targets, each file
 * read once. A link to a store path that is not there proves it missing; in a text it may be an example, so only links count.
 */
import { type ByteSource, peekAt } from '../../bytes/byte-source.ts';
import { asImageError, type ImageError } from '../../errors.ts';
import type { FileSystem, NodeId } from '../../filesystems/file-system.ts';
import { limitExceeded } from '../../limits.ts';
import { parseStorePath, storeDirectory } from '../../root/nixos/store-path.ts';
import type { RootView } from '../../root/root-view.ts';
import type { MissingPath, StoreClosure } from './nix-store-fact.ts';

const prefix = Buffer.from(`${storeDirectory}/`);
const HASH = 32;
/** As much as a source gives without keeping it. */
const CHUNK = 64 << 10;
/** Bytes of the directory and the hash. */
const NAME = prefix.length + HASH;

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
  readonly #byHash: ReadonlyMap<string, string>;
  /** Files read: hard links share their content. */
  readonly #read = new Set<string>();
  #entries = 0;

  constructor(view: RootView, toplevel: string, present: ReadonlySet<string>) {
    this.#view = view;
    this.#present = present;
    this.#byHash = new Map([...present].map((path) => [parseStorePath(path)?.hash ?? '', path]));
    this.paths = new Set([toplevel]);
  }

  readPath(owner: string): void {
    const found = this.#view.find(owner, 'parents');
    if (!found) return;
    const { fileSystem } = found;
    const stack: NodeId[] = [found.node];
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      if (++this.#entries > this.#view.limits.fileSystemEntries)
        throw limitExceeded('fileSystemEntries', this.#view.limits, storeDirectory, this.#view.locate(owner));
      try {
        stack.push(...this.#readNode(fileSystem, node, owner));
      } catch (thrown) {
        this.damage ??= asImageError(thrown);
      }
    }
  }

  /** Takes the references of one node in; gives the nodes of a directory. */
  #readNode(fileSystem: FileSystem, node: NodeId, owner: string): readonly NodeId[] {
    const { type } = fileSystem.stat(node);
    if (type === 'directory') return fileSystem.list(node).map((entry) => entry.node);
    if (type === 'symlink') this.#followLink(fileSystem.readLink(node), owner);
    const identity = `${fileSystem.label}#${node}`;
    if (type !== 'file' || this.#read.has(identity)) return [];
    this.#read.add(identity);
    for (const hash of findHashes(fileSystem.open(node, owner))) {
      const path = this.#byHash.get(hash);
      if (path !== undefined) this.paths.add(path);
    }
    return [];
  }

  #followLink(target: string, owner: string): void {
    const path = parseStorePath(target)?.path;
    if (path === undefined) return;
    if (this.#present.has(path)) this.paths.add(path);
    else if (!this.missing.has(path))
      this.missing.set(path, { path, referrer: owner, location: this.#view.locate(owner) });
  }
}

/** What stands where a hash would, behind each `/nix/store/` of a file. Each byte is read once; holes are passed over. */
function* findHashes(source: ByteSource): Generator<string> {
  let tail: Buffer = Buffer.alloc(0);
  for (let offset = 0; offset < source.size; ) {
    const data = source.nextData?.(offset) ?? offset;
    if (data >= source.size) return;
    if (data > offset) tail = tail.subarray(0, 0);
    const read = peekAt(source, data, Math.min(CHUNK, source.size - data));
    const bytes = Buffer.from(read.buffer, read.byteOffset, read.length);
    // What began in the piece before ends in this one.
    if (tail.length > 0) yield* hashesIn(Buffer.concat([tail, bytes.subarray(0, NAME - 1)]));
    yield* hashesIn(bytes);
    tail = Buffer.concat([bytes.length < NAME - 1 ? tail : tail.subarray(0, 0), bytes.subarray(-(NAME - 1))]);
    tail = tail.subarray(-(NAME - 1));
    offset = data + bytes.length;
  }
}

function* hashesIn(bytes: Buffer): Generator<string> {
  for (let at = bytes.indexOf(prefix); at >= 0 && at + NAME <= bytes.length; at = bytes.indexOf(prefix, at + 1))
    yield bytes.toString('latin1', at + prefix.length, at + NAME);
}
