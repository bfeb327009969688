import { expect, it } from 'vitest';
import { parseImagePath } from '../../src/cli/image-path.ts';

it.each([
  ['disk.wic', { image: 'disk.wic' }],
  ['disk.wic:', { image: 'disk.wic' }],
  ['disk.wic:/etc', { image: 'disk.wic', path: '/etc' }],
  ['/a/disk.wic!p12:/x:/y', { image: '/a/disk.wic', partition: 'p12', path: '/x:/y' }],
  ['disk!p1', { image: 'disk', partition: 'p1' }],
  ['odd!name:/etc', { image: 'odd!name', path: '/etc' }],
  ['a:b', { image: 'a:b' }],
  ['!p1', { image: '!p1' }],
])('%s', (text, parsed) => {
  expect(parseImagePath(text)).toEqual(parsed);
});
