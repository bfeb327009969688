/**
 * One suite for every file system: an opened FileSystem against what an independent tool says it holds.
 *
 *     describeConformance('ext4 with 1 KiB blocks', () => openExt(source, options), readExpectation('...json'));
 */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ByteSource, readInto } from '../../src/bytes/byte-source.ts';
import { ImageError, type ImageErrorKind } from '../../src/errors.ts';
import type { FileSystem, NodeId, Stat } from '../../src/filesystems/file-system.ts';
import type { Expectation, ExpectedNode } from './expectation.ts';

export interface ConformanceOptions {
  /** Codes of the diagnostics that must be there after everything was read, sorted; none unless given. */
  readonly diagnostics?: readonly string[];
  /** Names are compared without regard to case (FAT). */
  readonly foldsCase?: boolean;
}

const CHUNK = 1024 * 1024;

/** Every path below `root` with its node, by explicit stack; a directory met twice is not entered again. */
export function walk(fileSystem: FileSystem, root = fileSystem.root): Map<string, NodeId> {
  const found = new Map<string, NodeId>([['/', root]]);
  const entered = new Set<NodeId>();
  const stack: [string, NodeId][] = [['', root]];
  for (let top = stack.pop(); top; top = stack.pop()) {
    const [prefix, directory] = top;
    if (entered.has(directory)) continue;
    entered.add(directory);
    for (const { name, node, type } of fileSystem.list(directory)) {
      const path = `${prefix}/${name}`;
      if (found.has(path)) throw new Error(`${path} is listed twice`);
      found.set(path, node);
      if (type === 'directory') stack.push([path, node]);
    }
  }
  return found;
}

/** SHA-256 of a range, read in pieces. */
export function hashRange(source: ByteSource, offset = 0, length = source.size): string {
  const hash = createHash('sha256');
  for (let done = 0; done < length; done += CHUNK) {
    hash.update(source.read(offset + done, Math.min(CHUNK, length - done)));
  }
  return hash.digest('hex');
}

/** The kind of the ImageError that `action` ends in; anything else that is thrown is a bug and passes through. */
export function failureKind(action: () => unknown): ImageErrorKind | 'none' {
  try {
    action();
    return 'none';
  } catch (error) {
    if (error instanceof ImageError) return error.kind;
    throw error;
  }
}

function describeNode(fileSystem: FileSystem, node: NodeId, wanted: ExpectedNode): ExpectedNode {
  const stat: Stat = fileSystem.stat(node);
  const all: Record<string, unknown> = {
    type: stat.type,
    mode: stat.mode.toString(8).padStart(4, '0'),
    uid: stat.uid,
    gid: stat.gid,
    size: stat.size,
    links: stat.links,
    mtime: stat.mtime.seconds,
    mtimeNs: stat.mtime.nanoseconds,
    crtime: stat.crtime?.seconds,
    device: stat.device && `${stat.device.major}:${stat.device.minor}`,
  };
  if (wanted.target !== undefined) all.target = fileSystem.readLink(node);
  if (wanted.xattrs !== undefined) {
    const values = [...fileSystem.xattrs(node)].map(([name, value]) => [name, Buffer.from(value).toString('hex')]);
    all.xattrs = Object.fromEntries(values);
  }
  if (wanted.sha256 !== undefined) all.sha256 = hashRange(fileSystem.open(node));
  if (wanted.parts !== undefined) {
    const source = fileSystem.open(node);
    all.parts = wanted.parts.map(({ offset, length }) => ({
      offset,
      length,
      sha256: hashRange(source, offset, length),
    }));
  }
  const asked = Object.keys(wanted).map((key) => [key, all[key]]);
  return Object.fromEntries(asked) as ExpectedNode;
}

