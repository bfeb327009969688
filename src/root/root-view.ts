/**
 * One logical root made of mounted file systems. Paths are resolved inside it only: component by component, `..` never
 * leaves, absolute links restart at this root, at most `limits.symlinks` links. Every answer is yes, no or unreadable.
 */
import type { ByteSource } from '../bytes/byte-source.ts';
import { decodeBytes } from '../bytes/names.ts';
import { ImageError } from '../errors.ts';
import { type DirectoryEntry, nodeTypeOf, type Stat } from '../filesystems/file-system.ts';
import { type Limits, limitExceeded } from '../limits.ts';
import type { Location } from '../location.ts';
import { innerPath, PathWalk } from './path-walk.ts';
import { type Found, leastSure, type Mount, type Resolution, type Standing } from './resolution.ts';
import { type SortedEntries, sortEntries } from './sort-entries.ts';

export type { Found, LinkStep, Missing, Mount, Resolution, Standing, Unreadable } from './resolution.ts';

/** Answers remembered. When full, all are forgotten. */
const MAX_ANSWERS = 4096;
/** Entries of all remembered lists together. */
const MAX_LISTED = 250_000;

export class RootView {
  readonly mounts: readonly Mount[];
  readonly limits: Limits;
  readonly #byPath = new Map<string, Mount>();
  readonly #root: Mount;
  readonly #walk: PathWalk;
  /** Latest answers: who asks whether a path is there asks for its content and place next. */
  readonly #answers = new Map<string, Resolution>();
  readonly #lists = new Map<string, readonly DirectoryEntry[]>();
  #listed = 0;
  /** Of the answers since `observe` began. */
  #standing: Standing = 'present';

  /** `mounts` needs exactly one entry for `/`; a later mount of the same path covers an earlier one. */
  constructor(mounts: readonly Mount[], limits: Limits) {
    this.mounts = mounts;
    this.limits = limits;
    for (const mount of mounts) this.#byPath.set(mount.path, mount);
    const root = this.#byPath.get('/');
    if (!root) throw new Error('a root view needs a file system mounted at /');
    this.#root = root;
    this.#walk = new PathWalk(this.#byPath, root, limits);
  }

