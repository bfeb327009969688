/** Names in hashed directories: the hashes debugfs computes, and a lookup that reads no more than it needs. */
import { describe, expect, it } from 'vitest';
import { type ByteSource, SliceSource } from '../../../src/bytes/byte-source.ts';
import { MemorySource } from '../../../src/bytes/memory-source.ts';
import { hashName } from '../../../src/filesystems/ext/name-hash.ts';
import { openExt } from '../../../src/filesystems/ext/open-ext.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { readImage } from './images.ts';

/** `debugfs -R 'dx_hash -h HASH -s 11112222-3333-4444-5555-66667777888f NAME'`; `plain` without -s. */
const recorded = [
  { name: 'foo', hash: 'legacy', seeded: 0x9f57ef58, plain: 0x9f57ef58 },
  { name: 'foo', hash: 'half_md4', seeded: 0x92556094, plain: 0x74c657ac },
  { name: 'foo', hash: 'tea', seeded: 0xec28b4e4, plain: 0x901b3376 },
  {
    name: 'a.very.long.file.name.that.is.longer.than.32.bytes.txt',
    hash: 'legacy',
    seeded: 0xea4cc8b0,
    plain: 0xea4cc8b0,
  },
  {
    name: 'a.very.long.file.name.that.is.longer.than.32.bytes.txt',
    hash: 'half_md4',
    seeded: 0xe660409a,
    plain: 0xba0be848,
  },
  {
    name: 'a.very.long.file.name.that.is.longer.than.32.bytes.txt',
    hash: 'tea',
    seeded: 0xd6b88070,
    plain: 0x9f9ba94a,
  },
  { name: '\xff\xfe\x80x', hash: 'legacy', seeded: 0xdd08268e, plain: 0xdd08268e },
  { name: '\xff\xfe\x80x', hash: 'half_md4', seeded: 0xa0010a5e, plain: 0x7252c798 },
  { name: '\xff\xfe\x80x', hash: 'tea', seeded: 0x92166190, plain: 0x5d4adca8 },
] as const;
const versions = { legacy: 0, half_md4: 1, tea: 2 } as const;
const seed = [0x22221111, 0x44443333, 0x66665555, 0x8f887777];
const noSeed = [0, 0, 0, 0];

describe('hashName', () => {
  it.each(recorded)('$hash of $name', ({ name, hash, seeded, plain }) => {
    const bytes = Buffer.from(name, 'latin1');
    expect(hashName(bytes, versions[hash], seed, false)).toBe(seeded);
    expect(hashName(bytes, versions[hash], noSeed, false)).toBe(plain);
  });

  it.each(['legacy', 'half_md4', 'tea'] as const)('%s differs for signed and unsigned characters', (hash) => {
    const bytes = Buffer.from('\xff\xfe\x80x', 'latin1');
    const unsigned = hashName(bytes, versions[hash], seed, true);
    expect(unsigned).not.toBe(hashName(bytes, versions[hash], seed, false));
    expect(hashName(bytes, versions[hash] + 3, seed, false)).toBe(unsigned);
    expect(hashName(Buffer.from('ascii'), versions[hash], seed, true)).toBe(
      hashName(Buffer.from('ascii'), versions[hash], seed, false),
    );
  });

  it('knows no other version', () => {
    for (const version of [6, 7, 255]) expect(hashName(Buffer.from('x'), version, seed, false)).toBeUndefined();
  });
});

/** Counts the bytes that are read. */
class CountingSource extends MemorySource {
  bytesRead = 0;
  override read(offset: number, length: number): Uint8Array {
    this.bytesRead += length;
    return super.read(offset, length);
  }
  override slice(offset: number, length: number): ByteSource {
    return new SliceSource(this, offset, length);
  }
}

describe('lookup in a large directory', () => {
  it.each(['many-half-md4', 'many-tea', 'many-legacy'])('%s reads a few blocks only', (name) => {
    const source = new CountingSource(readImage(name), name);
    const fileSystem = openExt(source, { limits: defaultLimits });
    const directory = fileSystem.lookup(fileSystem.root, 'directory-with-many-entries') as number;
    fileSystem.stat(directory);
    const node = fileSystem.lookup(directory, 'entry-with-a-longer-name-2345');
    source.bytesRead = 0;
    expect(fileSystem.lookup(directory, 'entry-é-0010')).toBe(node);
    expect(fileSystem.lookup(directory, 'entry-with-a-longer-name-9999')).toBeUndefined();
    expect(source.bytesRead).toBeLessThanOrEqual(2 * 5 * 1024);
  });
});
