/** Files as changes: folded directories, packages that explain their files, what every build writes. */
import { describe, expect, it } from 'vitest';
import { describeFiles, type FileContext } from '../../../src/diff/files/describe-files.ts';
import type { TreeDifference } from '../../../src/facts/two-trees/tree-difference.ts';

const none: FileContext = { packageOf: () => undefined, identifiers: { a: new Map(), b: new Map() } };
const added = (path: string, type: TreeDifference['type'] = 'file'): TreeDifference => ({
  path,
  type,
  state: 'added',
  size: { b: 5 },
  fields: [],
  at: {},
});
const changed = (path: string, content: NonNullable<TreeDifference['content']>): TreeDifference => ({
  path,
  type: 'file',
  state: 'changed',
  size: { a: 3, b: 4 },
  fields: [],
  content,
  at: {},
});

function describeAll(differences: readonly TreeDifference[], context: Partial<FileContext> = {}) {
  const { changes } = describeFiles({ differences, gaps: [], equal: 0, touched: 0 }, { ...none, ...context });
  return changes.map(({ name, field = '', class: kind, a, b, lines, reason, listed }) => ({
    name,
    field,
    class: kind,
    sides: `${a?.values ?? '-'} -> ${b?.values ?? '-'}`,
    lines,
    reason,
    listed,
  }));
}

