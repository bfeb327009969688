/**
 * The walk along a path, component by component as path_resolution(7) has it: `..` never leaves the root, absolute links
 * restart at it, at most `limits.symlinks` links. The way to every directory walked through is remembered, within a
 * bound, so that paths with a common beginning walk it once.
 */
import { asImageError } from '../errors.ts';
import { type NodeId, type NodeType, nodeTypeOf } from '../filesystems/file-system.ts';
import type { Limits } from '../limits.ts';
import {
  type Found,
  type LinkStep,
  leastSure,
  type Missing,
  type Mount,
  type Resolution,
  type Standing,
} from './resolution.ts';

/** A node on the walk, with the way back up. */
interface Place {
  readonly mount: Mount;
  readonly node: NodeId;
  /** Canonical view path. */
  readonly path: string;
  readonly up: Place | undefined;
  /** Known once asked for. */
  type: NodeType | undefined;
}

/** Where a walk has come to, and the links it followed. */
interface Way {
  readonly place: Place;
  readonly links: readonly LinkStep[];
  /** The least sure of those links. */
  readonly standing: Standing;
}

/** Ways remembered. When full, all are forgotten: refilling costs one walk each. */
const MAX_WAYS = 16_384;

export class PathWalk {
  readonly #mounts: ReadonlyMap<string, Mount>;
  /** Directories that hold a mount point. */
  readonly #mountParents = new Set<string>();
  readonly #limits: Limits;
  readonly #start: Way;
  /** Directories, by the path they were asked for. */
  readonly #ways = new Map<string, Way>();

  /** `mounts` by canonical path; `root` is the one at `/`. */
  constructor(mounts: ReadonlyMap<string, Mount>, root: Mount, limits: Limits) {
    this.#mounts = mounts;
    this.#limits = limits;
    for (const path of mounts.keys())
      if (path !== '/') this.#mountParents.add(path.slice(0, path.lastIndexOf('/')) || '/');
    this.#start = { place: mountedPlace(root, '/', undefined), links: [], standing: 'present' };
  }

  /**
   * Follows `path` to its end. With `follow: 'parents'` a symlink in the last place is the answer, as lstat does; a slash
   * at the end makes it follow that too and ask for a directory.
   */
  resolve(path: string, follow: 'all' | 'parents'): Resolution {
    let way = this.#start;
    let at = 0;
    for (let cut = path.lastIndexOf('/'); cut > 0; cut = path.lastIndexOf('/', cut - 1)) {
      const known = this.#ways.get(path.slice(0, cut));
      if (!known) continue;
      way = known;
      at = cut;
      break;
    }
    try {
      while (at < path.length) {
        const start = skipSlashes(path, at);
        const slash = path.indexOf('/', start);
        const end = slash < 0 ? path.length : slash;
        const next = this.#enter(way, path.slice(start, end), end < path.length || follow === 'all');
        if ('reason' in next) {
          const goesOn = next.reason === 'missing' || next.reason === 'dangling';
          return goesOn ? { ...next, path: joinPath(next.path, path.slice(end)) } : next;
        }
        way = next;
        at = end;
        if (end < path.length && this.#typeOf(way.place) === 'directory') this.#remember(path.slice(0, end), way);
      }
      return foundAt(way);
    } catch (thrown) {
      const unread = joinPath(way.place.path, path.slice(at));
      return { state: 'unreadable', path: unread, links: way.links, error: asImageError(thrown) };
    }
  }

  /** One component of the caller's path, with every link it leads to unless `follow` is false. */
  #enter(from: Way, name: string, follow: boolean): Way | Missing {
    let { place, links, standing } = from;
    const todo = [name];
    for (let fromLink = false; ; fromLink = true) {
      const part = todo.pop();
      if (part === undefined) return { place, links, standing };
      const mounted = this.#mountedIn(place, part);
      if (!mounted && this.#typeOf(place) !== 'directory')
        return { state: 'missing', path: place.path, links, reason: 'not-a-directory' };
      if (part === '' || part === '.') continue;
      if (part === '..') {
        place = place.up ?? place;
        continue;
      }
      const next = mounted ?? this.#lookup(place, part);
      if (!next) {
        const path = joinPath(place.path, [part, ...todo.reverse()].join('/'));
        return { state: 'missing', path, links, reason: fromLink ? 'dangling' : 'missing' };
      }
      if (!follow || this.#typeOf(next) !== 'symlink') {
        place = next;
        continue;
      }
      if (links.length >= this.#limits.symlinks) return { state: 'missing', path: next.path, links, reason: 'loop' };
      const target = next.mount.fileSystem.readLink(next.node);
      links = [...links, { path: next.path, target }];
      standing = leastSure(standing, standingOf(next));
      if (target === '') return { state: 'missing', path: next.path, links, reason: 'dangling' };
      if (target.startsWith('/')) place = this.#start.place;
      for (const component of target.split('/').reverse()) todo.push(component);
    }
  }

  /** What is mounted at `name`, be the directory below readable or not. */
  #mountedIn(here: Place, name: string): Place | undefined {
    if (!this.#mountParents.has(here.path)) return undefined;
    const mount = this.#mounts.get(childPath(here.path, name));
    return mount && mountedPlace(mount, mount.path, here);
  }

  #lookup(here: Place, name: string): Place | undefined {
    const node = here.mount.fileSystem.lookup(here.node, name);
    if (node === undefined) return undefined;
    return { mount: here.mount, node, path: childPath(here.path, name), up: here, type: undefined };
  }

  #typeOf(place: Place): NodeType {
    place.type ??= nodeTypeOf(place.mount.fileSystem, place.node);
    return place.type;
  }

  #remember(path: string, way: Way): void {
    if (this.#ways.size >= MAX_WAYS) this.#ways.clear();
    this.#ways.set(path, way);
  }
}

function mountedPlace(mount: Mount, path: string, up: Place | undefined): Place {
  const { fileSystem, node } = mount;
  // The root of a file system is a directory, even where nothing of it can be read.
  return { mount, node: node ?? fileSystem.root, path, up, type: node === undefined ? 'directory' : undefined };
}

function foundAt({ place, links, standing }: Way): Found {
  const { fileSystem } = place.mount;
  return {
    state: 'found',
    path: place.path,
    links,
    fileSystem,
    node: place.node,
    innerPath: place.mount.origin?.(place.node) ?? innerPath(place.mount, place.path),
    standing: leastSure(standing, standingOf(place)),
  };
}

function standingOf({ mount: { standing = 'present' }, node }: Place): Standing {
  return typeof standing === 'function' ? standing(node) : standing;
}

/** The path inside the mount's file system of what appears at the canonical view path `path` below it. */
export function innerPath(mount: Mount, path: string): string {
  const below = mount.path === '/' ? path : path.slice(mount.path.length);
  const start = mount.innerPath === undefined || mount.innerPath === '/' ? '' : mount.innerPath;
  return start + below || '/';
}

function childPath(path: string, name: string): string {
  return path === '/' ? `/${name}` : `${path}/${name}`;
}

function skipSlashes(path: string, from: number): number {
  let at = from;
  while (path.charCodeAt(at) === 0x2f) at++;
  return at;
}

/** `rest` below `path`, without empty and `.` components. For naming what is not there: `..` stays as written. */
function joinPath(path: string, rest: string): string {
  const names = rest.split('/').filter((name) => name !== '' && name !== '.');
  if (names.length === 0) return path;
  return `${path === '/' ? '' : path}/${names.join('/')}`;
}
