/**
 * Replay of an unclean journal, in memory: which blocks of the file system have a newer copy in the journal. Committed
 * transactions are taken in their order; a revoked block keeps what is on the disk. Fast commits are not replayed, but noticed.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { Struct, u16le, u32le } from '../../bytes/struct.ts';
import {
  isSoundCommit,
  isSoundRecord,
  JOURNAL_HEADER,
  JOURNAL_MAGIC,
  type JournalSuperblock,
  type JournalTag,
  parseJournalSuperblock,
  parseRevocations,
  parseTags,
  RECORD,
} from './journal-records.ts';

export interface JournalCopy extends JournalTag {
  /** Block of the journal that holds the copy. */
  readonly at: number;
  readonly sequence: number;
}

export interface JournalReplay {
  readonly superblock: JournalSuperblock;
  /** By block of the file system: its newest copy. */
  readonly copies: ReadonlyMap<number, JournalCopy>;
  readonly transactions: number;
  /** What keeps the replay from being whole, for a diagnostic. */
  readonly problems: readonly string[];
}

interface Transaction {
  readonly copies: JournalCopy[];
  readonly revoked: number[];
}

/** Reads the journal; a text says why it cannot be read at all. */
export function readJournal(journal: ByteSource, blockSize: number): JournalReplay | string {
  const blockCount = Math.floor(journal.size / blockSize);
  if (blockCount < 2) return 'it is empty';
  const superblock = parseJournalSuperblock(journal.read(0, blockSize), blockSize, blockCount);
  if (typeof superblock === 'string') return superblock;
  const problems: string[] = [];
  const committed = superblock.start === 0 ? [] : scan(journal, blockSize, superblock, problems);
  if (
    superblock.start !== 0 &&
    hasFastCommits(journal, blockSize, superblock, superblock.sequence + committed.length)
  ) {
    problems.push('its fast commits are not replayed');
  }
  return { superblock, copies: newestCopies(committed, superblock.sequence), transactions: committed.length, problems };
}

/** Transactions with a commit block, oldest first. The ring is walked once around at most. */
function scan(
  journal: ByteSource,
  blockSize: number,
  superblock: JournalSuperblock,
  problems: string[],
): Transaction[] {
  const { first, end } = superblock;
  const ringSize = end - first;
  const wrap = (block: number): number => (block >= end ? block - ringSize : block);
  const committed: Transaction[] = [];
  let open: Transaction = { copies: [], revoked: [] };
  let sequence = superblock.sequence;
  let at = superblock.start;
  for (let walked = 0; walked < ringSize; ) {
    const block = journal.read(at * blockSize, blockSize);
    const header = new Struct(block);
    if (header.get(JOURNAL_HEADER.h_magic) !== JOURNAL_MAGIC) break;
    if (header.get(JOURNAL_HEADER.h_sequence) !== sequence) break;
    const type = header.get(JOURNAL_HEADER.h_blocktype);
    const isSound = type === RECORD.commit ? isSoundCommit(block, superblock) : isSoundRecord(block, superblock);
    if (!isSound) {
      problems.push(`transaction ${sequence} has a wrong checksum, it and later ones are not replayed`);
      break;
    }
    let length = 1;
    if (type === RECORD.descriptor) {
      for (const tag of parseTags(block, superblock)) {
        open.copies.push({ ...tag, at: wrap(at + length), sequence });
        length++;
      }
    } else if (type === RECORD.revoke) {
      open.revoked.push(...parseRevocations(block, superblock));
    } else if (type === RECORD.commit) {
      committed.push(open);
      open = { copies: [], revoked: [] };
      sequence = (sequence + 1) >>> 0;
    } else {
      break;
    }
    walked += length;
    at = wrap(at + length);
  }
  return committed;
}

function newestCopies(committed: readonly Transaction[], firstSequence: number): Map<number, JournalCopy> {
  /** By block: index of the last transaction that revokes it. */
  const revoked = new Map<number, number>();
  committed.forEach((transaction, index) => {
    for (const block of transaction.revoked) revoked.set(block, index);
  });
  const copies = new Map<number, JournalCopy>();
  for (const { copies: logged } of committed) {
    for (const copy of logged) {
      const age = (copy.sequence - firstSequence) >>> 0;
      if (age > (revoked.get(copy.block) ?? -1)) copies.set(copy.block, copy);
    }
  }
  return copies;
}

const FAST_COMMIT_HEAD = { fc_tag: u16le(0), fc_features: u32le(4), fc_tid: u32le(8) } as const;
const HEAD_TAG = 9;

/** Whether changes after the last full commit were logged as fast commits. */
function hasFastCommits(
  journal: ByteSource,
  blockSize: number,
  { fastCommits }: JournalSuperblock,
  sequence: number,
): boolean {
  if (fastCommits === undefined) return false;
  const head = new Struct(journal.read(fastCommits * blockSize, blockSize));
  return head.get(FAST_COMMIT_HEAD.fc_tag) === HEAD_TAG && head.get(FAST_COMMIT_HEAD.fc_tid) === sequence >>> 0;
}
