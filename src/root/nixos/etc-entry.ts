/**
 * One directory of the tree that activation turns into /etc (nixpkgs: nixos/modules/system/etc): real directories, symlinks
 * into the store, and beside an entry with a mode of its own the side files NAME.mode, NAME.uid and NAME.gid.
 */
import { decodeBytes } from '../../bytes/names.ts';
import type { FileSystem, NodeId, NodeType } from '../../filesystems/file-system.ts';

/** What activation does with the entry. */
export type EtcPlan =
  | { readonly kind: 'directory'; readonly node: NodeId }
  /** /etc/NAME becomes a link to /etc/static/NAME. */
  | { readonly kind: 'link' }
  | { readonly kind: 'direct-link'; readonly target: string }
  /** The content is copied. */
  | { readonly kind: 'copy'; readonly mode: number; readonly user: string; readonly group: string };

const sideFile = /^(.+)\.(?:mode|uid|gid)$/s;
/** Bytes of a side file. */
const MAX_SIDE = 256;

/** The entries of one directory by name, side files taken in. */
export function readEtcEntries(fileSystem: FileSystem, directory: NodeId): ReadonlyMap<string, EtcPlan> {
  const entries = fileSystem.list(directory);
  const nodes = new Map(entries.map(({ name, node, type }) => [name, { node, type }]));
  const plans = new Map<string, EtcPlan>();
  for (const [name, { node, type }] of nodes) {
    if (nodes.has(sideFile.exec(name)?.[1] ?? '')) continue;
    plans.set(
      name,
      planOf(fileSystem, name, node, type, (side) => readSide(fileSystem, nodes.get(side)?.node)),
    );
  }
  return plans;
}

function planOf(
  fileSystem: FileSystem,
  name: string,
  node: NodeId,
  type: NodeType,
  side: (name: string) => string | undefined,
): EtcPlan {
  if (type === 'directory') return { kind: 'directory', node };
  const mode = side(`${name}.mode`);
  if (mode === 'direct-symlink' && type === 'symlink')
    return { kind: 'direct-link', target: fileSystem.readLink(node) };
  if (mode === undefined || !/^[0-7]{3,5}$/.test(mode)) return { kind: 'link' };
  const bits = Number.parseInt(mode, 8) & 0o7777;
  return { kind: 'copy', mode: bits, user: side(`${name}.uid`) ?? '+0', group: side(`${name}.gid`) ?? '+0' };
}

function readSide(fileSystem: FileSystem, node: NodeId | undefined): string | undefined {
  if (node === undefined || fileSystem.stat(node).type !== 'file') return undefined;
  const source = fileSystem.open(node);
  return decodeBytes(source.read(0, Math.min(source.size, MAX_SIDE))).trim();
}
