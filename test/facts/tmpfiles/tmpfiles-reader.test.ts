/** Expectations recorded from `systemd-tmpfiles --root --create --remove --boot` of systemd 252 and 257 on the same trees. */
import { describe, expect, test } from 'vitest';
import { readAccounts } from '../../../src/facts/accounts/accounts-reader.ts';
import { expectedNode } from '../../../src/facts/tmpfiles/expected-node.ts';
import { readTmpfiles } from '../../../src/facts/tmpfiles/tmpfiles-reader.ts';
import { MemoryFileSystem, type MemoryTree } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { RootView } from '../../../src/root/root-view.ts';

const base: MemoryTree = {
  '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n',
  '/etc/group': 'root:x:0:\nnogroup:x:65534:\n',
  '/srv/ex': { directory: true, mode: 0o700 },
  '/srv/old': 'old',
  '/srv/file': 'o',
};

function read(lines: readonly string[], tree: MemoryTree = {}) {
  const files = { ...base, ...tree, '/etc/tmpfiles.d/a.conf': lines.join('\n') };
  const view = new RootView([{ path: '/', fileSystem: new MemoryFileSystem(files, 'image') }], defaultLimits);
  const { value } = readTmpfiles(view, readAccounts(view));
  return { value, at: (path: string) => expectedNode(view, value, path) };
}

describe('tmpfiles', () => {
  test.each([
    ['d /srv/a', '/srv/a', { type: 'directory', mode: 0o755 }],
    ['d /srv/ex', '/srv/ex', { type: 'directory', mode: 0o700 }],
    ['d /srv/c :0700 - - -', '/srv/c', { type: 'directory', mode: 0o700 }],
    ['d= /srv/file 0700', '/srv/file', { type: 'directory', mode: 0o700 }],
    ['d /srv/file 0700', '/srv/file', { type: 'file', mode: 0o644 }],
    ['f /srv/old 0600 - - - new', '/srv/old', { type: 'file', mode: 0o600 }],
    ['f /srv/f - - - - hello\\nworld', '/srv/f', { type: 'file', mode: 0o644, text: 'hello\nworld' }],
    ['f /srv/f - - - -   spaced  arg ', '/srv/f', { text: 'spaced  arg' }],
    ['L /srv/fac', '/srv/fac', { type: 'symlink', target: '/usr/share/factory/srv/fac' }],
    ['d "/srv/sp ace" 0711', '/srv/sp ace', { type: 'directory', mode: 0o711 }],
    ['d /srv/no/x/y 0700', '/srv/no/x', { type: 'directory', mode: 0o755 }],
    ['z /srv/ol* 0640', '/srv/old', { type: 'file', mode: 0o640 }],
    ['d /var/run/x', '/run/x', { type: 'directory', mode: 0o755 }],
    ['p /srv/p', '/srv/p', { type: 'fifo', mode: 0o644 }],
    ['d /srv/n - nobody nogroup', '/srv/n', { uid: 65534, gid: 65534 }],
  ])('%s', (line, path, expected) => {
    expect(read([line]).at(path)).toMatchObject(expected);
  });

  test.each([
    ['r /srv/old', '/srv/old'],
    ['R /srv/ex', '/srv/ex'],
    ['L+ /srv/ex - - - - zzz', '/srv/ex/below'],
  ])('%s leaves nothing at %s', (line, path) => {
    expect(read([line], { '/srv/ex/below': 'x' }).at(path)).toBeUndefined();
  });

  test('r keeps a directory that is not empty', () => {
    expect(read(['r /srv/ex'], { '/srv/ex/below': 'x' }).at('/srv/ex')?.type).toBe('directory');
  });

  test('what a line makes is declared, and says by which line', () => {
    const node = read(['# c', 'd /srv/a 0711']).at('/srv/a');
    expect(node?.standing).toBe('declared');
    expect(node?.because).toEqual([{ source: 'image', path: '/etc/tmpfiles.d/a.conf', line: 2 }]);
  });

  test('the first line for a path counts, equal ones and adjustments may follow', () => {
    const { value } = read(['d /srv/a 0700', 'd /srv/a 0711', 'd /srv/a 0700', 'z /srv/a 0755', 'L+ /srv/a - - - - x']);
    expect(value.lines.map(({ location }) => location.line)).toEqual([1, 3, 4]);
    expect(value.duplicates.map(({ line, by }) => [line.location.line, by.line])).toEqual([
      [2, 1],
      [5, 1],
    ]);
  });

  test('a line with an unknown owner does not claim its path', () => {
    const { value } = read(['d /srv/a 0755 nouser - -', 'd /srv/a 0700']);
    expect(value.problems.map(({ message }) => message)).toEqual(["Failed to resolve user 'nouser': No such process"]);
    expect(value.lines.map(({ mode }) => mode)).toEqual([0o700]);
  });

  test.each([
    ['bad line', "Unknown modifiers in command 'bad'"],
    ['d relative', "Path 'relative' not absolute."],
    ['d /srv/m 9999', "Invalid mode '9999'."],
    ['y /srv/a', "Unknown command type 'y'."],
    ['d', 'Syntax error.'],
    ['w /srv/old', 'w lines need an argument.'],
  ])('%s is rejected', (line, message) => {
    expect(read([line]).value.problems.map((problem) => problem.message)).toEqual([message]);
  });

  test('a path that needs the running machine is undecided', () => {
    const { value } = read(['d /srv/%v', 'd /srv/%m'], { '/etc/machine-id': 'uninitialized\n' });
    expect(value.undecided.map(({ text }) => text)).toEqual(['d /srv/%v', 'd /srv/%m']);
    expect(value.lines).toEqual([]);
  });
});
