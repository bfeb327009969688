/**
 * The root of a NixOS image as it will run: the system is found, chosen, and what its activation makes is laid over the
 * image's own files. A volume whose root is the content of a store is mounted at /nix/store of an otherwise empty root.
 */
import type { Diagnostic } from '../../diagnostic.ts';
import { ImageError } from '../../errors.ts';
import type { FileSystem } from '../../filesystems/file-system.ts';
import { MemoryFileSystem } from '../../filesystems/memory.ts';
import type { Limits } from '../../limits.ts';
import type { BootMenu } from '../boot-entries/boot-entry.ts';
import { type Mount, RootView } from '../root-view.ts';
import { ActivatedFileSystem, type Addition, type Fill } from './activated-file-system.ts';
import { readActivatedLinks } from './activation.ts';
import { findGenerations, findSystemCandidates } from './candidates.ts';
import { chooseSystem, type SystemChoice } from './choose-system.ts';
import { type EtcOverlay, fillEtcOverlay, findEtcOverlay } from './etc-overlay.ts';
import { type EtcTree, fillEtc, NOBODY } from './etc-tree.ts';
import { mergeStores } from './merge-store.ts';
import { isStoreName, storeDirectory } from './store-path.ts';
import type { Generation, SystemCandidate, SystemRequest } from './system-candidate.ts';
import { type DeclaredAccounts, readDeclaredAccounts } from './users-groups.ts';
import { readDeclaredWrappers, wrappersDirectory } from './wrappers.ts';

/** What was found out about the system, plain data for the fact readers. */
export interface NixosSystem extends SystemChoice {
  readonly candidates: readonly SystemCandidate[];
  readonly generations: readonly Generation[];
  /** Set if /etc is an overlay instead of what activation fills. */
  readonly etcOverlay?: EtcOverlay;
}

/** The EROFS image of /etc, where the system has one: opening it takes a reader that few images need. */
export type EtcMetadata = FileSystem | ImageError;

export interface RunningSystem {
  readonly system: NixosSystem;
  /** The root, and the store where that is a volume of its own. */
  readonly mounts: readonly Mount[];
  readonly diagnostics: readonly Diagnostic[];
}

/** A volume that is part of a store: where it is mounted. */
export type StorePlace = '/nix/store' | '/nix';

/** Directories every running system has. */
const emptyRoot = Object.fromEntries(
  ['dev', 'etc', 'nix/store', 'proc', 'root', 'run', 'sys', 'tmp', 'var'].map((name) => [name, { directory: true }]),
);
/** Another distribution that happens to have Nix on it. */
const otherSystem = '/var/lib/dpkg/status';

/** Where a file system belongs that holds store paths at its root, or in `/store`; undefined for any other. */
export function findStorePlace(view: RootView): StorePlace | undefined {
  if (holdsStorePaths(view, '/')) return '/nix/store';
  return holdsStorePaths(view, '/store') ? '/nix' : undefined;
}

/**
 * The running system on a root file system, or on a volume of the store without one; undefined if it is none of NixOS.
 * `store` is a volume of the store beside the root. An /etc overlay shows as activation would fill /etc until its image is given
 * (`system.etcOverlay` tells which): both are made of the same entries. ImageError `input` if there are several systems and nothing to choose by.
 */
export function openRunningSystem(
  root: Mount,
  store: Mount | undefined,
  menus: readonly BootMenu[],
  request: SystemRequest,
  limits: Limits,
  etcMetadata?: EtcMetadata,
): RunningSystem | undefined {
  const placed = placeStore(root, store, limits);
  if (!placed) return undefined;
  const { base, volumes } = placed;
  const view = new RootView([{ path: '/', fileSystem: base }, ...volumes], limits);
  if (view.find(otherSystem) !== undefined && request.system === undefined) return undefined;
  const candidates = findSystemCandidates(view, menus);
  const generations = findGenerations(view, menus);
  const choice = chooseSystem(view, candidates, generations, request);
  const etcOverlay = findEtcOverlay(view, choice.toplevel);
  const fileSystem = activate(base, view, choice.toplevel, etcOverlay && etcMetadata && { etcOverlay, etcMetadata });
  const standing = (node: number) => fileSystem.standingOf(node);
  const origin = (node: number) => fileSystem.originOf(node);
  const activated: Mount = { path: '/', fileSystem, standing, origin, because: root.because ?? 'the root' };
  return {
    system: { ...choice, candidates, generations, ...(etcOverlay ? { etcOverlay } : {}) },
    mounts: [activated, ...volumes],
    diagnostics: choice.diagnostics,
  };
}