describe('files', () => {
  it('below a directory that came with them are counted', () => {
    const below = ['/new/a', '/new/b', '/new/deep/c'].map((path) => added(path));
    expect(describeAll([added('/new', 'directory'), ...below, added('/newer')])).toMatchObject([
      { name: '/new', sides: '- -> directory, with 3 entries' },
      { name: '/newer', sides: '- -> file, 5 bytes' },
    ]);
  });

  it('of a directory that moved as it was are one move', () => {
    const directory = (path: string, state: 'added' | 'removed'): TreeDifference => ({
      path,
      type: 'directory',
      state,
      fields: [{ name: 'mode', [state === 'added' ? 'b' : 'a']: '0755' }],
      at: {},
    });
    const moved = (from: string, path: string, fields: TreeDifference['fields'] = []): TreeDifference => ({
      ...added(path),
      state: 'moved',
      from,
      fields,
    });
    const ends = [directory('/new', 'added'), directory('/old', 'removed')];
    const inside = [directory('/new/d', 'added'), directory('/old/d', 'removed')];
    const [first, second] = [moved('/old/a', '/new/a'), moved('/old/d/b', '/new/d/b')];
    expect(describeAll([...ends, ...inside, first, second])).toMatchObject([
      { name: '/new', field: 'path', sides: '/old -> /new', lines: ['with 3 entries'] },
    ]);
    const loose = describeAll([...ends, ...inside, first, moved('/old/d/b', '/new/d/c')]);
    expect(loose.map(({ name, sides }) => `${name}: ${sides}`)).toEqual([
      '/new: - -> directory, mode 0755, with 1 entry',
      '/old: directory, mode 0755, with 1 entry -> -',
      '/new/a: /old/a -> /new/a',
      '/new/d/c: /old/d/b -> /new/d/c',
    ]);
  });

  it('that have another name are told with what has become of their content', () => {
    const renamed = (a: string, b: string, content?: TreeDifference['content']): TreeDifference => ({
      path: a,
      type: 'file',
      state: 'changed',
      size: { a: 3, b: 4 },
      fields: [{ name: 'path', a, b }],
      ...(content ? { content } : {}),
      at: {},
    });
    const nix = (letter: string) => `/boot/EFI/nixos/${letter.repeat(32)}-linux-6.12.5-bzImage.efi`;
    expect(
      describeAll([
        renamed('/boot/vmlinuz-6.1', '/boot/vmlinuz-6.2', { kind: 'data' }),
        renamed('p1:/linux-6.1.efi', 'p1:/linux-6.2.efi', { kind: 'archive', inside: 2 }),
        renamed('/boot/config-6.1', '/boot/config-6.2'),
        renamed(nix('a'), nix('b')),
      ]),
    ).toMatchObject([
      { field: 'path', class: 'drift', lines: ['content: 3 bytes -> 4 bytes'] },
      { field: 'path', class: 'drift', lines: ['content: 2 differences inside, listed by themselves'] },
      { field: 'path', class: 'drift', lines: ['the same content'] },
      { field: 'path', class: 'equivalent' },
    ]);
  });

  it('of a Nix store are the same where only hashes differ', () => {
    const path = (hash: string, rest: string) => `/nix/store/${hash.repeat(32)}-${rest}`;
    const link = (a: string, b: string): TreeDifference => ({
      path: '/sw/bin/a',
      type: 'symlink',
      state: 'changed',
      fields: [{ name: 'target', a, b }],
      at: {},
    });
    const text = (rest: string) =>
      changed(path('a', 'etc/x'), { kind: 'text', a: `${path('a', 'k3s-1')}/bin`, b: `${path('b', 'k3s-2')}/${rest}` });
    expect(
      describeAll([
        link(path('a', 'k3s-1/bin/k3s'), path('b', 'k3s-2/bin/k3s')),
        link(path('a', 'k3s-1/bin/k3s'), path('b', 'k4s-1/bin/k3s')),
        text('bin'),
        text('sbin'),
        changed(path('a', 'x/bin/x'), { kind: 'hashes' }),
      ]).map((one) => one.class),
    ).toEqual(['equivalent', 'drift', 'equivalent', 'drift', 'equivalent']);
  });

  it('of a package that differs are explained by it', () => {
    const packageOf = (path: string) =>
      path === '/usr/bin/socat' ? { name: 'socat', a: '1.8.0', b: '1.8.1' } : undefined;
    expect(describeAll([changed('/usr/bin/socat', { kind: 'data' }), added('/opt/x')], { packageOf })).toMatchObject([
      { class: 'intended', listed: 'package socat', reason: 'socat 1.8.0 -> 1.8.1' },
      { class: 'drift' },
    ]);
    const mode: TreeDifference = {
      path: '/usr/bin/socat',
      type: 'file',
      state: 'changed',
      fields: [{ name: 'mode', a: '0755', b: '4755' }],
      at: {},
    };
    expect(describeAll([mode], { packageOf })).toMatchObject([{ class: 'drift' }]);
  });

  it('that are cut say so', () => {
    const lines = (word: string, count: number) => Array.from({ length: count }, (_, i) => `${word}${i}\n`).join('');
    const [long, other] = describeAll([
      changed('/long', { kind: 'text', a: lines('a', 150), b: lines('b', 150) }),
      changed('/other', { kind: 'text', a: lines('a', 900), b: lines('b', 900) }),
    ]);
    expect(long?.lines).toHaveLength(201);
    expect(long?.lines?.at(-1)).toBe('... and 101 more lines');
    expect(other?.lines).toEqual(['not shown: most lines differ']);
  });

  it('show their text, their directives, their sections', () => {
    const [text, unit, elf] = describeAll([
      changed('/etc/hostname', { kind: 'text', a: 'one\n', b: 'two\n' }),
      changed('/etc/systemd/system/a.service', { kind: 'text', a: '[Service]\nUser=a\n', b: '[Service]\nUser=b\n' }),
      changed('/usr/bin/a', { kind: 'elf', fields: [{ name: 'build id', a: '1', b: '2' }] }),
    ]);
    expect(text).toMatchObject({
      field: 'content',
      sides: '3 bytes -> 4 bytes',
      lines: ['@@ -1 +1 @@', '-one', '+two'],
    });
    expect(unit?.lines).toEqual(['Service.User: a -> b']);
    expect(elf?.lines).toEqual(['build id: 1 -> 2']);
  });

  it('that differ by the identifiers of their disk are noise', () => {
    const identifiers = { a: new Map([['aaaa-1', 'p2']]), b: new Map([['bbbb-2', 'p2']]) };
    const fstab = (a: string, b: string) =>
      describeAll([changed('/etc/fstab', { kind: 'text', a: `UUID=${a} /\n`, b: `UUID=${b} /\n` })], { identifiers });
    expect(fstab('aaaa-1', 'bbbb-2')).toMatchObject([{ class: 'noise' }]);
    expect(fstab('aaaa-1', 'cccc-3')).toMatchObject([{ class: 'drift' }]);
  });

  it('that are archives are told by what is in them', () => {
    expect(
      describeAll([
        changed('/boot/initrd', { kind: 'archive', inside: 0 }),
        changed('/boot/x', { kind: 'archive', inside: 2 }),
      ]),
    ).toMatchObject([
      { class: 'equivalent', reason: 'the same content, packed again' },
      { class: 'equivalent', reason: '2 differences inside, listed by themselves' },
    ]);
  });
});
