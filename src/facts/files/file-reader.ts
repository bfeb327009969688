/** The fact `file`: what lstat(2), stat(2), readlink(2) and getcap(8) would say about a path. */
import { type Diagnostic, damageFrom } from '../../diagnostic.ts';
import { asImageError, type ImageError } from '../../errors.ts';
import type { FileSystem, NodeId, Stat } from '../../filesystems/file-system.ts';
import type { Found, Resolution, RootView } from '../../root/root-view.ts';
import type { FactContext, FactReader, FactResult } from '../fact.ts';
import { formatCapabilities, parseCapabilities } from './capabilities.ts';
import type { FileFact, FileStat } from './file-fact.ts';

export const fileReader: FactReader<'file'> = {
  id: 'file',
  title: 'What is at a path: type, mode, owner, size, links, capabilities',
  reads: ['any path asked for'],
  needs: [],
  read: readFile,
};

/** Formats that keep extended attributes where check-image cannot read them. */
const withHiddenAttributes = new Set(['host']);

function readFile(view: RootView, _context: FactContext, path: string): FactResult<FileFact> {
  const problems: ImageError[] = [];
  const end = view.resolve(path);
  const base = { path, resolved: end.path, links: end.links, location: view.locate(path) };
  try {
    const value = { ...base, ...answer(end, readLink(view, path, problems), problems) };
    return result(value, problems);
  } catch (thrown) {
    const error = asImageError(thrown);
    return result({ ...base, state: 'unreadable', reason: error.message }, [error, ...problems]);
  }
}

type Answer = Pick<FileFact, 'state' | 'reason' | 'link' | 'stat' | 'identity' | 'standing'>;

function answer(end: Resolution, link: FileFact['link'], problems: ImageError[]): Answer {
  const withLink = link ? { link } : {};
  switch (end.state) {
    case 'unreadable':
      problems.push(end.error);
      return { state: 'unreadable', reason: end.error.message, ...withLink };
    case 'missing':
      return { state: 'missing', reason: end.reason, ...withLink };
    case 'found':
      return {
        state: 'present',
        ...withLink,
        stat: describeNode(end, problems),
        identity: `${end.fileSystem.label}#${end.node}`,
        standing: end.standing,
      };
  }
}

/** The symlink at `path` itself, if there is one. */
function readLink(view: RootView, path: string, problems: ImageError[]): FileFact['link'] {
  const found = view.resolve(path, 'parents');
  if (found.state !== 'found' || found.fileSystem.stat(found.node).type !== 'symlink') return undefined;
  return { ...describeNode(found, problems), target: found.fileSystem.readLink(found.node) };
}

function describeNode({ fileSystem, node, innerPath }: Found, problems: ImageError[]): FileStat {
  const stat = fileSystem.stat(node);
  const { type, mode, uid, gid, size, links } = stat;
  return {
    type,
    mode,
    uid,
    gid,
    size,
    links,
    ...readCapabilities(fileSystem, node, stat, problems),
    location: { source: fileSystem.label, path: innerPath },
  };
}

function readCapabilities(
  fileSystem: FileSystem,
  node: NodeId,
  { type }: Stat,
  problems: ImageError[],
): Pick<FileStat, 'capabilities' | 'capabilitiesUnknown'> {
  if (type !== 'file') return {};
  if (withHiddenAttributes.has(fileSystem.format)) return { capabilitiesUnknown: true };
  try {
    const bytes = fileSystem.xattrs(node).get('security.capability');
    return bytes ? { capabilities: formatCapabilities(parseCapabilities(bytes)) } : {};
  } catch (thrown) {
    problems.push(asImageError(thrown));
    return { capabilitiesUnknown: true };
  }
}

function result(value: FileFact, problems: readonly ImageError[]): FactResult<FileFact> {
  const causes = problems.map((error): Diagnostic => ({ location: value.location, ...damageFrom(error) }));
  return { value, diagnostics: causes, gaps: causes.map((cause) => ({ cause, keys: [value.path] })) };
}
