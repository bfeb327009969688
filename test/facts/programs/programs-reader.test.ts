import { describe, expect, it } from 'vitest';
import { elfExample } from '../../../src/checks/lint/programs/elf-example.ts';
import { ImageError } from '../../../src/errors.ts';
import { FactStore } from '../../../src/facts/fact-store.ts';
import { parseScriptStart } from '../../../src/facts/programs/programs-reader.ts';
import { MemoryFileSystem, type MemoryTree } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { RootView } from '../../../src/root/root-view.ts';

const readPrograms = (tree: MemoryTree, key = '') =>
  new FactStore(new RootView([{ path: '/', fileSystem: new MemoryFileSystem(tree) }], defaultLimits), {
    label: 'disk',
    sideFiles: [],
  }).get('programs', key);

describe('programs', () => {
  const tree: MemoryTree = {
    '/bin/a': { bytes: elfExample('amd64', '/lib64/ld.so'), mode: 0o755 },
    '/bin/b': { text: '#!/bin/sh -e\n', mode: 0o755 },
    '/bin/c': { text: 'text', mode: 0o755 },
    '/lib/libx.so.1': { bytes: elfExample('arm64') },
    '/lib/module.ko': { bytes: elfExample('riscv64') },
  };

  it('are executable files and libraries, by their first bytes', () => {
    const { value, gaps } = readPrograms(tree);
    expect(value.files.map(({ path, start }) => [path, start])).toEqual([
      ['/bin/a', { kind: 'elf', architecture: 'amd64', interpreter: '/lib64/ld.so' }],
      ['/bin/b', { kind: 'script', interpreter: '/bin/sh', argument: '-e' }],
      ['/lib/libx.so.1', { kind: 'elf', architecture: 'arm64' }],
    ]);
    expect(gaps).toEqual([]);
  });

  it('are any file on demand', () => {
    expect(readPrograms(tree, 'all').value.files.map(({ path }) => path)).toContain('/lib/module.ko');
  });

  it('have a gap for a file that cannot be read, or whose header makes no sense', () => {
    const error = new ImageError('corrupt', 'ext4/bad-extent', 'damaged');
    const cut = elfExample('amd64', '/lib64/ld.so').subarray(0, 80);
    const { value, gaps } = readPrograms({
      '/a': { text: 'x', mode: 0o755, error },
      '/b': { bytes: cut, mode: 0o755 },
    });
    expect(value.files).toEqual([]);
    expect(gaps.map(({ keys }) => keys)).toEqual([['/a'], ['/b']]);
  });
});

describe('the line of a script', () => {
  it.each([
    ['#!/bin/sh', { interpreter: '/bin/sh' }],
    ['#! \t/bin/sh  -e  x \n', { interpreter: '/bin/sh', argument: '-e  x' }],
    ['#!/bin/sh\r\n', { interpreter: '/bin/sh\r' }],
    ['#!\n/bin/sh', { interpreter: '' }],
  ])('%j', (text, start) => {
    expect(parseScriptStart(Buffer.from(text))).toEqual({ kind: 'script', ...start });
  });

  it('must be the first', () => {
    expect(parseScriptStart(Buffer.from('\n#!/bin/sh'))).toBeUndefined();
  });
});
