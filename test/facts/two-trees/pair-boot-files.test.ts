/** Names as Debian, kernel-install(8), NixOS and firmware write them, of one build and the next. */
import { describe, expect, it } from 'vitest';
import { isBootFolder, pairBootFiles } from '../../../src/facts/two-trees/pair-boot-files.ts';
import type { NodeType } from '../../../src/filesystems/file-system.ts';

const node = (type: NodeType = 'file', format = 'vfat') => ({ type, fileSystem: { format } });

/** `a -> b` of each pair, `- a` and `+ b` of what is there on one side only, names alone of what is on both. */
function pair(a: readonly string[], b: readonly string[]): readonly string[] {
  const names = [...new Set([...a, ...b])].sort();
  const entries = names.map((name) => ({
    name,
    ...(a.includes(name) ? { a: node() } : {}),
    ...(b.includes(name) ? { b: node() } : {}),
  }));
  return pairBootFiles(entries).map(({ name, otherName, ...one }) => {
    if (otherName !== undefined) return `${name} -> ${otherName}`;
    return one.a ? (one.b ? name : `- ${name}`) : `+ ${name}`;
  });
}

const hash = (letter: string): string => letter.repeat(32);
const machine = (digit: string): string => digit.repeat(32);

describe('files that have another name', () => {
  it.each([
    ['vmlinuz-6.12.117+deb13-amd64', 'vmlinuz-6.12.120+deb13-amd64'],
    ['vmlinuz-6.12.120+deb13-amd64', 'vmlinuz-6.13-rc1-amd64'],
    ['linux-6.12.117+deb13-amd64.efi', 'linux-6.16.3+deb14-amd64.efi'],
    [`${hash('a')}-linux-6.12.5-bzImage.efi`, `${hash('b')}-linux-6.12.7-bzImage.efi`],
    [`${hash('a')}-initrd-linux-6.12.5-initrd.efi`, `${hash('z')}-initrd-linux-6.12.5-initrd.efi`],
    ['nixos-generation-1.conf', 'nixos-generation-12.conf'],
    [`${machine('1')}-6.12.5.conf`, `${machine('a')}-6.12.7.conf`],
    [machine('1'), machine('f')],
    ['n3x_25.05.1+3.efi', 'n3x_25.05.2+2-1.efi'],
    ['01234567-89ab-cdef-0123-456789abcdef', 'fedcba98-89ab-cdef-0123-456789abcdef'],
    ['LINUX.EFI', 'linux.efi'],
  ])('%s, %s', (a, b) => {
    expect(pair([a, 'loader.conf'], [b, 'loader.conf'])).toEqual(
      expect.arrayContaining([`${a} -> ${b}`, 'loader.conf']),
    );
  });

  it('are told apart where several may be meant', () => {
    expect(pair(['linux-6.1.efi', 'linux-6.2.efi'], ['linux-6.2.efi', 'linux-6.3.efi'])).toEqual([
      '- linux-6.1.efi',
      'linux-6.2.efi',
      '+ linux-6.3.efi',
    ]);
    expect(pair(['vmlinuz-6.1'], ['initrd.img-6.1'])).toEqual(['+ initrd.img-6.1', '- vmlinuz-6.1']);
    expect(pair([], ['linux-6.1.efi'])).toEqual(['+ linux-6.1.efi']);
  });

  it('go to their own kind first', () => {
    expect(pair(['linux-6.1.efi', 'linux-6.1-rescue.efi'], ['linux-6.2.efi', 'linux-6.2-rescue.efi'])).toEqual([
      'linux-6.1-rescue.efi -> linux-6.2-rescue.efi',
      'linux-6.1.efi -> linux-6.2.efi',
    ]);
  });

  it('are of one type', () => {
    const entries = [
      { name: 'a-1', a: node('directory') },
      { name: 'a-2', b: node() },
    ];
    expect(pairBootFiles(entries)).toEqual(entries);
  });
});

describe('a folder whose names tell versions', () => {
  it('is one of a FAT file system, or /boot', () => {
    const [fat, ext] = [node('directory'), node('directory', 'ext')];
    expect(isBootFolder('/EFI/Linux', fat, fat)).toBe(true);
    expect(isBootFolder('/EFI/Linux', fat, ext)).toBe(false);
    expect(isBootFolder('/boot', ext, ext)).toBe(true);
    expect(isBootFolder('/boot/grub', ext, ext)).toBe(true);
    expect(isBootFolder('/bootstrap', ext, ext)).toBe(false);
    expect(isBootFolder('/boot', ext, undefined)).toBe(false);
  });
});
