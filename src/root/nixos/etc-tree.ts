/**
 * /etc as activation leaves it (nixpkgs: nixos/modules/system/etc/setup-etc.pl): entries of the toplevel's `etc` over the
 * image's own files. What activation already made stays the image's; links to entries that no longer exist go away.
 */
import { asImageError } from '../../errors.ts';
import type { FileSystem, NodeId } from '../../filesystems/file-system.ts';
import type { RootView } from '../root-view.ts';
import type { Addition, Fill, Origin, OwnDirectory } from './activated-file-system.ts';
import { type EtcPlan, readEtcEntries } from './etc-entry.ts';

export interface EtcTree {
  /** Resolves links of the store: no activation in it. */
  readonly view: RootView;
  /** Canonical path of the toplevel's `etc`. */
  readonly path: string;
  /** Numeric id of a user or group that the system names, undefined if it is allotted later. */
  readonly idOf: (kind: 'user' | 'group', name: string) => number | undefined;
}

/** Owner of what belongs to an account without a fixed number: nobody, never root. */
export const NOBODY = 65534;
const staticLink = '/etc/static';

/** What activation adds to /etc. Throws if the tree cannot be read. */
export function fillEtc(tree: EtcTree): Fill {
  const found = tree.view.find(tree.path);
  return (own) => {
    if (found?.fileSystem.stat(found.node).type !== 'directory') return new Map();
    const additions = new Map(fillDirectory(tree, found, found.node, '')(own));
    if (readOwnLink(own, 'static') !== tree.path)
      additions.set('static', { type: 'symlink', target: tree.path, origin: found });
    return additions;
  };
}

/** `top`: the tree itself; `below`: path from /etc on, empty or with a slash in front. */
function fillDirectory(tree: EtcTree, top: Origin, node: NodeId, below: string): Fill {
  return (own) => {
    const plans = readEtcEntries(top.fileSystem, node);
    const additions = new Map<string, Addition>();
    for (const [name, plan] of plans) {
      const addition = additionOf(tree, top, plan, `${below}/${name}`, own, name);
      if (addition) additions.set(name, addition);
    }
    for (const name of staleLinks(own, below, plans)) additions.set(name, { type: 'hidden' });
    return additions;
  };
}

/** What has to be made; undefined if the image has it, or keeps what it has. */
function additionOf(
  tree: EtcTree,
  top: Origin,
  plan: EtcPlan,
  below: string,
  own: OwnDirectory | undefined,
  name: string,
): Addition | undefined {
  if (plan.kind === 'directory') return { type: 'directory', fill: fillDirectory(tree, top, plan.node, below) };
  if (plan.kind === 'copy') return copyOf(tree, plan, below, own, name);
  const target = plan.kind === 'direct-link' ? plan.target : `${staticLink}${below}`;
  if (readOwnLink(own, name) === target || holdsUserFiles(own, name)) return undefined;
  return { type: 'symlink', target, origin: { ...top, innerPath: top.innerPath + below } };
}

function copyOf(
  { view, path, idOf }: EtcTree,
  plan: Extract<EtcPlan, { kind: 'copy' }>,
  below: string,
  own: OwnDirectory | undefined,
  name: string,
): Addition | undefined {
  const from = view.find(path + below);
  if (from?.fileSystem.stat(from.node).type !== 'file') return { type: 'symlink', target: `${staticLink}${below}` };
  const id = (kind: 'user' | 'group', text: string): number =>
    /^\+\d{1,9}$/.test(text) ? Number(text) : (idOf(kind, text) ?? NOBODY);
  const { mode } = plan;
  const [uid, gid] = [id('user', plan.user), id('group', plan.group)];
  const node = own?.fileSystem.lookup(own.node, name);
  if (own && node !== undefined) {
    const stat = own.fileSystem.stat(node);
    const same = stat.type === 'file' && stat.mode === mode && stat.uid === uid && stat.gid === gid;
    if (same && hasSameBytes(own.fileSystem, node, from.fileSystem, from.node, view.limits.textBytes)) return undefined;
  }
  const { fileSystem, node: source, innerPath } = from;
  return { type: 'file', from: { fileSystem, node: source, innerPath }, owned: { mode, uid, gid } };
}

function hasSameBytes(a: FileSystem, nodeA: NodeId, b: FileSystem, nodeB: NodeId, most: number): boolean {
  const [left, right] = [a.open(nodeA), b.open(nodeB)];
  if (left.size !== right.size || left.size > most) return false;
  return Buffer.compare(left.read(0, left.size), right.read(0, right.size)) === 0;
}

/** A link in a directory of the image; undefined if there is none, or if it cannot be read: then activation makes a new one. */
function readOwnLink(own: OwnDirectory | undefined, name: string): string | undefined {
  try {
    const node = own?.fileSystem.lookup(own.node, name);
    if (!own || node === undefined || own.fileSystem.stat(node).type !== 'symlink') return undefined;
    return own.fileSystem.readLink(node);
  } catch (thrown) {
    asImageError(thrown);
    return undefined;
  }
}

/** A directory with files of the user: activation leaves it alone. */
function holdsUserFiles(own: OwnDirectory | undefined, name: string): boolean {
  const node = own?.fileSystem.lookup(own.node, name);
  if (!own || node === undefined || own.fileSystem.stat(node).type !== 'directory') return false;
  const inside = { fileSystem: own.fileSystem, node };
  return own.fileSystem.list(node).some((entry) => !readOwnLink(inside, entry.name)?.startsWith(`${staticLink}/`));
}

/** Links into /etc/static whose entry is gone. */
function staleLinks(
  own: OwnDirectory | undefined,
  below: string,
  plans: ReadonlyMap<string, EtcPlan>,
): readonly string[] {
  if (!own) return [];
  return own.fileSystem
    .list(own.node)
    .filter(
      ({ name, type }) =>
        type === 'symlink' && !plans.has(name) && readOwnLink(own, name) === `${staticLink}${below}/${name}`,
    )
    .map(({ name }) => name);
}
