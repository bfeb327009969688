/**
 * A directory of the host as a file system: an unpacked root, as a build leaves it. Links are never followed, owners are the
 * numbers the host shows, and what the user may not read is an ImageError `input`, never absence. Node has no call for
 * extended attributes: none are given out, and a note says so.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { type HostStat, openHostFile, readFolder, readHostLink, statHost } from '../../bytes/host-folder.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import { asImageError, ImageError } from '../../errors.ts';
import { type Limits, limitExceeded } from '../../limits.ts';
import type { DirectoryEntry, FileSystem, NodeId, Stat } from '../file-system.ts';

interface HostNode {
  readonly path: string;
  /** Filled when first asked for. */
  stat: HostStat | undefined;
  /** What was looked up so far; everything once `isListed`. */
  readonly entries: Map<string, DirectoryEntry>;
  isListed: boolean;
}

const ROOT: NodeId = 1;

class HostFileSystem implements FileSystem {
  readonly format = 'host';
  readonly label: string;
  readonly volumeLabel = '';
  readonly uuid = '';
  readonly diagnostics: readonly Diagnostic[];
  readonly root = ROOT;
  readonly #limits: Limits;
  readonly #nodes: HostNode[];
  /** Hard links share a node: by the host's identity, of files with several names only. */
  readonly #shared = new Map<string, NodeId>();
  readonly #opened: ByteSource[] = [];

  constructor(path: string, label: string, limits: Limits) {
    this.label = label;
    this.#limits = limits;
    // With the slash, the host resolves a symlink the user gave; below, none is followed.
    this.#nodes = [newNode(path.endsWith('/') ? path : `${path}/`, undefined)];
    this.diagnostics = [
      {
        level: 'note',
        code: 'host/no-xattrs',
        message: 'extended attributes of a host directory cannot be read: file capabilities are unknown',
        location: { source: label },
      },
    ];
  }

  lookup(directory: NodeId, name: string): NodeId | undefined {
    const node = this.#directory(directory);
    const known = node.entries.get(name);
    if (known || node.isListed || !isName(name)) return known?.node;
    const path = childPath(node, name);
    const stat = findHost(path);
    return stat && this.#addEntry(node, name, stat.type, stat).node;
  }

  list(directory: NodeId): readonly DirectoryEntry[] {
    const node = this.#directory(directory);
    if (!node.isListed) {
      const found = readFolder(node.path);
      if (found.length > this.#limits.directoryEntries) {
        throw limitExceeded('directoryEntries', this.#limits, node.path, { source: this.label });
      }
      for (const { name, type } of found) {
        if (node.entries.has(name)) continue;
        // Of files the link count is needed: two names of one file are one node.
        this.#addEntry(node, name, type, type === 'file' ? statHost(childPath(node, name)) : undefined);
      }
      node.isListed = true;
    }
    return [...node.entries.values()];
  }

  stat(node: NodeId): Stat {
    const { identity: _identity, fileSystem: _fileSystem, ...stat } = this.#hostStat(node);
    return { node, ...stat, size: stat.type === 'directory' ? 0 : stat.size };
  }

  readLink(node: NodeId): string {
    this.#expect(node, 'symlink', 'host/not-a-symlink', 'not a symbolic link');
    return readHostLink(this.#node(node).path);
  }

  open(node: NodeId, label?: string): ByteSource {
    this.#expect(node, 'file', 'host/not-a-file', 'not a regular file');
    const { path } = this.#node(node);
    const source = openHostFile(path, label ?? `${this.label}:/${path.slice(this.#node(ROOT).path.length)}`);
    this.#opened.push(source);
    return source;
  }

  xattrs(node: NodeId): ReadonlyMap<string, Uint8Array> {
    this.#node(node);
    return new Map();
  }

  close(): void {
    for (const source of this.#opened.splice(0)) source.close();
  }

  #directory(directory: NodeId): HostNode {
    this.#expect(directory, 'directory', 'host/not-a-directory', 'not a directory');
    return this.#node(directory);
  }

  #addEntry(directory: HostNode, name: string, type: HostStat['type'], stat: HostStat | undefined): DirectoryEntry {
    const isShared = stat !== undefined && stat.type !== 'directory' && stat.links > 1;
    const known = isShared ? this.#shared.get(stat.identity) : undefined;
    const node = known ?? this.#nodes.push(newNode(childPath(directory, name), stat));
    if (node > this.#limits.fileSystemEntries) {
      throw limitExceeded('fileSystemEntries', this.#limits, 'a directory tree', { source: this.label });
    }
    if (isShared) this.#shared.set(stat.identity, node);
    const entry = { name, type, node };
    directory.entries.set(name, entry);
    return entry;
  }

  #hostStat(node: NodeId): HostStat {
    const found = this.#node(node);
    found.stat ??= statHost(found.path);
    return found.stat;
  }

  #expect(node: NodeId, type: HostStat['type'], code: string, message: string): void {
    if (this.#hostStat(node).type === type) return;
    throw new ImageError('input', code, `${this.#node(node).path} is ${message}`, { location: { source: this.label } });
  }

  #node(node: NodeId): HostNode {
    const found = this.#nodes[node - 1];
    if (!found) throw new ImageError('corrupt', 'host/bad-node', `${this.label} has no node ${node}`);
    return found;
  }
}

function newNode(path: string, stat: HostStat | undefined): HostNode {
  return { path, stat, entries: new Map(), isListed: false };
}

function childPath({ path }: HostNode, name: string): string {
  return path.endsWith('/') ? path + name : `${path}/${name}`;
}

/** What the host itself could not find under this name, or would take for another directory. */
function isName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !name.includes('/') && !name.includes('\0');
}

/** Undefined if there is nothing at `path`; every other failure is thrown. */
function findHost(path: string): HostStat | undefined {
  try {
    return statHost(path);
  } catch (thrown) {
    const error = asImageError(thrown);
    if (error.code === 'host/enoent' || error.code === 'host/enametoolong') return undefined;
    throw error;
  }
}

/**
 * The tree below `path`, named `label` in locations. ImageError `input` if `path` is no directory or cannot be read.
 */
export function openHostFolder(path: string, label: string, limits: Limits): FileSystem {
  const fileSystem = new HostFileSystem(path, label, limits);
  fileSystem.list(fileSystem.root);
  return fileSystem;
}
