/** Directories without the feature `filetype`: types come from the inodes, which are read while the block is. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { openExt } from '../../../src/filesystems/ext/open-ext.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { readImage } from './images.ts';
import { TransientSource } from './transient-source.ts';

const listed = readFileSync(resolve(import.meta.dirname, '../../fixtures/ext/many-untyped.txt'), 'utf8').trim();
const types: Readonly<Record<string, string>> = { '04': 'directory', '10': 'file', '12': 'symlink' };

it('lists what debugfs lists, whatever becomes of memory that was read before', () => {
  const fileSystem = openExt(new TransientSource(readImage('many-untyped')), { limits: defaultLimits });
  const rows = listed.split('\n').map((row) => row.split('/'));
  const expected = rows
    .filter(([, , , , , name]) => name !== '.' && name !== '..')
    .map(([, inode, mode, , , name]) => ({ name, node: Number(inode), type: types[mode?.slice(0, 2) ?? ''] }));
  expect(expected).toHaveLength(403);
  expect(fileSystem.list(fileSystem.root)).toEqual(expected);
});
