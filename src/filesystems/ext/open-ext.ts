/** Opens an ext file system: superblock, journal, then the nodes; what was noticed on the way becomes diagnostics. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import { asImageError } from '../../errors.ts';
import type { OpenOptions } from '../file-system.ts';
import { BlockReader } from './block-reader.ts';
import { openContent } from './content.ts';
import { ExtFileSystem } from './ext-file-system.ts';
import { type FoundSuperblock, findSuperblock } from './find-superblock.ts';
import { InodeTable } from './inode-table.ts';
import { readJournal } from './journal.ts';
import { ReplayedSource } from './replayed-source.ts';
import { hasCompat, hasIncompat, parseSuperblock, type Superblock } from './superblock.ts';
import { SUPERBLOCK_SIZE } from './superblock-places.ts';

/** Opens what `extFormat.detect` recognised. ImageError `corrupt`, `truncated` or `unsupported`. */
export function openExt(source: ByteSource, { limits }: OpenOptions): ExtFileSystem {
  const found = findSuperblock(source);
  const diagnostics: Diagnostic[] = [];
  const blocks = new BlockReader(source, found.superblock, limits, diagnostics);
  if (found.damage) {
    blocks.note(
      'backup-superblock',
      `${found.damage.message}; its backup in block group ${found.superblock.group} was used`,
    );
  } else {
    reportState(blocks);
  }
  if (hasIncompat(found.superblock, 'casefold')) {
    blocks.note('casefold', 'directories may ignore case (casefold): names are compared byte for byte here');
  }
  return new ExtFileSystem(replayJournal(blocks, found));
}

/** What the primary superblock says of the last use; backups are never told. */
function reportState(blocks: BlockReader): void {
  const { superblock } = blocks;
  if (superblock.hasErrors) {
    blocks.note('errors-recorded', 'the kernel recorded errors in this file system: run e2fsck on it');
  }
  if (!superblock.isClean && !hasIncompat(superblock, 'needs_recovery')) {
    blocks.note('not-unmounted', 'the file system was not cleanly unmounted and has no journal to recover from');
  }
}

/** The blocks as the kernel would see them after mounting. What could not be replayed is damage. */
function replayJournal(blocks: BlockReader, found: FoundSuperblock): BlockReader {
  const { superblock } = blocks;
  // A backup superblock does not know whether the journal was in use: the journal itself does.
  const isNeeded = hasIncompat(superblock, 'needs_recovery') || (found.damage && hasCompat(superblock, 'has_journal'));
  if (!isNeeded) return blocks;
  try {
    return readReplayed(blocks, superblock, found.offset);
  } catch (error) {
    damaged(
      blocks,
      `the journal, which has changes not yet in place, cannot be replayed: ${asImageError(error).message}`,
    );
    return blocks;
  }
}

function readReplayed(blocks: BlockReader, superblock: Superblock, offset: number): BlockReader {
  if (superblock.journalInode === 0) {
    damaged(blocks, 'changes not yet in place are in a journal on another device');
    return blocks;
  }
  const inode = new InodeTable(blocks).getReserved(superblock.journalInode);
  const journal = openContent(blocks, inode, `${blocks.source.label}!journal`);
  const replay = readJournal(journal, blocks.blockSize);
  if (typeof replay === 'string') {
    damaged(blocks, `the journal, which has changes not yet in place, cannot be read: ${replay}`);
    return blocks;
  }
  for (const problem of replay.problems) damaged(blocks, `the journal is not replayed as a whole: ${problem}`);
  if (replay.copies.size === 0) {
    if (hasIncompat(superblock, 'needs_recovery'))
      blocks.note('unclean', 'the file system was not cleanly unmounted; its journal holds nothing to replay');
    return blocks;
  }
  const source = new ReplayedSource(blocks.source, journal, replay, blocks.blockSize);
  const location = { source: source.label, offset };
  const replayed = parseSuperblock(source.read(offset, SUPERBLOCK_SIZE), location);
  const { limits, diagnostics } = blocks;
  blocks.note(
    'journal-replayed',
    `the file system was not cleanly unmounted; ${replay.transactions} transactions of its journal (${replay.copies.size} blocks) were replayed in memory`,
  );
  return new BlockReader(source, replayed, limits, diagnostics);
}

function damaged(blocks: BlockReader, message: string): void {
  blocks.diagnostics.push({
    level: 'damage',
    code: 'ext4/journal-not-replayed',
    message,
    location: { source: blocks.source.label },
  });
}
