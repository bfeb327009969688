/**
 * The fact `tree`: one walk over everything, each inode read once, shared by whatever judges many files. A directory or inode
 * that cannot be read is a gap with its path as key. Needed by lint only: reading it takes time proportional to the image.
 */
import { damageFrom } from '../../diagnostic.ts';
import { asImageError, type ImageError } from '../../errors.ts';
import type { FileSystem, NodeId } from '../../filesystems/file-system.ts';
import { limitExceeded } from '../../limits.ts';
import type { Found, RootView } from '../../root/root-view.ts';
import { walkTree } from '../../root/walk-tree.ts';
import type { FactReader, FactResult, Gap } from '../fact.ts';
import { formatCapabilities, parseCapabilities } from '../files/capabilities.ts';
import type { TreeEntry, TreeFact, TreeLink } from './tree-fact.ts';

export const treeReader: FactReader<'tree'> = {
  id: 'tree',
  title: 'every file, directory and link: type, mode, owner, size, capabilities, where links lead',
  reads: ['/**'],
  needs: [],
  read: readTree,
};

const readOnlyFormats = ['squashfs', 'erofs', 'iso9660'];

function readTree(view: RootView): FactResult<TreeFact> {
  const gaps: Gap[] = [];
  const entries: TreeEntry[] = [];
  const damage = (error: ImageError, path: string): void => {
    gaps.push({ cause: { location: view.locate(path), ...damageFrom(error) }, keys: [path] });
  };
  for (const { path, type, error } of walkTree(view, '/')) {
    if (error) damage(error, path);
    if (error && type !== 'directory') continue;
    if (entries.length >= view.limits.fileSystemEntries) {
      damage(limitExceeded('fileSystemEntries', view.limits, 'the whole tree', view.locate('/')), '/');
      break;
    }
    try {
      const found = view.find(path, 'parents');
      if (found) entries.push(readEntry(view, path, found, damage));
    } catch (thrown) {
      damage(asImageError(thrown), path);
    }
  }
  const systems = [...new Set(view.mounts.map(({ fileSystem }) => fileSystem))];
  const labelsOf = (formats: readonly string[]): readonly string[] =>
    systems.filter(({ format }) => formats.includes(format)).map(({ label }) => label);
  const value = { entries, readOnly: labelsOf(readOnlyFormats), withoutAttributes: labelsOf(['host']) };
  return { value, diagnostics: gaps.map(({ cause }) => cause), gaps };
}

type ReportDamage = (error: ImageError, path: string) => void;

function readEntry(view: RootView, path: string, found: Found, damage: ReportDamage): TreeEntry {
  const { fileSystem, node, standing, innerPath } = found;
  const { type, mode, uid, gid, size, links } = fileSystem.stat(node);
  const isProgram = type === 'file' && (mode & 0o111) !== 0;
  const capabilities = isProgram ? readCapabilities(fileSystem, node, path, damage) : undefined;
  return {
    path,
    type,
    mode,
    uid,
    gid,
    size,
    ...(type === 'file' && links > 1 ? { identity: `${fileSystem.label}#${node}` } : {}),
    ...(capabilities === undefined ? {} : { capabilities }),
    ...(type === 'symlink' ? { link: readLink(view, path, fileSystem.readLink(node)) } : {}),
    standing,
    location: { source: fileSystem.label, path: innerPath },
  };
}

function readCapabilities(
  fileSystem: FileSystem,
  node: NodeId,
  path: string,
  damage: ReportDamage,
): string | undefined {
  try {
    const bytes = fileSystem.xattrs(node).get('security.capability');
    return bytes && formatCapabilities(parseCapabilities(bytes));
  } catch (thrown) {
    damage(asImageError(thrown), path);
    return undefined;
  }
}

function readLink(view: RootView, path: string, target: string): TreeLink {
  const end = view.resolve(path);
  const state = end.state === 'found' ? 'present' : end.state === 'missing' ? end.reason : 'unreadable';
  return { target, end: state, resolved: end.path };
}
