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
      { name: '/new', sides: '- -> directory, 3 entries below' },
      { name: '/newer', sides: '- -> file, 5 bytes' },
    ]);
  });

  it('of a package that differs are explained by it', () => {
    const packageOf = (path: string) =>
      path === '/usr/bin/socat' ? { name: 'socat', a: '1.8.0', b: '1.8.1' } : undefined;
    expect(describeAll([changed('/usr/bin/socat', { kind: 'data' }), added('/opt/x')], { packageOf })).toMatchObject([
      { class: 'intended', listed: 'package socat', reason: 'socat 1.8.0 -> 1.8.1' },
      { class: 'drift' },
    ]);
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
