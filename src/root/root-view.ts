/**
 * One logical root made of mounted file systems. Paths are resolved inside it only: component by component, `..` never
 * leaves, absolute links restart at this root, at most `limits.symlinks` links. Every answer is yes, no or unreadable.
 */
import type { ByteSource } from '../bytes/byte-source.ts';
import { compareNames, decodeBytes } from '../bytes/names.ts';
import { asImageError, ImageError } from '../errors.ts';
import type { DirectoryEntry, FileSystem, NodeId, Stat } from '../filesystems/file-system.ts';
import { type Limits, limitExceeded } from '../limits.ts';
import type { Location } from '../location.ts';

/**
 * How sure the view is that the running machine will have this: `present` in the image, `derived` from it by activation
 * rules (NixOS), `declared` to be made at boot (tmpfiles, StateDirectory).
 */
export type Standing = 'present' | 'derived' | 'declared';

export interface Mount {
  /** Canonical absolute path in the view, `/` for the root. */
  readonly path: string;
  readonly fileSystem: FileSystem;
  /** Node of that file system which appears at `path`; its root unless given. */
  readonly node?: NodeId;
  /** Standing of everything below, `present` unless given. */
  readonly standing?: Standing | ((node: NodeId) => Standing);
  /** Why it is mounted there, with evidence, for reports: `fstab`, `root=`. */
  readonly because?: string;
}

export interface LinkStep {
  /** View path of the link and its stored target. */
  readonly path: string;
  readonly target: string;
}

interface Walk {
  /** Canonical view path: for `missing`, the path that does not exist. */
  readonly path: string;
  /** Symlinks followed, in order. */
  readonly links: readonly LinkStep[];
}

export interface Found extends Walk {
  readonly state: 'found';
  readonly fileSystem: FileSystem;
  readonly node: NodeId;
  /** Path of the node inside its own file system. */
  readonly innerPath: string;
  readonly standing: Standing;
}

export interface Missing extends Walk {
  readonly state: 'missing';
  /** `dangling`: a symlink on the way points to nothing. */
  readonly reason: 'missing' | 'dangling' | 'not-a-directory' | 'loop';
}

export interface Unreadable extends Walk {
  readonly state: 'unreadable';
  readonly error: ImageError;
}

export type Resolution = Found | Missing | Unreadable;

/** A place on the walk. */
interface Place {
  readonly mount: Mount;
  readonly node: NodeId;
  /** Components of the inner path. */
  readonly inner: readonly string[];
}

interface CachedDirectory {
  readonly entries: readonly DirectoryEntry[];
}

export class RootView {
  readonly mounts: readonly Mount[];
  readonly limits: Limits;
  readonly #byPath = new Map<string, Mount>();
  readonly #lists = new Map<string, CachedDirectory>();

