/** An unclean journal is replayed in memory: what is then there is what `e2fsck -fy` left on a copy. */
import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../../src/bytes/memory-source.ts';
import { patchField, u8 } from '../../../src/bytes/struct.ts';
import { readJournal } from '../../../src/filesystems/ext/journal.ts';
import {
  JOURNAL_COMMIT,
  JOURNAL_HEADER,
  JOURNAL_MAGIC,
  JOURNAL_SUPERBLOCK,
} from '../../../src/filesystems/ext/journal-records.ts';
import { SUPERBLOCK } from '../../../src/filesystems/ext/superblock.ts';
import { describeConformance, failureKind, walk } from '../conformance.ts';
import { nodeAt, openBytes, readImage, readTree } from './images.ts';

const BLOCK = 1024;
const images = ['journal-v3-64bit', 'journal-v3-32bit', 'journal-v2', 'journal-plain', 'journal-kernel'];

/** Byte offset of the journal: the only block that begins with its magic and is a superblock. */
function journalOffset(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at < bytes.length; at += BLOCK) {
    if (view.getUint32(at) === JOURNAL_MAGIC && view.getUint32(at + JOURNAL_HEADER.h_blocktype.offset) === 4) return at;
  }
  throw new Error('there is no journal');
}

/** Byte offset of the record of a type (1 descriptor, 2 commit) of a transaction. */
function recordOffset(bytes: Uint8Array, type: number, sequence: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = journalOffset(bytes); at < bytes.length; at += BLOCK) {
    if (
      view.getUint32(at) === JOURNAL_MAGIC &&
      view.getUint32(at + 4) === type &&
      view.getUint32(at + 8) === sequence
    ) {
      return at;
    }
  }
  throw new Error(`transaction ${sequence} has no record of type ${type}`);
}

const codes = (bytes: Uint8Array): string[] =>
  openBytes(bytes).diagnostics.map(({ level, code }) => `${level} ${code}`);

for (const name of images) {
  describeConformance(name, () => openBytes(readImage(name)), readTree(name), {
    diagnostics: ['ext4/journal-replayed'],
  });
}

describe('a journal', () => {
  it('is left alone when the file system was unmounted', () => {
    const bytes = readImage('journal-plain');
    patchField(bytes, 1024, SUPERBLOCK.s_feature_incompat, 0x2);
    expect(openBytes(bytes).diagnostics).toEqual([]);
    expect([...walk(openBytes(bytes)).keys()]).toContain('/removed');
  });

  it('is replayed up to a commit with a wrong checksum, and that is damage', () => {
    const bytes = readImage('journal-v3-64bit');
    patchField(bytes, recordOffset(bytes, 2, 3), JOURNAL_COMMIT.h_chksum, 1);
    expect(codes(bytes)).toEqual(['damage ext4/journal-not-replayed', 'note ext4/journal-replayed']);
    const paths = [...walk(openBytes(bytes)).keys()];
    expect(paths).toContain('/added');
    expect(paths).not.toContain('/made');
  });

  it('whose copy of a block is damaged spoils only what lies in that block', () => {
    const bytes = readImage('journal-v3-64bit');
    const intact = openBytes(bytes);
    const data = Buffer.from(bytes.buffer).indexOf('\0\0\0\0 new\n');
    expect(Buffer.from(intact.open(nodeAt(intact, '/changed')).read(0, 9)).toString('latin1')).toBe(
      '\xc0;9\x98 new\n'.padEnd(9),
    );
    patchField(bytes, data + 4, u8(0), 0x21);
    const damaged = openBytes(bytes);
    expect(failureKind(() => damaged.open(nodeAt(damaged, '/changed')).read(0, 9))).toBe('corrupt');
    expect(Buffer.from(damaged.open(nodeAt(damaged, '/kept')).read(0, 4)).toString()).toBe('kept');
  });

  it('that cannot be read is damage, and what is on the disk is shown', () => {
    const bytes = readImage('journal-v3-64bit');
    patchField(bytes, journalOffset(bytes), JOURNAL_SUPERBLOCK.s_maxlen, 1e9);
    expect(codes(bytes)).toEqual(['damage ext4/journal-not-replayed']);
    expect([...walk(openBytes(bytes)).keys()]).toContain('/removed');
  });

  it('on another device is damage', () => {
    const bytes = readImage('journal-plain');
    patchField(bytes, 1024, SUPERBLOCK.s_journal_inum, 0);
    expect(codes(bytes)).toEqual(['damage ext4/journal-not-replayed']);
  });

  it('with fast commits is replayed up to them, and that is damage', () => {
    const bytes = readImage('journal-fast-commit');
    expect(codes(bytes)).toEqual(['damage ext4/journal-not-replayed', 'note ext4/journal-replayed']);
    const paths = [...walk(openBytes(bytes)).keys()];
    const repaired = Object.keys(readTree('journal-fast-commit'));
    expect(repaired.filter((path) => !paths.includes(path))).toEqual(['/later']);
  });

  it('with nothing in it is a note', () => {
    const bytes = readImage('journal-plain');
    patchField(bytes, journalOffset(bytes), JOURNAL_SUPERBLOCK.s_start, 0);
    expect(codes(bytes)).toEqual(['note ext4/unclean']);
  });

  it('that goes round in a ring without a commit is walked once', () => {
    const blocks = 16;
    const bytes = new Uint8Array(blocks * BLOCK);
    for (let at = 0; at < bytes.length; at += BLOCK) {
      patchField(bytes, at, JOURNAL_HEADER.h_magic, JOURNAL_MAGIC);
      patchField(bytes, at, JOURNAL_HEADER.h_blocktype, at === 0 ? 4 : 5);
      patchField(bytes, at, JOURNAL_HEADER.h_sequence, 7);
    }
    patchField(bytes, 0, JOURNAL_SUPERBLOCK.s_blocksize, BLOCK);
    patchField(bytes, 0, JOURNAL_SUPERBLOCK.s_maxlen, blocks);
    patchField(bytes, 0, JOURNAL_SUPERBLOCK.s_first, 1);
    patchField(bytes, 0, JOURNAL_SUPERBLOCK.s_start, 9);
    patchField(bytes, 0, JOURNAL_SUPERBLOCK.s_sequence, 7);
    expect(readJournal(new MemorySource(bytes, 'journal'), BLOCK)).toMatchObject({ transactions: 0, problems: [] });
  });
});
