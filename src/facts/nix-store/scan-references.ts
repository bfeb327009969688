/**
 * References as Nix itself finds them when it builds: the names of store paths in file contents and link targets, each file
 * read once. A link to a store path that is not there proves it missing; in a text it may be an example, so only links count.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { asImageError } from '../../errors.ts';
import type { FileSystem, NodeId } from '../../filesystems/file-system.ts';
import { limitExceeded } from '../../limits.ts';
import { parseStorePath, storeDirectory } from '../../root/nixos/store-path.ts';
import type { RootView } from '../../root/root-view.ts';
import type { MissingPath, StoreClosure } from './nix-store-fact.ts';

const prefix = Buffer.from(`${storeDirectory}/`);
const HASH = 32;
const CHUNK = 1 << 20;
/** Of a chunk repeated in the next: longer than any name cut in two. */
const OVERLAP = prefix.length + HASH;

export interface ScanResult extends StoreClosure {
  /** The first file that could not be read. */
  readonly damage?: ReturnType<typeof asImageError>;
}

interface Entry {
  readonly fileSystem: FileSystem;
  readonly node: NodeId;
  readonly path: string;
  readonly owner: string;
}

/** The closure of `toplevel` among the store paths `present`. */
export function scanClosure(view: RootView, toplevel: string, present: ReadonlySet<string>): ScanResult {
  const byHash = new Map([...present].map((path) => [parseStorePath(path)?.hash ?? '', path]));
  const paths = new Set([toplevel]);
  const missing = new Map<string, MissingPath>();
  let damage: ReturnType<typeof asImageError> | undefined;
  let entries = 0;
  const read = new Set<string>();
  for (const owner of paths) {
    const found = view.find(owner, 'parents');
    if (!found) continue;
    const stack: Entry[] = [{ fileSystem: found.fileSystem, node: found.node, path: owner, owner }];
    for (let entry = stack.pop(); entry; entry = stack.pop()) {
      if (++entries > view.limits.fileSystemEntries)
        throw limitExceeded('fileSystemEntries', view.limits, storeDirectory, view.locate(owner));
      try {
        readEntry(entry);
      } catch (thrown) {
        damage ??= asImageError(thrown);
      }
    }
    function readEntry({ fileSystem, node, path }: Entry): void {
      const { type } = fileSystem.stat(node);
      if (type === 'directory') {
        for (const child of fileSystem.list(node))
          stack.push({ fileSystem, node: child.node, path: `${path}/${child.name}`, owner });
      } else if (type === 'symlink') {
        const target = parseStorePath(fileSystem.readLink(node));
        if (!target) return;
        if (present.has(target.path)) paths.add(target.path);
        else if (!missing.has(target.path))
          missing.set(target.path, { path: target.path, referrer: owner, location: view.locate(owner) });
      } else if (type === 'file') {
        // Hard links share their content.
        const identity = `${fileSystem.label}#${node}`;
        if (read.has(identity)) return;
        read.add(identity);
        for (const hash of findHashes(fileSystem.open(node, path))) {
          const path = byHash.get(hash);
          if (path !== undefined) paths.add(path);
        }
      }
    }
  }
  return { by: 'scan', paths, missing: [...missing.values()], ...(damage ? { damage } : {}) };
}

/** What stands where a hash would, behind each `/nix/store/` of a file. */
function* findHashes(source: ByteSource): Generator<string> {
  for (let offset = 0; offset < source.size; offset += CHUNK) {
    const start = Math.max(0, offset - OVERLAP);
    const bytes = Buffer.from(source.read(start, Math.min(source.size, offset + CHUNK) - start));
    for (let at = bytes.indexOf(prefix); at >= 0; at = bytes.indexOf(prefix, at + prefix.length))
      yield bytes.toString('latin1', at + prefix.length, at + prefix.length + HASH);
  }
}
