/** The work of `find`. */
import { encodeBytes } from '../../bytes/names.ts';
import type { ExitCode } from '../../checks/result.ts';
import type { NodeType } from '../../filesystems/file-system.ts';
import { escapeText } from '../../report/escape.ts';
import { matchesGlob } from '../../root/match-glob.ts';
import { type WalkEntry, walkTree } from '../../root/walk-tree.ts';
import { type Target, withTargets } from '../open-target.ts';
import { Outcome } from '../outcome.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import type { FindOptions } from './find.ts';
import { readTargetOptions } from './image-options.ts';

const types: Readonly<Record<string, NodeType>> = {
  f: 'file',
  d: 'directory',
  l: 'symlink',
  c: 'character',
  b: 'block',
  p: 'fifo',
  s: 'socket',
};
/** Paths written at once. */
const BATCH = 4096;

export async function findFiles(
  targets: readonly string[],
  options: FindOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  if (Number.isNaN(options.maxDepth)) throw new UsageError('--max-depth takes a number');
  const outcome = new Outcome(terminal);
  const damage = await withTargets(targets, readTargetOptions(options, true), async (target) => {
    try {
      if (target.view.find(target.path)) await printTree(target, options, terminal, outcome);
      else outcome.absent(`there is no ${target.argument}`);
    } catch (thrown) {
      outcome.unreadable(target.argument, thrown);
    }
  });
  outcome.incomplete(damage);
  return outcome.exitCode;
}

async function printTree(
  { view, path }: Target,
  options: FindOptions,
  terminal: Terminal,
  outcome: Outcome,
): Promise<void> {
  const { maxDepth, oneFileSystem } = options;
  const end = options.null ? '\0' : '\n';
  let batch: string[] = [];
  const flush = async (): Promise<void> => {
    const text = batch.join('');
    await terminal.write(options.null ? encodeBytes(text) : Buffer.from(text));
    batch = [];
  };
  for (const entry of walkTree(view, path, { oneFileSystem, ...(maxDepth === undefined ? {} : { maxDepth }) })) {
    if (entry.error) outcome.unreadable(entry.path, entry.error);
    if (!isWanted(entry, options)) continue;
    batch.push(options.null ? entry.path : escapeText(entry.path), end);
    if (batch.length >= BATCH) await flush();
  }
  await flush();
}

function isWanted({ path, type }: WalkEntry, options: FindOptions): boolean {
  if (options.type !== undefined && types[options.type] !== type) return false;
  return options.name === undefined || matchesGlob(options.name, path.slice(path.lastIndexOf('/') + 1));
}
