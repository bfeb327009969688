/** What two nodes of one path say differently, content apart: type, mode, owner, target, device, extended attributes. */
import { decodeBytes } from '../../bytes/names.ts';
import type { Stat } from '../../filesystems/file-system.ts';
import { formatCapabilities, parseCapabilities } from '../files/capabilities.ts';
import { formatMode } from '../systemd/values/integer.ts';
import type { TreeNode } from './pair-walk.ts';
import type { TreeField } from './tree-difference.ts';

/** Characters of an attribute that are shown. */
const MAX_SHOWN = 80;

/** Throws ImageError if a side cannot be read. */
export function compareNodes(a: TreeNode, b: TreeNode, ours: Stat, theirs: Stat): readonly TreeField[] {
  if (ours.type !== theirs.type) return [{ name: 'type', a: formatType(a, ours), b: formatType(b, theirs) }];
  return [
    // The mode of a link means nothing.
    ...(ours.type === 'symlink' ? [] : field('mode', formatMode(ours.mode), formatMode(theirs.mode))),
    ...field('owner', String(ours.uid), String(theirs.uid)),
    ...field('group', String(ours.gid), String(theirs.gid)),
    ...(ours.type === 'symlink' ? field('target', a.fileSystem.readLink(a.node), b.fileSystem.readLink(b.node)) : []),
    ...field('device', ours.device && formatDevice(ours.device), theirs.device && formatDevice(theirs.device)),
    ...compareAttributes(a, b),
  ];
}

/** What is worth telling of a node that only one side has; of an owner, that it is not root. */
export function describeNode(node: TreeNode, { type, mode, uid, gid, device }: Stat): ReadonlyMap<string, string> {
  const said: readonly (readonly [string, string | undefined])[] = [
    ['target', type === 'symlink' ? node.fileSystem.readLink(node.node) : undefined],
    ['device', device && formatDevice(device)],
    ['mode', type === 'symlink' ? undefined : formatMode(mode)],
    ['owner', uid === 0 ? undefined : String(uid)],
    ['group', gid === 0 ? undefined : String(gid)],
    ...describeAttributes(node),
  ];
  return new Map(said.filter((one): one is readonly [string, string] => one[1] !== undefined));
}

function describeAttributes({ fileSystem, node }: TreeNode): readonly (readonly [string, string])[] {
  if (fileSystem.format === 'host') return [];
  return [...fileSystem.xattrs(node)].map(([name, value]) => [`xattr ${name}`, formatAttribute(name, value)]);
}

function formatType({ fileSystem, node }: TreeNode, { type }: Stat): string {
  return type === 'symlink' ? `symlink to ${fileSystem.readLink(node)}` : type;
}

function field(name: string, a: string | undefined, b: string | undefined): readonly TreeField[] {
  if (a === b) return [];
  return [{ name, ...(a === undefined ? {} : { a }), ...(b === undefined ? {} : { b }) }];
}

function formatDevice({ major, minor }: NonNullable<Stat['device']>): string {
  return `${major}:${minor}`;
}

/** A folder of the host keeps its attributes to itself: there is nothing to compare. */
function compareAttributes(a: TreeNode, b: TreeNode): readonly TreeField[] {
  if (a.fileSystem.format === 'host' || b.fileSystem.format === 'host') return [];
  const [ours, theirs] = [a.fileSystem.xattrs(a.node), b.fileSystem.xattrs(b.node)];
  if (ours.size === 0 && theirs.size === 0) return [];
  const names = [...new Set([...ours.keys(), ...theirs.keys()])].sort();
  return names.flatMap((name) => {
    const [x, y] = [ours.get(name), theirs.get(name)];
    if (x && y && Buffer.compare(x, y) === 0) return [];
    return field(`xattr ${name}`, x && formatAttribute(name, x), y && formatAttribute(name, y));
  });
}

function formatAttribute(name: string, value: Uint8Array): string {
  if (name === 'security.capability') return formatCapabilities(parseCapabilities(value));
  const text = decodeBytes(value);
  const shown = /^[\x20-\x7e]*\0?$/.test(text) ? text.replace('\0', '') : Buffer.from(value).toString('hex');
  return shown.length > MAX_SHOWN ? `${shown.slice(0, MAX_SHOWN)}...` : shown;
}
