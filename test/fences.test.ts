/** The house has rooms and the rooms have fences: imports point down the pipeline only. Each fence says why. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const src = resolve(import.meta.dirname, '../src');

/** Lowest first. A room may import itself and the rooms below it, less what its fence forbids. */
const rooms = ['bytes', 'volumes', 'filesystems', 'root', 'facts', 'checks', 'diff', 'report', 'cli'] as const;
type Room = (typeof rooms)[number];

const fences: readonly { room: Room; mustNotImport: readonly Room[]; because: string }[] = [
  {
    room: 'filesystems',
    mustNotImport: ['volumes'],
    because: 'a file system does not know which partition it lies in',
  },
  {
    room: 'checks',
    mustNotImport: ['root', 'filesystems', 'volumes', 'bytes'],
    because: 'a check judges facts; reading the image is the facts room',
  },
  {
    room: 'diff',
    mustNotImport: ['root', 'filesystems', 'volumes', 'bytes'],
    because: 'a difference is between facts',
  },
  {
    room: 'report',
    mustNotImport: ['root', 'filesystems', 'volumes', 'bytes'],
    because: 'a report shows a result and decides nothing',
  },
];

interface Import {
  readonly file: string;
  readonly target: string;
  readonly typeOnly: boolean;
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8');
  const pattern =
    /\b(?:import|export)\s+(type\s+)?(?:[\w*{}\s,$]+?\s+from\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;
  return [...text.matchAll(pattern)].map((match) => ({
    file,
    target: (match[2] ?? match[3]) as string,
    typeOnly: match[1] !== undefined,
  }));
}

const roomOf = (path: string): string => relative(src, path).split('/')[0] as string;
const isRoom = (name: string): name is Room => (rooms as readonly string[]).includes(name);
const all = sourceFiles(src).flatMap(importsOf);

describe('imports', () => {
  it('sees the code it guards', () => {
    expect(all.length).toBeGreaterThan(20);
  });

  it('point down the pipeline only', () => {
    const wrong = all.flatMap(({ file, target }) => {
      if (!target.startsWith('.')) return [];
      const from = roomOf(file);
      const to = roomOf(resolve(dirname(file), target));
      if (!isRoom(to)) return [];
      if (!isRoom(from))
        return from.endsWith('.ts') && !['index.ts'].includes(from)
          ? [`${relative(src, file)} (top of the house) imports ${target}`]
          : [];
      return rooms.indexOf(to) > rooms.indexOf(from)
        ? [`${relative(src, file)} imports ${target}: up the pipeline`]
        : [];
    });
    expect(wrong).toEqual([]);
  });

  it.each(fences)('$room keeps away from $mustNotImport: $because', ({ room, mustNotImport }) => {
    const wrong = all.filter(
      ({ file, target, typeOnly }) =>
        // A type costs nothing at run time and lets a judge name what it was shown.
        !typeOnly &&
        target.startsWith('.') &&
        roomOf(file) === room &&
        (mustNotImport as readonly string[]).includes(roomOf(resolve(dirname(file), target))),
    );
    expect(wrong.map(({ file, target }) => `${relative(src, file)} imports ${target}`)).toEqual([]);
  });

  it('touch the host only in bytes/ and cli/', () => {
    const wrong = all.filter(
      ({ file, target }) =>
        /^node:(fs|child_process|net|http|https|dgram|tls)/.test(target) &&
        !(['bytes', 'cli'].includes(roomOf(file)) && target === 'node:fs'),
    );
    expect(wrong.map(({ file, target }) => `${relative(src, file)} imports ${target}`)).toEqual([]);
  });
});
