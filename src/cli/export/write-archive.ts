/**
 * Writes a tree of an image as a tar archive: parents before children, names in the order of their bytes, paths below `./`.
 * The second and later names of a file are hard links to the first. Sparse files are written in full; sockets have no place
 * in tar. Nothing in the archive depends on the host or on when it is written.
 */
import { type ByteSource, peekAt } from '../../bytes/byte-source.ts';
import { asImageError, type ImageError } from '../../errors.ts';
import type { NodeType } from '../../filesystems/file-system.ts';
import { endOfArchive, formatMember, type MemberStatus, paddingOf } from '../../filesystems/tar/format-member.ts';
import type { RootView } from '../../root/root-view.ts';
import { CopiedFiles, type WalkedNode, walkNodes } from '../../root/walk-nodes.ts';
import type { WalkOptions } from '../../root/walk-tree.ts';
import { baseName } from '../host-files.ts';
import type { TerminalBuffer } from './terminal-buffer.ts';

interface Member {
  readonly status: MemberStatus;
  readonly content?: ByteSource;
}

interface ArchiveOptions extends WalkOptions {
  /** Called for what cannot be read and is left out. */
  readonly onProblem: (path: string, error: ImageError) => void;
}

/**
 * Returns how many sockets were left out. Throws ImageError if a content turns out unreadable when its header is written
 * already: the archive has no end then, so that nobody takes it for whole.
 */
export async function writeArchive(
  view: RootView,
  start: string,
  options: ArchiveOptions,
  output: TerminalBuffer,
): Promise<number> {
  const ownName = baseName(start);
  const copied = new CopiedFiles();
  let sockets = 0;
  for (const { path, found, error } of walkNodes(view, start, options)) {
    if (error) options.onProblem(`/${path}`, error);
    if (!found) continue;
    const { type } = found.stat;
    if (type === 'socket') {
      sockets++;
      continue;
    }
    const member = openMember(path === '' && type !== 'directory' ? ownName : path, type, found, copied, options);
    if (!member) continue;
    await output.add(formatMember(member.status));
    if (member.content) {
      await output.addSource(member.content);
      await output.add(new Uint8Array(paddingOf(member.content.size)));
    }
  }
  await output.add(endOfArchive);
  await output.flush();
  return sockets;
}

/** Undefined if the node cannot be read. */
function openMember(
  name: string,
  type: Exclude<NodeType, 'socket'>,
  found: NonNullable<WalkedNode['found']>,
  copied: CopiedFiles,
  { onProblem }: ArchiveOptions,
): Member | undefined {
  const { fileSystem, node, stat } = found;
  const { mode, uid, gid, size, mtime, device } = stat;
  const path = `./${name}`;
  try {
    const first = copied.find(found);
    if (first !== undefined)
      return { status: { path, type: 'hard-link', linkPath: first, mode, uid, gid, size: 0, mtime } };
    const xattrs = fileSystem.xattrs(node);
    const content = type === 'file' ? fileSystem.open(node) : undefined;
    const linkPath = type === 'symlink' ? fileSystem.readLink(node) : '';
    // The first byte tells most damage before the header is out.
    if (content && size > 0) peekAt(content, 0, 1);
    copied.add(found, path);
    const stored = type !== 'directory' ? path : name === '' ? './' : `${path}/`;
    const status = { path: stored, type, linkPath, mode, uid, gid, size: content?.size ?? 0, mtime, xattrs };
    return { status: device ? { ...status, device } : status, ...(content && { content }) };
  } catch (thrown) {
    onProblem(`/${name}`, asImageError(thrown));
    return undefined;
  }
}