/** Registers the tests. `open` is called once, before them. */
export function describeConformance(
  name: string,
  open: () => FileSystem | Promise<FileSystem>,
  expected: Expectation,
  options: ConformanceOptions = {},
): void {
  describe(name, () => {
    let fileSystem: FileSystem;
    let nodes: ReadonlyMap<string, NodeId>;
    beforeAll(async () => {
      fileSystem = await open();
      nodes = walk(fileSystem);
    });
    afterAll(() => fileSystem?.close());

    /** Nodes with one of their paths each. */
    const ofType = (test: (type: string) => boolean): [string, NodeId][] => {
      const paths = new Map([...nodes].map(([path, node]) => [node, path]));
      return [...paths].filter(([node]) => test(fileSystem.stat(node).type)).map(([node, path]) => [path, node]);
    };

    it('lists exactly the expected paths', () => {
      expect([...nodes.keys()].sort()).toEqual(Object.keys(expected).sort());
    });

    it('agrees with the oracle on every path', () => {
      const actual: Record<string, unknown> = {};
      for (const [path, wanted] of Object.entries(expected)) {
        const node = nodes.get(path);
        if (node === undefined) actual[path] = 'missing';
        else if ('sameAs' in wanted) actual[path] = node === nodes.get(wanted.sameAs) ? wanted : 'another node';
        else actual[path] = describeNode(fileSystem, node, wanted);
      }
      expect(actual).toEqual(expected);
    });

    it('looks up what it lists, and nothing else', () => {
      const wrong: string[] = [];
      for (const [path, node] of ofType((type) => type === 'directory')) {
        for (const entry of fileSystem.list(node)) {
          if (fileSystem.lookup(node, entry.name) !== entry.node) wrong.push(`${path}: ${entry.name}`);
          if (fileSystem.stat(entry.node).type !== entry.type) wrong.push(`${path}: type of ${entry.name}`);
        }
        for (const absent of ['', '.', '..', 'no such name', '\udcff\udcfe', 'n'.repeat(300), '__proto__']) {
          const listed = nodes.has(`${path === '/' ? '' : path}/${absent}`);
          if (!listed && fileSystem.lookup(node, absent) !== undefined) wrong.push(`${path}: found ${absent}`);
        }
      }
      expect(wrong).toEqual([]);
    });

    it('compares names as bytes unless the format folds case', () => {
      const folded = [...nodes].flatMap(([path, node]) => {
        const cut = path.lastIndexOf('/');
        const parent = nodes.get(path.slice(0, cut) || '/');
        const other = path.slice(cut + 1).toUpperCase();
        if (parent === undefined || other === path.slice(cut + 1) || nodes.has(path.slice(0, cut + 1) + other))
          return [];
        return [(fileSystem.lookup(parent, other) === node) === (options.foldsCase ?? false)];
      });
      expect(folded).not.toContain(false);
    });

    it('refuses to read beyond the end of a file, and reads nothing as nothing', () => {
      for (const [, node] of ofType((type) => type === 'file')) {
        const source = fileSystem.open(node);
        expect(failureKind(() => source.read(source.size, 1))).toBe('truncated');
        expect(failureKind(() => source.read(Math.max(0, source.size - 1), 2))).toBe('truncated');
        expect(failureKind(() => source.read(-1, 1))).toBe('corrupt');
        expect(failureKind(() => source.slice(1, source.size))).toBe('truncated');
        expect(source.read(source.size, 0).length).toBe(0);
      }
    });

    it('reads the same bytes in odd pieces, through slices, at once and into memory that is not empty', () => {
      for (const [path, node] of ofType((type) => type === 'file')) {
        const source = fileSystem.open(node, 'the label');
        expect(source.label).toBe('the label');
        const length = Math.min(source.size, 3 * 65536 + 11);
        const whole = Buffer.from(source.read(0, length));
        const pieces: Buffer[] = [];
        for (let at = 0; at < length; at += 4099) {
          const size = Math.min(4099, length - at);
          pieces.push(Buffer.from(source.slice(at, source.size - at).read(0, size)));
        }
        expect([path, Buffer.concat(pieces).equals(whole)]).toEqual([path, true]);
        const from = Math.min(4099, length);
        const target = Buffer.alloc(length - from, 0xee);
        readInto(source, from, target);
        expect([path, target.equals(whole.subarray(from))]).toEqual([path, true]);
      }
    });

    it('refuses what a node is not', () => {
      for (const [, node] of ofType((type) => type !== 'directory')) {
        expect(failureKind(() => fileSystem.list(node))).toBe('input');
        expect(failureKind(() => fileSystem.lookup(node, 'x'))).toBe('input');
      }
      for (const [, node] of ofType((type) => type !== 'file'))
        expect(failureKind(() => fileSystem.open(node))).toBe('input');
      for (const [, node] of ofType((type) => type !== 'symlink'))
        expect(failureKind(() => fileSystem.readLink(node))).toBe('input');
    });

    it('refuses nodes that do not exist', () => {
      for (const node of [-1, Number.MAX_SAFE_INTEGER, 0.5, Number.NaN])
        expect(failureKind(() => fileSystem.stat(node))).not.toBe('none');
    });

    it('hands out values that later reads do not change', () => {
      const kept = [...new Set(nodes.values())].map((node) => fileSystem.xattrs(node));
      const before = kept.map((xattrs) => [...xattrs].map(([key, value]) => [key, Buffer.from(value).toString('hex')]));
      for (const [, node] of ofType((type) => type === 'file')) {
        const source = fileSystem.open(node);
        source.read(0, Math.min(source.size, 4096));
      }
      walk(fileSystem);
      const after = kept.map((xattrs) => [...xattrs].map(([key, value]) => [key, Buffer.from(value).toString('hex')]));
      expect(after).toEqual(before);
    });

    it('reports the expected diagnostics', () => {
      expect(fileSystem.diagnostics.map(({ code }) => code).sort()).toEqual(options.diagnostics ?? []);
    });
  });
}
