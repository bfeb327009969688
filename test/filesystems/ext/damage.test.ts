/** Damage stays where it is: one named field is patched, and only what depends on it fails, as corrupt. */
import { describe, expect, it } from 'vitest';
import { updateCrc32c } from '../../../src/bytes/checksums/crc32c.ts';
import { type NumberField, patchField, u8, u16le, u32le } from '../../../src/bytes/struct.ts';
import { ImageError } from '../../../src/errors.ts';
import { DIRECTORY_ENTRY } from '../../../src/filesystems/ext/directory-entries.ts';
import type { ExtFileSystem } from '../../../src/filesystems/ext/ext-file-system.ts';
import { EXTENT, EXTENT_HEADER } from '../../../src/filesystems/ext/extents.ts';
import { GROUP_DESCRIPTOR } from '../../../src/filesystems/ext/group-descriptors.ts';
import { INODE } from '../../../src/filesystems/ext/inode.ts';
import { SUPERBLOCK } from '../../../src/filesystems/ext/superblock.ts';
import { failureKind, hashRange, walk } from '../conformance.ts';
import { nodeAt, openBytes, readImage } from './images.ts';

const PRIMARY = 1024;

function failure(action: () => unknown): string {
  try {
    action();
    return 'none';
  } catch (error) {
    if (error instanceof ImageError) return `${error.kind} ${error.code}`;
    throw error;
  }
}

const inodeOffset = (fileSystem: ExtFileSystem, path: string): number =>
  fileSystem.stat(nodeAt(fileSystem, path)).offset as number;

/** Patches a field of the inode at `path` in an image without checksums. */
function withInodeField(name: string, path: string, field: NumberField, value: number): ExtFileSystem {
  const bytes = readImage(name);
  patchField(bytes, inodeOffset(openBytes(bytes), path), field, value);
  return openBytes(bytes);
}

describe('the superblock', () => {
  // Without its bit for checksums a superblock has none that could be wrong.
  const fields = Object.entries(SUPERBLOCK).flatMap(([name, field]) =>
    'type' in field && name !== 's_feature_ro_compat' ? [{ name, field }] : [],
  );

  it.each(fields)('with another $name is noticed by its checksum, and a backup serves', ({ field }) => {
    const bytes = readImage('ext4-backup');
    patchField(bytes, PRIMARY, field, 0x33);
    const fileSystem = openBytes(bytes);
    expect(fileSystem.diagnostics.map(({ code }) => code)).toEqual(['ext4/backup-superblock']);
    expect([...walk(fileSystem).keys()]).toContain('/folder');
  });

  it('finds backups at the size of group that the damaged primary gives', () => {
    const bytes = readImage('ext4-sparse2-seed');
    patchField(bytes, PRIMARY, SUPERBLOCK.s_inodes_count, 1);
    const fileSystem = openBytes(bytes);
    expect(fileSystem.diagnostics.map(({ code }) => code)).toEqual(['ext4/backup-superblock']);
    expect([...walk(fileSystem).keys()]).toContain('/deep/a/b/c');
  });

  it.each([
    { name: 's_log_block_size', field: SUPERBLOCK.s_log_block_size, value: 7 },
    { name: 's_log_block_size', field: SUPERBLOCK.s_log_block_size, value: 0xffff_ffff },
    { name: 's_first_data_block', field: SUPERBLOCK.s_first_data_block, value: 9 },
    { name: 's_blocks_per_group', field: SUPERBLOCK.s_blocks_per_group, value: 0 },
    { name: 's_blocks_per_group', field: SUPERBLOCK.s_blocks_per_group, value: 0xffff_ffff },
    { name: 's_inodes_per_group', field: SUPERBLOCK.s_inodes_per_group, value: 0 },
    { name: 's_inodes_count', field: SUPERBLOCK.s_inodes_count, value: 0 },
    { name: 's_inode_size', field: SUPERBLOCK.s_inode_size, value: 0 },
    { name: 's_inode_size', field: SUPERBLOCK.s_inode_size, value: 192 },
    { name: 's_inode_size', field: SUPERBLOCK.s_inode_size, value: 4096 },
    { name: 's_blocks_count_lo', field: SUPERBLOCK.s_blocks_count_lo, value: 0 },
    { name: 's_first_ino', field: SUPERBLOCK.s_first_ino, value: 0 },
  ])('with $name $value is corrupt where there is neither checksum nor backup', ({ field, value }) => {
    const bytes = readImage('ext2-1k');
    patchField(bytes, PRIMARY, field, value);
    expect(failure(() => openBytes(bytes))).toBe('corrupt ext4/bad-superblock');
  });

  it('of more blocks than there are bytes is truncated', () => {
    expect(failure(() => openBytes(readImage('ext2-1k').subarray(0, 500_000)))).toBe('truncated ext4/truncated');
  });

  it('that is gone is replaced by a backup', () => {
    const bytes = readImage('ext4-backup');
    bytes.fill(0, 0, 4096);
    const fileSystem = openBytes(bytes);
    expect(fileSystem.diagnostics.map(({ code }) => code)).toEqual(['ext4/backup-superblock']);
    expect(fileSystem.volumeLabel).toBe('a label');
    expect([...walk(fileSystem).keys()]).toContain('/folder');
  });
});

