import { describe, expect, it } from 'vitest';
import { extlinux } from '../../../src/root/boot-entries/extlinux.ts';
import { placeOf } from './places.ts';

const path = '/boot/extlinux/extlinux.conf';

describe('extlinux', () => {
  it('reads what U-Boot boots', () => {
    const text = [
      '# made by u-boot-menu',
      'default nixos-default',
      'MENU TITLE boot',
      'TIMEOUT 50',
      '',
      'LABEL nixos-default',
      '  MENU LABEL ^NixOS - Default',
      '  LINUX ../nixos/kernel-Image',
      '  INITRD ../nixos/initrd',
      '  APPEND init=/nix/store/x/init root=LABEL=NIXOS_SD',
      '  FDTDIR ../nixos/dtbs',
      'label other',
      '  kernel /vmlinuz',
    ].join('\n');
    const menu = extlinux.read([placeOf('root', 2, { [path]: text })]);
    const at = (line: number) => ({ source: 'disk.wic!p2', path, line });
    expect(menu?.default).toEqual({
      loader: 'extlinux',
      id: 'nixos-default',
      title: { text: 'NixOS - Default', location: at(7) },
      linux: { text: '/boot/extlinux/../nixos/kernel-Image', location: at(8) },
      initrd: [{ text: '/boot/extlinux/../nixos/initrd', location: at(9) }],
      options: { text: 'init=/nix/store/x/init root=LABEL=NIXOS_SD', location: at(10) },
      source: 'disk.wic!p2',
    });
    expect(menu?.entries.map(({ id }) => id)).toEqual(['nixos-default', 'other']);
  });

  it.each([
    ['MENU DEFAULT', 'LABEL a\nKERNEL /a\nLABEL b\nMENU DEFAULT\nKERNEL /b', '/b'],
    [
      'MENU DEFAULT where DEFAULT is a menu',
      'DEFAULT vesamenu.c32\nLABEL a\nKERNEL /a\nLABEL b\nMENU DEFAULT\nKERNEL /b',
      '/b',
    ],
    ['DEFAULT before MENU DEFAULT', 'DEFAULT a\nLABEL a\nKERNEL /a\nLABEL b\nMENU DEFAULT\nKERNEL /b', '/a'],
    ['a kernel before a module', 'LABEL m\nKERNEL /chain.c32\nAPPEND hd0\nLABEL b\nKERNEL /b', '/b'],
    ['the first label', 'LABEL a\nKERNEL /a\nLABEL b\nKERNEL /b', '/a'],
    ['an included file', 'INCLUDE more.cfg\nINCLUDE syslinux.cfg\nDEFAULT c', '/c'],
  ])('takes %s', (_what, text, kernel) => {
    const more = { '/syslinux/more.cfg': 'LABEL c\nKERNEL /c' };
    const menu = extlinux.read([placeOf('esp', 1, { '/syslinux/syslinux.cfg': text, ...more })]);
    expect(menu?.default?.linux?.text).toBe(kernel);
  });

  it('takes initrd= and the global APPEND of syslinux', () => {
    const text =
      'APPEND root=/dev/sda2\nLABEL a\nKERNEL vmlinuz\nLABEL b\nKERNEL vmlinuz\nAPPEND initrd=i1,/i2 quiet\nLABEL c\nKERNEL x\nAPPEND -';
    const [a, b, c] = extlinux.read([placeOf('esp', 1, { '/syslinux.cfg': text })])?.entries ?? [];
    expect(a?.options?.text).toBe('root=/dev/sda2');
    expect(b?.initrd.map((line) => line.text)).toEqual(['/i1', '/i2']);
    expect(c?.options).toBeUndefined();
  });
});
