/** What scripts of U-Boot start, as far as the image decides it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { MemoryTree } from '../../../../src/filesystems/memory.ts';
import { uBoot } from '../../../../src/root/boot-entries/u-boot/u-boot.ts';
import { placeOf } from '../places.ts';
import { makeScript } from './make-script.ts';

const files: MemoryTree = { '/boot/Image': 'k', '/boot/initrd': 'i', '/boot/board.dtb': 'd' };
const read = (text: string, tree: MemoryTree = files) =>
  uBoot.read([placeOf('esp', 1, {}), placeOf('root', 2, { ...tree, '/boot/boot.scr': makeScript(text) })]);
const load = (address: string, path: string): string => `load mmc 0:2 \${${address}} ${path}\n`;
const loadAll = `${load('kernel_addr_r', '/boot/Image')}${load('ramdisk_addr_r', '/boot/initrd')}`;
const boot = 'booti $kernel_addr_r $ramdisk_addr_r:$filesize $fdt_addr_r\n';

describe('a script', () => {
  it('of flash-kernel, made by mkimage, starts the kernel of its folder', () => {
    const script = readFileSync(join(import.meta.dirname, '../../../fixtures/boot-entries/boot.scr'));
    const tree = {
      '/boot/vmlinuz-6.12.107-arm64': 'k',
      '/boot/initrd.img-6.12.107-arm64': 'i',
      '/boot/boot.scr': script,
    };
    const menu = uBoot.read([placeOf('root', 2, tree)]);
    const at = (line: number) => ({ source: 'disk.wic!p2', path: '/boot/boot.scr', line });
    expect(menu).toMatchObject({ loader: 'u-boot', entries: [{}, {}], diagnostics: [] });
    expect(menu?.undecided).toBeUndefined();
    expect(menu?.default).toEqual({
      loader: 'u-boot',
      id: 'boot.scr:17',
      linux: { text: '/boot/vmlinuz-6.12.107-arm64', location: at(14) },
      initrd: [{ text: '/boot/initrd.img-6.12.107-arm64', location: at(16) }],
      options: { text: `root=PARTLABEL=platform \${bootargs} quiet`, location: at(17) },
      source: 'disk.wic!p2',
    });
  });

  it('that sets everything itself is decided', () => {
    const menu = read(
      [
        'setenv bootargs "root=PARTUUID=$uuid ro"',
        'part uuid mmc 0:2 uuid; setenv bootargs root=PARTUUID=$uuid $extra',
        `${load('fdt_addr_r', '/boot/board.dtb')}${loadAll}${boot}`,
      ].join('\n'),
    );
    expect(menu?.undecided).toBeUndefined();
    expect(menu?.default).toMatchObject({
      options: { text: 'root=PARTUUID=' },
      linux: { text: '/boot/Image' },
      initrd: [{ text: '/boot/initrd' }],
      deviceTree: { text: '/boot/board.dtb' },
    });
  });

  it('may load from another partition and run a variable', () => {
    const text = `setenv go 'load mmc 1:1 0x1000 vmlinuz; bootz 0x1000 -'\nrun go`;
    const places = [placeOf('esp', 1, { '/vmlinuz': 'k' }), placeOf('root', 2, { '/boot/boot.scr': makeScript(text) })];
    expect(uBoot.read(places)?.default).toMatchObject({
      linux: { text: '/vmlinuz' },
      initrd: [],
      source: 'disk.wic!p1',
    });
  });

  it('may import an environment of text that lies beside it', () => {
    const text = `load mmc 0:2 \${load_addr} /boot/env.txt && env import -t \${load_addr} \${filesize}\n${loadAll}setenv bootargs root=\${rootdev}\n${boot}`;
    const menu = read(text, { ...files, '/boot/env.txt': '# board\nrootdev=/dev/mmcblk0p2\n' });
    expect(menu?.default?.options?.text).toBe('root=/dev/mmcblk0p2');
  });

  const choices: readonly (readonly [string, string, string])[] = [
    ['a file that is there', 'if test -e mmc 0:2 /boot/Image; then setenv v a; else setenv v b; fi', 'a'],
    ['a file that is not', 'if test -e mmc 0:2 /boot/no; then setenv v a; else setenv v b; fi', 'b'],
    ['elif', 'if false; then setenv v a; elif test 2 -gt 1; then setenv v b; else setenv v c; fi', 'b'],
    ['a loop', 'setenv v; for i in x y; do setenv v "$v$i"; done', 'xy'],
    ['a failed load', 'load mmc 0:2 0x1 /gone || setenv v b', 'b'],
    ['both sides of -o', 'if test a = b -o ! -z "x"; then setenv v a; fi', 'a'],
    ['single quotes', "setenv v 'a $b ; c'", 'a $b ; c'],
  ];
  it.each(choices)('decides by %s', (_what, text, expected) => {
    const menu = read(`${text}\nsetenv bootargs \${v}\n${loadAll}${boot}`);
    expect(menu?.default?.options?.text).toBe(expected);
    expect(menu?.undecided).toBeUndefined();
  });
});

describe('what the image does not decide', () => {
  it.each([
    [
      'a kernel by the name of the board',
      `load mmc 0:2 \${kernel_addr_r} /boot/Image-\${board}\n${boot}`,
      /depends on board/,
      2,
    ],
    ['another program', `${loadAll}bootefi \${kernel_addr_r}`, /goes on with bootefi/, 3],
    ['nothing', 'echo nothing', /starts no kernel/, undefined],
    ['what was not loaded here', boot, /not loaded by this script/, 1],
  ])('is %s', (_what, text, message, line) => {
    const menu = read(text);
    expect(menu?.undecided?.text).toMatch(message);
    expect(menu?.undecided?.location.line).toBe(line);
  });

  it('leaves no default where the two ways differ', () => {
    const text = `if test \${board} = a; then ${load('kernel_addr_r', '/boot/Image')}${boot}else ${load('kernel_addr_r', '/boot/initrd')}${boot}fi\nbootefi x`;
    const menu = read(text);
    expect(menu?.entries.length).toBe(2);
    expect(menu?.default).toBeUndefined();
    expect(menu?.undecided?.text).toMatch(/depends on the board/);
  });

  it('is told apart from a kernel that is missing', () => {
    const menu = read(`${load('kernel_addr_r', '/boot/gone')}booti \${kernel_addr_r} - \${fdt_addr_r}`);
    expect(menu?.undecided).toBeUndefined();
    expect(menu?.default).toMatchObject({ linux: { text: '/boot/gone' } });
  });
});

describe('a bad script', () => {
  it.each([
    ['if true; then echo', /no elif or else or fi/, 1],
    ['echo a\nfi\n', /unexpected fi/, 2],
    ['\nwhile true; do echo; done', /while/, 2],
    [`${'if true; then '.repeat(40)}`, /inside each other/, 1],
  ])('%j has its line', (text, message, line) => {
    try {
      read(`${text}\n`);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ kind: 'corrupt', message: expect.stringMatching(message), location: { line } });
    }
  });

  it.each([
    ['calls itself', 'setenv a "run a"; run a'],
    ['grows', `setenv a ${'x'.repeat(64)}\n${'setenv a "$a$a"\n'.repeat(40)}`],
    ['forks without end', `${'if test $board = a; then true; fi; '.repeat(12_000)}`],
  ])('that %s ends', (_what, text) => {
    expect(() => read(text)).toThrow(/U-Boot (needs|has) more than/);
  });
});

it('notes a source that says something else', () => {
  expect(read('echo a', { '/boot/boot.cmd': 'echo b' })?.diagnostics).toMatchObject([
    { level: 'note', code: 'boot/other-u-boot-source', location: { path: '/boot/boot.cmd' } },
  ]);
  expect(read('echo a\n', { '/boot/boot.cmd': 'echo a' })?.diagnostics).toEqual([]);
});
