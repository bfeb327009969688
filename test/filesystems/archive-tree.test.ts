import { expect, it } from 'vitest';
import { type ArchiveMember, ArchiveTree } from '../../src/filesystems/archive-tree.ts';
import { defaultLimits } from '../../src/limits.ts';

const member = (path: string, linkPath = ''): ArchiveMember => {
  const type = linkPath !== '' ? 'symlink' : /[/.]$/.test(path) ? 'directory' : 'file';
  return { path, type, linkPath, offset: 0 };
};

/** Every path of the tree these members make, in the order of their making. */
function listPaths(members: readonly ArchiveMember[]): string[] {
  const tree = new ArchiveTree('tar', 'a.tar', defaultLimits);
  for (const each of members) tree.place(each);
  const paths: string[] = [];
  const enter = (node: number, above: string): void => {
    for (const [name, child] of tree.node(node).children ?? []) {
      paths.push(above + name);
      enter(child, `${above}${name}/`);
    }
  };
  enter(tree.root, '');
  return paths;
}

it.each([
  ['one after the other in one folder', [member('./a/x'), member('./a/y'), member('./b/x')], 'a a/x a/y b b/x'],
  [
    'through a link that is replaced',
    [member('d/'), member('e/'), member('l', 'd'), member('l/x'), member('l', 'e'), member('l/y')],
    'd d/x e e/y l',
  ],
  ['through a folder that is replaced', [member('a/'), member('b/'), member('a', 'b'), member('a/x')], 'a b b/x'],
  [
    'behind paths that go on behind their name',
    [member('a//'), member('a/x'), member('b/.'), member('b/x'), member('c/./'), member('c/x')],
    'a a/x b b/x c c/x',
  ],
  [
    'named like the end of their folder',
    [member('a/aa/'), member('a/aa/aa'), member('aa'), member('a/a')],
    'a a/aa a/aa/aa a/a aa',
  ],
])('members come to lie where extracting puts them: %s', (_, members, wanted) => {
  expect(listPaths(members)).toEqual(wanted.split(' '));
});
