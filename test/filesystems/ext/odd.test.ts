/** What no tool copies from a tree, made with debugfs; the expected values are in test/fixtures/ext/odd.txt as debugfs prints them. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { failureKind } from '../conformance.ts';
import { nodeAt, openBytes, readImage } from './images.ts';

const record = readFileSync(resolve(import.meta.dirname, '../../fixtures/ext/odd.txt'), 'utf8');

/** `mtime: 0x7fffffff:ee6b27ff -- Thu May 10 22:38:55 2446` of the section of a path. */
function recordedTime(path: string, field: string): { seconds: number; nanoseconds: number } {
  const section = record.split(`== ${path}\n`)[1]?.split('==')[0] ?? '';
  const [, extra, date] = section.match(new RegExp(`${field}: 0x[0-9a-f]+:([0-9a-f]+) -- (.+)`)) ?? [];
  return { seconds: Date.parse(`${date} UTC`) / 1000, nanoseconds: Number.parseInt(extra ?? '', 16) >>> 2 };
}

describe('the odd image', () => {
  const bytes = readImage('odd');
  const fileSystem = openBytes(bytes);

  it.each(['late', 'early', 'unwritten'])('has the times of debugfs for %s', (path) => {
    const stat = fileSystem.stat(nodeAt(fileSystem, `/${path}`));
    for (const field of ['mtime', 'atime', 'ctime', 'crtime'] as const) {
      expect([field, stat[field]]).toEqual([field, recordedTime(path, field)]);
    }
  });

  it('reaches the last second there is', () => {
    expect(fileSystem.stat(nodeAt(fileSystem, '/late')).mtime).toEqual({
      seconds: 15_032_385_535,
      nanoseconds: 999_999_999,
    });
  });

  it('reads blocks that were never written as zeros', () => {
    const source = fileSystem.open(nodeAt(fileSystem, '/unwritten'));
    const [, sum] = record.match(/\[u\]\):\d+-\d+\nsha256: (\w+)/) ?? [];
    expect(createHash('sha256').update(source.read(0, source.size)).digest('hex')).toBe(sum);
    const [, first] = record.match(/\[u\]\):(\d+)/) ?? [];
    expect(bytes[Number(first) * 1024]).toBe(0xaa);
  });

  it('has no inodes in a table that was never written', () => {
    // The number lies in the second group, whose table is full of 0xaa.
    expect(() => fileSystem.stat(128)).toThrow(expect.objectContaining({ code: 'ext4/free-inode' }));
  });

  it('notes that names may be without case, and compares bytes', () => {
    expect(fileSystem.diagnostics.map(({ level, code }) => `${level} ${code}`)).toEqual(['note ext4/casefold']);
    const folded = nodeAt(fileSystem, '/folded');
    expect(fileSystem.lookup(folded, 'Name')).toBeGreaterThan(0);
    expect(fileSystem.lookup(folded, 'NAME')).toBeUndefined();
  });

  it('refuses what is encrypted, node by node', () => {
    const sealed = nodeAt(fileSystem, '/sealed');
    expect(failureKind(() => fileSystem.list(sealed))).toBe('unsupported');
    expect(failureKind(() => fileSystem.lookup(sealed, 'name'))).toBe('unsupported');
    expect(failureKind(() => fileSystem.open(nodeAt(fileSystem, '/locked')))).toBe('unsupported');
    expect(failureKind(() => fileSystem.readLink(nodeAt(fileSystem, '/hidden')))).toBe('unsupported');
    expect(fileSystem.stat(sealed).type).toBe('directory');
    expect(fileSystem.readLink(nodeAt(fileSystem, '/visible'))).toBe('target');
  });
});
