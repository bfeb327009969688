/** Seeded damage: whatever the bytes say, the reader answers or throws an ImageError, and it comes to an end. */
import { describe, expect, it } from 'vitest';
import { updateCrc32c } from '../../../src/bytes/checksums/crc32c.ts';
import { patchField } from '../../../src/bytes/struct.ts';
import { asImageError } from '../../../src/errors.ts';
import type { ExtFileSystem } from '../../../src/filesystems/ext/ext-file-system.ts';
import { SUPERBLOCK } from '../../../src/filesystems/ext/superblock.ts';
import { openBytes, readImage } from './images.ts';

/** xorshift32: the same numbers on every run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

function attempt<T>(action: () => T, fallback: T): T {
  try {
    return action();
  } catch (error) {
    asImageError(error);
    return fallback;
  }
}

/** Asks everything of everything; returns how many answers there were. */
function askAll(fileSystem: ExtFileSystem): number {
  let answers = 0;
  const seen = new Set([fileSystem.root]);
  const stack = [fileSystem.root];
  for (let node = stack.pop(); node !== undefined && seen.size < 500; node = stack.pop()) {
    const current = node;
    const type = attempt(() => fileSystem.stat(current).type, undefined);
    if (type) answers++;
    answers += attempt(() => fileSystem.xattrs(current).size, 0);
    if (type === 'symlink') answers += attempt(() => fileSystem.readLink(current).length, 0);
    if (type === 'file') {
      const source = attempt(() => fileSystem.open(current), undefined);
      if (source) answers += attempt(() => source.read(0, Math.min(source.size, 300_000)).length, 0);
    }
    for (const entry of attempt(() => fileSystem.list(current), [])) {
      attempt(() => fileSystem.lookup(current, entry.name), undefined);
      if (!seen.has(entry.node)) stack.push(entry.node);
      seen.add(entry.node);
    }
  }
  return answers;
}

/** Where the structures are: most of an image is content, in which damage says nothing. */
function structureBlocks(bytes: Uint8Array): number[] {
  const used: number[] = [];
  for (let at = 0; at < bytes.length; at += 512) {
    const part = bytes.subarray(at, at + 512);
    if (part.some((byte) => byte !== 0) && part.some((byte, i) => i > 0 && byte !== part[0])) used.push(at);
  }
  return used;
}

const images = [
  'ext2-1k',
  'ext4-32bit-crc16',
  'ext4-inline',
  'journal-plain',
  'many-legacy',
  'ext4-ea-inode',
  'ext4-4k',
];

describe('damaged images', () => {
  it.each(images)('%s end in answers or ImageErrors', (name) => {
    const random = numbers(0x5eed + name.length);
    const pristine = readImage(name);
    const targets = structureBlocks(pristine);
    let answers = 0;
    for (let round = 0; round < 60; round++) {
      const bytes = Uint8Array.from(pristine);
      for (let change = 0; change < 1 + (random() % 12); change++) {
        const at = (targets[random() % targets.length] as number) + (random() % 512);
        bytes[at] = random() % 4 === 0 ? ([0, 0xff, 0x7f, 0x80][random() % 4] as number) : random() & 0xff;
      }
      answers += attempt(() => askAll(openBytes(bytes)), 0);
    }
    expect(answers).toBeGreaterThan(100);
  });

  it('with a superblock that is wrong but rightly summed', () => {
    const random = numbers(77);
    const pristine = readImage('ext4-ea-inode');
    let answers = 0;
    for (let round = 0; round < 300; round++) {
      const bytes = Uint8Array.from(pristine);
      const fields = Object.values(SUPERBLOCK).filter((field) => 'type' in field);
      const field = fields[random() % fields.length];
      if (field && 'type' in field) patchField(bytes, 1024, field, random() % 3 === 0 ? random() : random() % 70);
      patchField(bytes, 1024, SUPERBLOCK.s_checksum, updateCrc32c(0xffff_ffff, bytes.subarray(1024, 2044)));
      answers += attempt(() => askAll(openBytes(bytes)), 0);
    }
    expect(answers).toBeGreaterThan(100);
  });

  it('that end at any point', () => {
    const pristine = readImage('ext4-ea-inode');
    for (let size = 0; size < pristine.length; size += 4093) {
      expect(attempt(() => askAll(openBytes(pristine.subarray(0, size))), -1)).toBe(-1);
    }
  });
});