  /** Follows `path` to its end. With `follow: 'parents'` a symlink in the last place is the answer, as lstat does. */
  resolve(path: string, follow: 'all' | 'parents' = 'all'): Resolution {
    const key = follow === 'all' ? path : `${path}\0`;
    let answer = this.#answers.get(key);
    if (!answer) {
      answer = this.#walk.resolve(path, follow);
      if (this.#answers.size >= MAX_ANSWERS) this.#answers.clear();
      this.#answers.set(key, answer);
    }
    if (answer.state === 'found' && answer.standing !== 'present') this.restOn(answer.standing);
    return answer;
  }

  /** Runs `read`, and says how sure the least sure of the answers is that it got from this view. */
  observe<T>(read: () => T): { readonly value: T; readonly standing: Standing } {
    const before = this.#standing;
    this.#standing = 'present';
    try {
      const value = read();
      return { value, standing: this.#standing };
    } finally {
      this.restOn(before);
    }
  }

  /** Counts an answer that was got before, and is used again, among those observed now. */
  restOn(standing: Standing): void {
    this.#standing = leastSure(this.#standing, standing);
  }

  /** Whether `path` exists after following links; `unreadable` is never an answer of absence. */
  exists(path: string): 'yes' | 'no' | 'unreadable' {
    const { state } = this.resolve(path);
    return state === 'found' ? 'yes' : state === 'missing' ? 'no' : 'unreadable';
  }

  /** The node at `path` after following links; undefined if there is none; throws if that cannot be told. */
  find(path: string, follow: 'all' | 'parents' = 'all'): Found | undefined {
    const resolution = this.resolve(path, follow);
    if (resolution.state === 'unreadable') throw resolution.error;
    return resolution.state === 'found' ? resolution : undefined;
  }

  /** stat(2) inside the image; undefined if there is nothing there. */
  stat(path: string): Stat | undefined {
    const found = this.find(path);
    return found?.fileSystem.stat(found.node);
  }

  /** lstat(2) inside the image. */
  lstat(path: string): Stat | undefined {
    const found = this.find(path, 'parents');
    return found?.fileSystem.stat(found.node);
  }

  /** Stored target of the symlink at `path`; undefined if there is no symlink. */
  readLink(path: string): string | undefined {
    const found = this.find(path, 'parents');
    if (!found || nodeTypeOf(found.fileSystem, found.node) !== 'symlink') return undefined;
    return found.fileSystem.readLink(found.node);
  }

  /** Entries sorted by the bytes of their names, mount points included; undefined if `path` is not a directory. */
  list(path: string): readonly DirectoryEntry[] | undefined {
    const found = this.find(path);
    if (!found || nodeTypeOf(found.fileSystem, found.node) !== 'directory') return undefined;
    const cached = this.#lists.get(found.path);
    if (cached) return cached;
    const { entries } = this.listNode(found);
    this.#listed += entries.length + 1;
    if (this.#listed > MAX_LISTED) {
      this.#lists.clear();
      this.#listed = entries.length + 1;
    }
    this.#lists.set(found.path, entries);
    return entries;
  }

  /** Content of the regular file at `path`; throws if there is none (kind `input`). */
  open(path: string): ByteSource {
    const found = this.find(path);
    if (!found)
      throw new ImageError('input', 'root/not-found', `there is no ${path} in the image`, {
        location: this.locate(path),
      });
    return found.fileSystem.open(found.node, this.sourceLabel(found));
  }

  /** Whole content, at most `limits.textBytes`; undefined if there is no regular file; throws if it cannot be read. */
  readBytes(path: string): Uint8Array | undefined {
    const found = this.find(path);
    if (!found) return undefined;
    const stat = found.fileSystem.stat(found.node);
    if (stat.type !== 'file') return undefined;
    if (stat.size > this.limits.textBytes) throw limitExceeded('textBytes', this.limits, path, this.locate(path));
    const source = found.fileSystem.open(found.node, this.sourceLabel(found));
    return Uint8Array.from(source.read(0, source.size));
  }

  /** `readBytes` as text (bytes that are not UTF-8 stay recognisable, see names.ts). */
  readText(path: string): string | undefined {
    const bytes = this.readBytes(path);
    return bytes === undefined ? undefined : decodeBytes(bytes);
  }

  /**
   * Where `path` really lies, or would lie: the file system that holds it and the path inside that one, links followed.
   */
  locate(path: string, line?: number, column?: number): Location {
    const resolution = this.resolve(path);
    const place =
      resolution.state === 'found'
        ? { source: resolution.fileSystem.label, path: resolution.innerPath }
        : this.#placeBelowMount(resolution.path);
    return {
      ...place,
      ...(line === undefined ? {} : { line }),
      ...(column === undefined ? {} : { column }),
    };
  }

  /** The label a file's bytes get: `disk.wic!p1:/EFI/Linux/linux.efi`. */
  sourceLabel(found: Found): string {
    return `${found.fileSystem.label}:${found.innerPath}`;
  }

  #placeBelowMount(path: string): { source: string; path: string } {
    let mount = this.#root;
    for (const other of this.#byPath.values())
      if (path.startsWith(`${other.path}/`) && other.path.length > mount.path.length) mount = other;
    return { source: mount.fileSystem.label, path: innerPath(mount, path) };
  }

  /**
   * The entries of a directory whose place is known, read anew and sorted by the bytes of their names; `mounted` has what is
   * mounted on some of them. For walks: nothing is remembered. Throws if the directory cannot be read.
   */
  listNode(directory: Pick<Found, 'fileSystem' | 'node' | 'path'>): NodeList {
    const { fileSystem, node, path } = directory;
    const listed = fileSystem.list(node);
    const mounted = this.#byPath.size > 1 ? this.#mountedBelow(path) : nothingMounted;
    if (mounted.size === 0) return withMounted(sortEntries(listed), mounted);
    const entries = [...listed];
    for (const [name, mount] of mounted) {
      const target = mount.node ?? mount.fileSystem.root;
      const type = mount.node === undefined ? 'directory' : nodeTypeOf(mount.fileSystem, target);
      const covered = entries.findIndex((entry) => entry.name === name);
      entries.splice(covered < 0 ? entries.length : covered, covered < 0 ? 0 : 1, { name, node: target, type });
    }
    return withMounted(sortEntries(entries), mounted);
  }

  #mountedBelow(path: string): ReadonlyMap<string, Mount> {
    const prefix = path === '/' ? '/' : `${path}/`;
    const mounted = new Map<string, Mount>();
    for (const mount of this.#byPath.values()) {
      if (mount.path === '/' || !mount.path.startsWith(prefix)) continue;
      const name = mount.path.slice(prefix.length);
      if (!name.includes('/')) mounted.set(name, mount);
    }
    return mounted;
  }
}

const nothingMounted: ReadonlyMap<string, Mount> = new Map();

/** Written out: a walk makes one for each directory, and a spread is slow. */
const withMounted = ({ entries, arePlain }: SortedEntries, mounted: NodeList['mounted']): NodeList => ({
  entries,
  arePlain,
  mounted,
});

export interface NodeList extends SortedEntries {
  readonly mounted: ReadonlyMap<string, Mount>;
}
