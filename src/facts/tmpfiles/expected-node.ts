/**
 * What will be at a path once systemd-tmpfiles ran at boot: removals (`r R D`) first, then creations in order, then patterns
 * (`z Z m e w`). Attributes, ACLs, copies (`C`) of file contents and ages are not worked out, nor systemd's refusal to work
 * below a directory that an unprivileged user owns.
 */
import type { NodeType, Stat } from '../../filesystems/file-system.ts';
import type { Location } from '../../location.ts';
import type { RootView, Standing } from '../../root/root-view.ts';
import { matchesGlob } from '../conf-files/glob.ts';
import type { TmpfilesFact, TmpfilesLine } from './tmpfiles-fact.ts';

export interface ExpectedNode {
  readonly type: NodeType;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Of a symlink. */
  readonly target?: string;
  /** Of a file that a line writes. */
  readonly text?: string;
  /** `declared` if a line makes it, `present` if the image has it (a line may still adjust it). */
  readonly standing: Standing;
  /** The lines that decide, in the order of application. */
  readonly because: readonly Location[];
}

/** What creating lines make. */
const created: Readonly<Record<string, NodeType>> = {
  d: 'directory',
  D: 'directory',
  v: 'directory',
  q: 'directory',
  Q: 'directory',
  f: 'file',
  F: 'file',
  L: 'symlink',
  p: 'fifo',
  c: 'character',
  b: 'block',
};

/** The node at `path`, undefined if nothing will be there. Throws where the image cannot be read. */
export function expectedNode(view: RootView, fact: TmpfilesFact, path: string): ExpectedNode | undefined {
  let node = readPresent(view, path);
  for (const line of fact.lines) {
    const removed =
      (line.type === 'r' && matches(line, path) && !isFullDirectory(view, path)) ||
      (line.type === 'R' && matchesBelow(line, path));
    if (removed || (line.type === 'D' && path.startsWith(`${line.path}/`))) node = undefined;
  }
  for (const line of fact.lines) {
    if (!created[line.type]) continue;
    if (line.path === path) node = create(node, line);
    else if (!node && line.path.startsWith(`${path}/`)) node = parentOf(line);
    else if (node && path.startsWith(`${line.path}/`) && replacesDirectory(view, line)) node = undefined;
  }
  for (const line of fact.lines) {
    if (!node) break;
    if (line.type === 'w' && node.type === 'file' && matches(line, path))
      node = { ...node, text: line.argument ?? '', because: [...node.because, line.location] };
    const adjusts = 'zme'.includes(line.type) ? matches(line, path) : line.type === 'Z' && matchesBelow(line, path);
    if (adjusts && (line.type !== 'e' || node.type === 'directory')) node = adjust(node, line);
  }
  return node;
}

/** `r` takes empty directories only. */
function isFullDirectory(view: RootView, path: string): boolean {
  return view.lstat(path)?.type === 'directory' && (view.list(path)?.length ?? 0) > 0;
}

/** Whether a line puts something else in the place of a directory, which takes all below it away. */
function replacesDirectory(view: RootView, line: TmpfilesLine): boolean {
  const forced = line.modifiers.includes('+') && 'Lpcb'.includes(line.type);
  return forced && view.lstat(line.path)?.type === 'directory';
}

function readPresent(view: RootView, path: string): ExpectedNode | undefined {
  const found = view.find(path, 'parents');
  if (!found) return undefined;
  const { type, mode, uid, gid }: Stat = found.fileSystem.stat(found.node);
  const node = { type, mode, uid, gid, standing: found.standing, because: [] };
  return type === 'symlink' ? { ...node, target: found.fileSystem.readLink(found.node) } : node;
}

function create(before: ExpectedNode | undefined, line: TmpfilesLine): ExpectedNode | undefined {
  const type = created[line.type] as NodeType;
  const forced = line.modifiers.includes('+') || line.type === 'F';
  const replaces = line.modifiers.includes('=') || (forced && type !== 'directory' && type !== 'file');
  if (before && before.type !== type && !replaces) return before;
  const keeps = before && before.type === type;
  if (keeps && type === 'symlink' && before.target !== line.argument && !forced) return before;
  if (keeps && type === 'file') {
    const written = forced ? { ...before, text: line.argument ?? '' } : before;
    return adjust(written, line);
  }
  if (keeps && type !== 'symlink') return adjust(before, line);
  const node: ExpectedNode = {
    type,
    mode: type === 'symlink' ? 0o777 : (line.mode ?? (type === 'directory' ? 0o755 : 0o644)),
    uid: line.uid ?? 0,
    gid: line.gid ?? 0,
    standing: 'declared',
    because: [line.location],
  };
  if (type === 'symlink') return { ...node, target: line.argument ?? '' };
  return type === 'file' ? { ...node, text: line.argument ?? '' } : node;
}

function adjust(node: ExpectedNode, line: TmpfilesLine): ExpectedNode {
  if (line.onlyCreate) return node;
  const mode = line.mode === undefined || node.type === 'symlink' ? node.mode : maskMode(node, line.mode, line.masked);
  const uid = line.uid ?? node.uid;
  const gid = line.gid ?? node.gid;
  return { ...node, mode, uid, gid, because: [...node.because, line.location] };
}

/** `~`: no read, write or execute for anyone where nobody has it, and no special bits on files that lack them. */
function maskMode(node: ExpectedNode, mode: number, masked: boolean | undefined): number {
  if (!masked) return mode;
  let kept = mode;
  if ((node.mode & 0o444) === 0) kept &= ~0o444;
  if ((node.mode & 0o222) === 0) kept &= ~0o222;
  if ((node.mode & 0o111) === 0) kept &= ~0o111;
  if (node.type !== 'directory') kept &= ~0o7000;
  return kept;
}

/** Missing parents are made as they come. */
function parentOf(line: TmpfilesLine): ExpectedNode {
  return { type: 'directory', mode: 0o755, uid: 0, gid: 0, standing: 'declared', because: [line.location] };
}

function matches(line: TmpfilesLine, path: string): boolean {
  return matchesGlob(line.path, path, { path: true });
}

/** The path itself or anything below it. */
function matchesBelow(line: TmpfilesLine, path: string): boolean {
  const depth = line.path.split('/').length;
  return matches(line, path.split('/').slice(0, depth).join('/'));
}
