import { describe, expect, it } from 'vitest';
import { findCuts, parseImagePath } from '../../src/cli/image-path.ts';

describe('an image and a path', () => {
  it.each([
    ['disk.wic', { image: 'disk.wic', volumes: [] }],
    ['disk.wic:', { image: 'disk.wic', volumes: [] }],
    ['disk.wic:/etc', { image: 'disk.wic', volumes: [], path: '/etc' }],
    ['/a/disk.wic!p12:/x:/y', { image: '/a/disk.wic', volumes: ['p12'], path: '/x:/y' }],
    ['disk!p1', { image: 'disk', volumes: ['p1'] }],
    ['odd!name:/etc', { image: 'odd!name', volumes: [], path: '/etc' }],
    ['a:b', { image: 'a:b', volumes: [] }],
    ['!p1', { image: '!p1', volumes: [] }],
  ])('%s, where nothing exists', (text, parsed) => {
    expect(parseImagePath(text)).toEqual(parsed);
  });

  it.each([
    ['uki.efi!.initrd:/init', { image: 'uki.efi', volumes: ['.initrd'], path: '/init' }],
    ['odd!name:/etc', { image: 'odd!name', volumes: [], path: '/etc' }],
    ['odd!name!p2!root:/etc', { image: 'odd!name', volumes: ['p2', 'root'], path: '/etc' }],
    ['uki.efi!', { image: 'uki.efi', volumes: [] }],
  ])('%s, where what exists decides', (text, parsed) => {
    expect(parseImagePath(text, (path) => ['uki.efi', 'odd!name'].includes(path))).toEqual(parsed);
  });
});

describe('a path that goes on in a file', () => {
  it.each([
    ['/etc/hostname', []],
    [
      '/linux.efi!.initrd:/init',
      [
        { path: '/linux.efi', volumes: ['.initrd'], rest: '/init' },
        { path: '/linux.efi!.initrd', volumes: [], rest: '/init' },
      ],
    ],
    ['/linux.efi!.osrel', [{ path: '/linux.efi', volumes: ['.osrel'] }]],
    ['/store.squashfs:/nix', [{ path: '/store.squashfs', volumes: [], rest: '/nix' }]],
    [
      '/a!:/b!c!d:/e',
      [
        { path: '/a', volumes: [], rest: '/b!c!d:/e' },
        { path: '/a!', volumes: [], rest: '/b!c!d:/e' },
        { path: '/a!:/b', volumes: ['c', 'd'], rest: '/e' },
        { path: '/a!:/b!c', volumes: ['d'], rest: '/e' },
        { path: '/a!:/b!c!d', volumes: [], rest: '/e' },
      ],
    ],
  ])('%s', (path, cuts) => {
    expect(findCuts(path)).toEqual(cuts);
  });
});