  /** `mounts` needs exactly one entry for `/`; a later mount of the same path covers an earlier one. */
  constructor(mounts: readonly Mount[], limits: Limits) {
    this.mounts = mounts;
    this.limits = limits;
    for (const mount of mounts) this.#byPath.set(mount.path, mount);
    if (!this.#byPath.has('/')) throw new Error('a root view needs a file system mounted at /');
  }

  /** Follows `path` to its end. With `follow: 'parents'` a symlink in the last place is the answer, as lstat does. */
  resolve(path: string, follow: 'all' | 'parents' = 'all'): Resolution {
    const links: LinkStep[] = [];
    let names: string[] = [];
    let places: Place[] = [this.#rootPlace()];
    const todo = path.split('/').reverse();
    /** How many of `todo` are the caller's own components: what is missing beyond them is a link's target. */
    let asked = todo.length;
    const at = (): string => `/${names.join('/')}`;
    try {
      for (;;) {
        const name = todo.pop();
        if (name === undefined) break;
        const fromLink = todo.length >= asked;
        asked = Math.min(asked, todo.length);
        if (name === '' || name === '.') continue;
        if (name === '..') {
          if (names.length > 0) {
            names.pop();
            places.pop();
          }
          continue;
        }
        const here = places[places.length - 1] as Place;
        const type = here.mount.fileSystem.stat(here.node).type;
        if (type !== 'directory') return { state: 'missing', path: at(), links, reason: 'not-a-directory' };
        const next = this.#step(here, names, name);
        names.push(name);
        if (!next) {
          const rest = todo.reverse().filter((part) => part !== '' && part !== '.');
          const missing = [...names, ...rest].join('/');
          return { state: 'missing', path: `/${missing}`, links, reason: fromLink ? 'dangling' : 'missing' };
        }
        const isLast = !todo.some((part) => part !== '');
        if (next.mount.fileSystem.stat(next.node).type === 'symlink' && !(isLast && follow === 'parents')) {
          const target = next.mount.fileSystem.readLink(next.node);
          if (links.length >= this.limits.symlinks) return { state: 'missing', path: at(), links, reason: 'loop' };
          links.push({ path: at(), target });
          names.pop();
          if (target.startsWith('/')) {
            names = [];
            places = [this.#rootPlace()];
          }
          todo.push(...target.split('/').reverse());
          continue;
        }
        places.push(next);
      }
      const last = places[places.length - 1] as Place;
      const { standing = 'present', fileSystem } = last.mount;
      return {
        state: 'found',
        path: at(),
        links,
        fileSystem,
        node: last.node,
        innerPath: `/${last.inner.join('/')}`,
        standing: typeof standing === 'function' ? standing(last.node) : standing,
      };
    } catch (thrown) {
      return { state: 'unreadable', path: at(), links, error: asImageError(thrown) };
    }
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
    if (found?.fileSystem.stat(found.node).type !== 'symlink') return undefined;
    return found.fileSystem.readLink(found.node);
  }

  /** Entries sorted by the bytes of their names, mount points included; undefined if `path` is not a directory. */
  list(path: string): readonly DirectoryEntry[] | undefined {
    const found = this.find(path);
    if (found?.fileSystem.stat(found.node).type !== 'directory') return undefined;
    const cached = this.#lists.get(found.path);
    if (cached) return cached.entries;
    const entries = this.#sorted(found);
    this.#lists.set(found.path, { entries });
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

  /** Where `path` really lies: the file system that holds it and the path inside that one, links followed. */
  locate(path: string, line?: number, column?: number): Location {
    const resolution = this.resolve(path);
    const place =
      resolution.state === 'found'
        ? { source: resolution.fileSystem.label, path: resolution.innerPath }
        : { source: this.#rootMount().fileSystem.label, path: resolution.path };
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

  #rootMount(): Mount {
    return this.#byPath.get('/') as Mount;
  }

  #rootPlace(): Place {
    const mount = this.#rootMount();
    return { mount, node: mount.node ?? mount.fileSystem.root, inner: [] };
  }

  #step(here: Place, names: readonly string[], name: string): Place | undefined {
    const mount = this.#byPath.size > 1 ? this.#byPath.get(`/${[...names, name].join('/')}`) : undefined;
    if (mount) return { mount, node: mount.node ?? mount.fileSystem.root, inner: [] };
    const node = here.mount.fileSystem.lookup(here.node, name);
    return node === undefined ? undefined : { mount: here.mount, node, inner: [...here.inner, name] };
  }

  #sorted(directory: Found): readonly DirectoryEntry[] {
    const entries = new Map<string, DirectoryEntry>();
    for (const entry of directory.fileSystem.list(directory.node)) entries.set(entry.name, entry);
    const prefix = directory.path === '/' ? '/' : `${directory.path}/`;
    for (const mount of this.#byPath.values()) {
      if (mount.path === '/' || !mount.path.startsWith(prefix)) continue;
      const name = mount.path.slice(prefix.length);
      if (name.includes('/')) continue;
      entries.set(name, { name, node: mount.node ?? mount.fileSystem.root, type: 'directory' });
    }
    return [...entries.values()].sort((a, b) => compareNames(a.name, b.name));
  }
}