/** The root's own files and the volumes of the store on it; undefined if there is no store. */
function placeStore(
  root: Mount,
  store: Mount | undefined,
  limits: Limits,
): { readonly base: FileSystem; readonly volumes: readonly Mount[] } | undefined {
  const alone = new RootView([root], limits);
  if (holdsStorePaths(alone, storeDirectory))
    return { base: root.fileSystem, volumes: store ? mergeStores(root, store, limits) : [] };
  const place = findStorePlace(alone);
  if (place !== undefined) {
    const empty = new MemoryFileSystem(emptyRoot, root.fileSystem.label);
    const base = new ActivatedFileSystem(empty, new Map(), 'tmpfs');
    return { base, volumes: [{ ...root, path: place, because: 'it holds store paths' }] };
  }
  if (!store) return alone.find(storeDirectory) ? { base: root.fileSystem, volumes: [] } : undefined;
  const base = new ActivatedFileSystem(root.fileSystem, new Map([[store.path, { type: 'directory' }]]));
  return { base, volumes: [store] };
}

function holdsStorePaths(view: RootView, directory: string): boolean {
  return (view.list(directory) ?? []).some(({ name }) => isStoreName(name));
}

interface OpenedOverlay {
  readonly etcOverlay: EtcOverlay;
  readonly etcMetadata: EtcMetadata;
}

/** The image's own root with what activation of `toplevel` makes, and stage 1 where /etc is an overlay. */
function activate(
  base: FileSystem,
  view: RootView,
  toplevel: string,
  overlay: OpenedOverlay | undefined,
): ActivatedFileSystem {
  const additions = new Map<string, Addition>();
  for (const name of ['current-system', 'booted-system'])
    additions.set(`/run/${name}`, { type: 'symlink', target: toplevel, origin: view.find(toplevel) });
  for (const { path, target } of readActivatedLinks(view, toplevel))
    if (view.find(path, 'parents') === undefined)
      additions.set(path, { type: 'symlink', target, origin: view.find(`${toplevel}/activate`) });
  const idOf = createIds(view, toplevel);
  additions.set(wrappersDirectory, {
    type: 'directory',
    standing: 'declared',
    fill: fillWrappers(view, toplevel, idOf),
  });
  additions.set(...(overlay ? mountEtc(view, overlay) : activateEtc(view, toplevel, idOf)));
  return new ActivatedFileSystem(base, additions);
}

function mountEtc(view: RootView, { etcOverlay, etcMetadata }: OpenedOverlay): [path: string, addition: Addition] {
  const fill = (): ReadonlyMap<string, Addition> => {
    if (etcMetadata instanceof ImageError) throw etcMetadata;
    return fillEtcOverlay(view, etcOverlay, etcMetadata)(undefined);
  };
  return ['/etc', { type: 'directory', isMount: true, fill }];
}

function activateEtc(view: RootView, toplevel: string, idOf: EtcTree['idOf']): [path: string, addition: Addition] {
  const etc = view.find(`${toplevel}/etc`);
  if (!etc) return ['/etc/static', { type: 'symlink', target: `${toplevel}/etc` }];
  return ['/etc', { type: 'directory', fill: fillEtc({ view, path: etc.path, idOf }) }];
}

/** Numbers of declared accounts, read when the first is asked for; most systems only name root. */
function createIds(view: RootView, toplevel: string): EtcTree['idOf'] {
  let accounts: DeclaredAccounts | undefined;
  return (kind, name) => {
    if (name === 'root') return 0;
    accounts ??= readDeclaredAccounts(view, toplevel);
    const found =
      kind === 'user'
        ? accounts?.users.find((user) => user.name === name)?.uid
        : accounts?.groups.find((group) => group.name === name)?.gid;
    return found ?? undefined;
  };
}

/** Setuid programs, worked out when somebody looks for one. */
function fillWrappers(view: RootView, toplevel: string, idOf: EtcTree['idOf']): Fill {
  return () => {
    const additions = new Map<string, Addition>();
    for (const { name, source, mode, user, group, capabilities } of readDeclaredWrappers(view, toplevel)) {
      const from = view.find(source);
      if (from?.fileSystem.stat(from.node).type !== 'file') continue;
      const { fileSystem, node, innerPath } = from;
      const [uid, gid] = [idOf('user', user) ?? NOBODY, idOf('group', group) ?? NOBODY];
      additions.set(name, {
        type: 'file',
        from: { fileSystem, node, innerPath },
        owned: { mode, uid, gid },
        capabilities,
        standing: 'declared',
      });
    }
    return additions;
  };
}
