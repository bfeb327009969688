/** What a running system wrote since its last commit, as it lies in the journal. */
import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../../src/bytes/memory-source.ts';
import type { FileSystem, NodeId } from '../../../src/filesystems/file-system.ts';
import { outcomeOf } from '../fuzz.ts';
import { openImage, readImage } from './images.ts';
import { dataNode, entryNode, inodeNode, type Journal, truncationNode, withJournal } from './write-nodes.ts';

const open = (journal: Journal): Promise<FileSystem> =>
  openImage(new MemorySource(withJournal(readImage('lzo.ubifs'), journal), 'image'));
const find = (fileSystem: FileSystem, name: string): NodeId => fileSystem.lookup(fileSystem.root, name) ?? -1;
const read = (fileSystem: FileSystem, node: NodeId): string => {
  const source = fileSystem.open(node);
  return Buffer.from(source.read(0, source.size)).toString();
};

describe('the journal', () => {
  it('adds, replaces and removes files', async () => {
    const before = await openImage(readImage('lzo.ubifs'));
    const old = find(before, 'size-2047');
    const fileSystem = await open({
      nodes: [
        inodeNode(9001, { size: 5 }),
        dataNode(9001, 0, 'hello'),
        entryNode(1, 'new', 9001),
        entryNode(1, 'size-60', 0),
        inodeNode(old, { size: 9, mode: 0o100600 }),
        truncationNode(old, 0),
        dataNode(old, 0, 'rewritten'),
        inodeNode(find(before, 'random'), { links: 0 }),
      ],
    });
    expect(read(fileSystem, find(fileSystem, 'new'))).toBe('hello');
    expect(read(fileSystem, old)).toBe('rewritten');
    expect(fileSystem.stat(old).mode).toBe(0o600);
    expect(find(fileSystem, 'size-60')).toBe(-1);
    const names = fileSystem.list(fileSystem.root).map(({ name }) => name);
    expect(names).toContain('new');
    expect(names).not.toContain('size-60');
    expect(names.length).toBe(before.list(before.root).length);
    expect(await outcomeOf(() => fileSystem.stat(find(before, 'random')))).toBe('corrupt ubifs/no-inode');
    expect(fileSystem.diagnostics).toEqual([]);
  });

  it('counts by sequence numbers, not by place', async () => {
    const first = dataNode(9001, 0, 'older');
    const second = dataNode(9001, 0, 'newer');
    const fileSystem = await open({ nodes: [second, inodeNode(9001, { size: 5 }), first, entryNode(1, 'new', 9001)] });
    expect(read(fileSystem, 9001)).toBe('newer');
  });

  it('cuts what the index still has', async () => {
    const before = await openImage(readImage('lzo.ubifs'));
    const node = find(before, 'size-140001');
    const fileSystem = await open({
      nodes: [truncationNode(node, 5000), inodeNode(node, { size: 131_072 }), dataNode(node, 20, 'again')],
    });
    const source = fileSystem.open(node);
    expect(source.read(0, 4096)).toEqual(before.open(node).read(0, 4096));
    expect(Buffer.from(source.read(20 * 4096, 6)).toString()).toBe('again\0');
    expect(source.read(8192, 4096).every((byte) => byte === 0)).toBe(true);
    expect(source.nextData?.(8192)).toBe(20 * 4096);
  });

  it('drops a write that was cut off, and says what is lost behind damage', async () => {
    const whole = entryNode(1, 'new', 9001);
    const torn = await open({
      nodes: [inodeNode(9001, {}), whole],
      rest: Uint8Array.from([0x31, 0x18, 0x10, 0x06, 1, 2]),
    });
    expect(torn.diagnostics).toMatchObject([{ level: 'note', code: 'ubifs/torn-write' }]);
    expect(find(torn, 'new')).toBe(9001);
    const damaged = await open({ nodes: [inodeNode(9001, {}), whole], rest: new Uint8Array(20_000) });
    expect(damaged.diagnostics).toMatchObject([{ level: 'damage', code: 'ubifs/bad-journal' }]);
  });
});

describe('extended attributes', () => {
  it('are entries of the file, with values in inodes of their own', async () => {
    const before = await openImage(readImage('lzo.ubifs'));
    const node = find(before, 'size-1');
    const fileSystem = await open({
      nodes: [
        inodeNode(9001, { data: 'a comment', flags: 0x20 }),
        entryNode(node, 'user.comment', 9001, 0, 'xattr'),
        inodeNode(9002, { flags: 0x20 }),
        entryNode(node, 'security.empty', 9002, 0, 'xattr'),
      ],
    });
    const found = [...fileSystem.xattrs(node)].map(([name, value]) => [name, Buffer.from(value).toString()]);
    expect(Object.fromEntries(found)).toEqual({ 'user.comment': 'a comment', 'security.empty': '' });
    expect(fileSystem.xattrs(find(fileSystem, 'size-0')).size).toBe(0);
    const lost = await open({ nodes: [entryNode(node, 'user.lost', 9009, 0, 'xattr')] });
    expect(await outcomeOf(() => lost.xattrs(node))).toBe('corrupt ubifs/bad-attributes');
  });
});

describe('encryption', () => {
  it('is refused by name where it is met', async () => {
    const fileSystem = await open({
      nodes: [
        inodeNode(9001, { flags: 0x40, size: 5 }),
        inodeNode(9002, { flags: 0x40, mode: 0o040755 }),
        inodeNode(9003, { flags: 0x40, mode: 0o120777, data: 'x' }),
        ...[9001, 9002, 9003].map((number, i) => entryNode(1, `secret-${number}`, number, i)),
      ],
    });
    expect(fileSystem.stat(9001).size).toBe(5);
    expect(await outcomeOf(() => fileSystem.open(9001))).toBe('unsupported ubifs/encrypted');
    expect(await outcomeOf(() => fileSystem.list(9002))).toBe('unsupported ubifs/encrypted');
    expect(await outcomeOf(() => fileSystem.lookup(9002, 'x'))).toBe('unsupported ubifs/encrypted');
    expect(await outcomeOf(() => fileSystem.readLink(9003))).toBe('unsupported ubifs/encrypted');
  });
});