describe('a group descriptor', () => {
  it.each(['ext4-backup', 'ext4-2k-meta-bg', 'ext4-32bit-crc16'])('of %s is replaced by a backup', (name) => {
    const bytes = readImage(name);
    const before = [...walk(openBytes(bytes)).keys()];
    const blockSize = name === 'ext4-2k-meta-bg' ? 2048 : 1024;
    patchField(bytes, blockSize === 2048 ? blockSize : 2048, GROUP_DESCRIPTOR.bg_inode_table_lo, 3);
    const fileSystem = openBytes(bytes);
    expect([...walk(fileSystem).keys()]).toEqual(before);
    expect(fileSystem.diagnostics.map(({ code }) => code)).toEqual(['ext4/backup-descriptors']);
  });

  it('that is damaged everywhere is corrupt', () => {
    const bytes = readImage('ext4-4k');
    patchField(bytes, 4096, GROUP_DESCRIPTOR.bg_inode_table_lo, 3);
    expect(failure(() => openBytes(bytes).stat(2))).toBe('corrupt ext4/bad-group-descriptor');
  });
});

describe('an inode', () => {
  it('with a wrong checksum is corrupt when it is asked for, and nothing else is', () => {
    const bytes = readImage('ext4-4k');
    const intact = openBytes(bytes);
    const hash = hashRange(intact.open(nodeAt(intact, '/size-4096')));
    patchField(bytes, inodeOffset(intact, '/size-4095'), INODE.i_uid, 7);
    const fileSystem = openBytes(bytes);
    expect([...walk(fileSystem).keys()]).toContain('/size-4095');
    const node = nodeAt(fileSystem, '/size-4095');
    for (const ask of [() => fileSystem.stat(node), () => fileSystem.open(node), () => fileSystem.xattrs(node)]) {
      expect(failure(ask)).toBe('corrupt ext4/bad-inode-checksum');
    }
    expect(hashRange(fileSystem.open(nodeAt(fileSystem, '/size-4096')))).toBe(hash);
    expect(fileSystem.diagnostics).toEqual([]);
  });

  it.each([
    { field: INODE.i_mode, value: 0x3000, wanted: 'corrupt ext4/bad-mode' },
    { field: INODE.i_mode, value: 0, wanted: 'corrupt ext4/bad-mode' },
    { field: INODE.i_links_count, value: 0, wanted: 'corrupt ext4/free-inode' },
    { field: INODE.i_flags, value: 0x20_0000, wanted: 'corrupt ext4/reserved-inode' },
    { field: INODE.i_size_high, value: 0xffff_ffff, wanted: 'corrupt ext4/bad-size' },
  ])('$wanted', ({ field, value, wanted }) => {
    const fileSystem = withInodeField('ext2-1k', '/size-4097', field, value);
    expect(failure(() => fileSystem.stat(nodeAt(fileSystem, '/size-4097')))).toBe(wanted);
  });

  it('of the file system itself is not a file', () => {
    const fileSystem = openBytes(readImage('ext3-1k'));
    for (const reserved of [1, 7, 8]) expect(failure(() => fileSystem.stat(reserved))).toMatch(/^corrupt ext4\//);
  });

  it.each([
    { what: 'a direct pointer beyond the end', field: u32le(0x28), value: 0x7fff_ffff },
    { what: 'a direct pointer to the superblock', field: u32le(0x28), value: 1 },
    { what: 'an indirect pointer beyond the end', field: u32le(0x28 + 48), value: 0x7fff_ffff },
  ])('with $what cannot be read', ({ field, value }) => {
    const fileSystem = withInodeField('ext2-1k', '/size-274433', field, value);
    const source = fileSystem.open(nodeAt(fileSystem, '/size-274433'));
    expect(failure(() => source.read(0, source.size))).toBe('corrupt ext4/bad-block');
  });

  it('with a size no map can hold cannot be opened', () => {
    const fileSystem = withInodeField('ext2-1k', '/size-4097', INODE.i_size_high, 0x1000);
    expect(failure(() => fileSystem.open(nodeAt(fileSystem, '/size-4097')))).toBe('corrupt ext4/bad-size');
  });

  it.each([0, 61, 4000])('of a short link with a size of %d', (size) => {
    const fileSystem = withInodeField('ext2-1k', '/links/target-58', INODE.i_size_lo, size);
    expect(failureKind(() => fileSystem.readLink(nodeAt(fileSystem, '/links/target-58')))).toBe('corrupt');
  });

  it('of a link with a NUL in its target', () => {
    const fileSystem = withInodeField('ext2-1k', '/links/target-58', u8(0x28 + 5), 0);
    expect(failure(() => fileSystem.readLink(nodeAt(fileSystem, '/links/target-58')))).toBe('corrupt ext4/bad-symlink');
  });
});

describe('an extent tree', () => {
  const at = 0x28;
  it.each([
    { what: 'no magic', field: u16le(at + EXTENT_HEADER.eh_magic.offset), value: 0 },
    { what: 'more rows than it has room for', field: u16le(at + EXTENT_HEADER.eh_max.offset), value: 5 },
    { what: 'more rows than it may', field: u16le(at + EXTENT_HEADER.eh_entries.offset), value: 200 },
    { what: 'a depth of 6', field: u16le(at + EXTENT_HEADER.eh_depth.offset), value: 6 },
    { what: 'an extent of no blocks', field: u16le(at + 12 + EXTENT.ee_len.offset), value: 0 },
    { what: 'an extent beyond the end', field: u16le(at + 12 + EXTENT.ee_start_hi.offset), value: 1 },
    { what: 'the superblock as content', field: u32le(at + 12 + EXTENT.ee_start_lo.offset), value: 1 },
  ])('with $what is corrupt', ({ field, value }) => {
    const fileSystem = withInodeField('ext4-32bit-crc16', '/size-4097', field, value);
    expect(failureKind(() => hashRange(fileSystem.open(nodeAt(fileSystem, '/size-4097'))))).toBe('corrupt');
  });

  it('whose inner node has a wrong checksum is corrupt there only', () => {
    const bytes = readImage('ext4-scattered');
    // Nodes in blocks begin with the magic; the first is the one of the first rows.
    const nodes: number[] = [];
    for (let block = 0; block < bytes.length; block += 1024)
      if (bytes[block] === 0x0a && bytes[block + 1] === 0xf3) nodes.push(block);
    expect(nodes.length).toBeGreaterThan(4);
    const leaf = nodes.find(
      (block) => bytes[block + 6] === 0 && new DataView(bytes.buffer).getUint32(block + 12, true) === 0,
    );
    patchField(bytes, leaf as number, u8(1000), 1);
    const fileSystem = openBytes(bytes);
    const source = fileSystem.open(nodeAt(fileSystem, '/scattered'));
    expect(failure(() => source.read(0, 1))).toBe('corrupt ext4/bad-extent-tree');
    expect(Buffer.from(source.read(399 * 8192, 8)).toString()).toBe('03990399');
  });
});

describe('a directory', () => {
  /** Byte offset of the first entry's record in the (one block) directory at `path`. */
  function entriesOffset(bytes: Uint8Array, path: string): number {
    const fileSystem = openBytes(bytes);
    const block = new DataView(bytes.buffer).getUint32(inodeOffset(fileSystem, path) + 0x28, true);
    return block * 1024;
  }

  it.each([
    { what: 'an entry of no length', field: DIRECTORY_ENTRY.rec_len, value: 0 },
    { what: 'an odd entry', field: DIRECTORY_ENTRY.rec_len, value: 13 },
    { what: 'an entry longer than the block', field: DIRECTORY_ENTRY.rec_len, value: 2048 },
    { what: 'an inode that does not exist', field: DIRECTORY_ENTRY.inode, value: 0x7fff_ffff },
    { what: 'an empty name', field: DIRECTORY_ENTRY.name_len, value: 0 },
    { what: 'a name longer than its entry', field: DIRECTORY_ENTRY.name_len, value: 255 },
    { what: 'a slash in a name', field: u8(8), value: 0x2f },
    { what: 'a NUL in a name', field: u8(8), value: 0 },
  ])('with $what is corrupt, its siblings are not', ({ field, value }) => {
    const bytes = readImage('ext2-1k');
    // The third entry, behind `.` and `..`.
    patchField(bytes, entriesOffset(bytes, '/modes') + 24, field, value);
    const fileSystem = openBytes(bytes);
    const directory = nodeAt(fileSystem, '/modes');
    expect(failure(() => fileSystem.list(directory))).toBe('corrupt ext4/bad-directory');
    expect(failure(() => fileSystem.lookup(directory, '0600'))).toBe('corrupt ext4/bad-directory');
    expect(fileSystem.list(nodeAt(fileSystem, '/dev')).length).toBeGreaterThan(3);
  });

  it('with a name twice keeps the first and says so', () => {
    const bytes = readImage('ext2-1k');
    const at = entriesOffset(bytes, '/links');
    const text = Buffer.from(bytes.buffer).subarray(at, at + 1024);
    const first = nodeAt(openBytes(bytes), '/links/loop');
    text.set(Buffer.from('loop'), text.indexOf('hard'));
    const fileSystem = openBytes(bytes);
    const names = fileSystem.list(nodeAt(fileSystem, '/links')).map(({ name }) => name);
    expect(names.filter((name) => name === 'loop')).toEqual(['loop']);
    expect(fileSystem.diagnostics.map(({ level, code }) => `${level} ${code}`)).toEqual(['damage ext4/duplicate-name']);
    expect([first, nodeAt(openBytes(bytes), '/size-1024')]).toContain(nodeAt(fileSystem, '/links/loop'));
  });

  it('with a hole is corrupt', () => {
    const bytes = readImage('ext2-1k');
    const offset = inodeOffset(openBytes(bytes), '/modes');
    patchField(bytes, offset, u32le(0x28), 0);
    const fileSystem = openBytes(bytes);
    expect(failure(() => fileSystem.list(nodeAt(fileSystem, '/modes')))).toBe('corrupt ext4/bad-directory');
  });

  it('with a wrong checksum is corrupt', () => {
    const bytes = readImage('ext4-4k');
    const at = Buffer.from(bytes.buffer).indexOf('0000\0\0\0\0');
    const name = Buffer.from(bytes.buffer).indexOf('sticky');
    expect(at).toBeGreaterThan(0);
    bytes.set(Buffer.from('sticks'), name);
    const fileSystem = openBytes(bytes);
    expect(failure(() => fileSystem.list(nodeAt(fileSystem, '/modes')))).toBe('corrupt ext4/bad-directory');
  });

  it('whose tree has a wrong checksum is corrupt, for it may hide names', () => {
    const bytes = readImage('many-half-md4');
    const intact = openBytes(bytes);
    const directory = nodeAt(intact, '/directory-with-many-entries');
    const root = Buffer.from(bytes.buffer).indexOf(Buffer.from([0, 0, 0, 0, 1, 8, 1, 0]));
    patchField(bytes, root, u8(7), 2);
    const fileSystem = openBytes(bytes);
    expect(failure(() => fileSystem.lookup(directory, 'the-first'))).toBe('corrupt ext4/bad-directory');
  });

  it('whose tree cannot be used is read as a whole', () => {
    const bytes = readImage('many-tea');
    const intact = openBytes(bytes);
    const directory = nodeAt(intact, '/directory-with-many-entries');
    const wanted = intact.lookup(directory, 'the-first');
    const root = Buffer.from(bytes.buffer).indexOf(Buffer.from([0, 0, 0, 0, 2, 8, 1, 0]));
    expect(root).toBeGreaterThan(0);
    patchField(bytes, root, u8(4), 9);
    expect(openBytes(bytes).lookup(directory, 'the-first')).toBe(wanted);
  });
});

describe('extended attributes', () => {
  it('in a block with a wrong checksum are corrupt, the file is not', () => {
    const bytes = readImage('ext4-4k');
    const value = Buffer.from(bytes.buffer).indexOf('big big big');
    bytes[value] = 0x42;
    const fileSystem = openBytes(bytes);
    const node = nodeAt(fileSystem, '/xattrs/block');
    expect(failure(() => fileSystem.xattrs(node))).toMatch(/^corrupt ext4\/bad-(attributes|inode-checksum)/);
  });

  it('whose value inode has another content are corrupt', () => {
    const bytes = readImage('ext4-ea-inode');
    const value = Buffer.from(bytes.buffer).indexOf('000000000000800\n');
    expect(value).toBeGreaterThan(0);
    bytes[value] = 0x42;
    const fileSystem = openBytes(bytes);
    const outcomes = ['/file', '/folder'].map((path) => failure(() => fileSystem.xattrs(nodeAt(fileSystem, path))));
    expect(outcomes.sort()).toEqual(['corrupt ext4/bad-attributes', 'none']);
  });
});

describe('the state', () => {
  it.each([
    { state: 0, code: 'ext4/not-unmounted' },
    { state: 3, code: 'ext4/errors-recorded' },
  ])('$state is noted: $code', ({ state, code }) => {
    const bytes = readImage('ext2-1k');
    patchField(bytes, PRIMARY, SUPERBLOCK.s_state, state);
    expect(openBytes(bytes).diagnostics).toMatchObject([{ level: 'note', code }]);
  });
});

/** Sums a changed superblock again, as a tool would. */
function sealed(bytes: Uint8Array): Uint8Array {
  const sum = updateCrc32c(0xffff_ffff, bytes.subarray(PRIMARY, PRIMARY + SUPERBLOCK.s_checksum.offset));
  patchField(bytes, PRIMARY, SUPERBLOCK.s_checksum, sum);
  return bytes;
}

describe('features', () => {
  it.each([
    { bit: 0x1, name: 'compression' },
    { bit: 0x1000, name: 'dirdata' },
    { bit: 0x4_0000, name: 'FEATURE_I18' },
    { bit: 0x8000_0000, name: 'FEATURE_I31' },
  ])('$name is refused by its name', ({ bit, name }) => {
    const bytes = readImage('ext4-4k');
    patchField(bytes, PRIMARY, SUPERBLOCK.s_feature_incompat, 0x2c2 + bit);
    expect(() => openBytes(sealed(bytes))).toThrow(
      expect.objectContaining({
        kind: 'unsupported',
        code: 'ext4/unsupported-feature',
        message: expect.stringContaining(name),
      }),
    );
  });

  it('the journal of another file system is refused', () => {
    const bytes = readImage('ext2-1k');
    patchField(bytes, PRIMARY, SUPERBLOCK.s_feature_incompat, 0x8);
    expect(failure(() => openBytes(bytes))).toBe('unsupported ext4/journal-device');
  });

  it('that only matter to writers do not hinder', () => {
    const bytes = readImage('ext2-1k');
    patchField(bytes, PRIMARY, SUPERBLOCK.s_feature_ro_compat, 0xffff_f003);
    patchField(bytes, PRIMARY, SUPERBLOCK.s_feature_compat, 0xffff_f030);
    expect(openBytes(bytes).list(2).length).toBeGreaterThan(5);
  });
});
