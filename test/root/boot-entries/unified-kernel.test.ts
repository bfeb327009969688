/** Unified kernel images as entries: order and default as bootctl has them, sections as their places. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ImageError } from '../../../src/errors.ts';
import type { MemoryTree } from '../../../src/filesystems/memory.ts';
import { firmware } from '../../../src/root/boot-entries/firmware.ts';
import { readBootMenus } from '../../../src/root/boot-entries/read-boot-menus.ts';
import { systemdBoot } from '../../../src/root/boot-entries/systemd-boot.ts';
import { makePe } from '../../facts/boot/make-pe.ts';
import { placeOf } from './places.ts';

interface Recorded {
  readonly files: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly entries: readonly { readonly id: string; readonly title: string; readonly options: string | null }[];
  readonly default: string;
}

const recorded = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../fixtures/boot-entries/bootctl.json'), 'utf8'),
) as readonly Recorded[];

const amd64 = 0x8664;
const unified = (sections: Readonly<Record<string, string>> = {}): Buffer =>
  makePe(amd64, { '.osrel': 'ID=debian\nPRETTY_NAME="Debian 13"\n', '.linux': 'k', '.initrd': '070701', ...sections });
const utf16 = (text: string): string => Buffer.from(`${text}\0`, 'utf16le').toString('latin1');

it.each(recorded.map((each, index) => [index, each] as const))(
  'sorts and titles ESP %i as bootctl does',
  (_index, { files, entries, default: chosen }) => {
    const tree = Object.entries(files).map(([path, content]): [string, string | Buffer] => [
      path,
      typeof content === 'string' ? content : makePe(amd64, content),
    ]);
    const menu = systemdBoot.read([placeOf('esp', 1, { '/vmlinuz': '', ...Object.fromEntries(tree) })]);
    expect(menu?.entries.map(({ id, title, options }) => [id, title?.text, options?.text ?? null])).toEqual(
      entries.map(({ id, title, options }) => [id, title, options]),
    );
    expect(menu?.default?.id).toBe(chosen);
  },
);

describe('a type #2 entry', () => {
  const read = (tree: MemoryTree) => systemdBoot.read([placeOf('esp', 1, tree)]);

  it('has its parts in its sections', () => {
    const menu = read({ '/EFI/Linux/edge+2.efi': unified({ '.cmdline': 'root=/dev/vda2 ro\n\0' }) });
    const file = '/EFI/Linux/edge+2.efi';
    expect(menu?.default).toEqual({
      loader: 'systemd-boot',
      id: 'edge.efi',
      title: { text: 'Debian 13', location: { source: 'disk.wic!p1', path: file } },
      linux: { text: file, location: { source: 'disk.wic!p1', path: file } },
      initrd: [{ text: file, section: '.initrd', location: { source: `disk.wic!p1:${file}!.initrd` } }],
      options: { text: 'root=/dev/vda2 ro', location: { source: `disk.wic!p1:${file}!.cmdline`, line: 1 } },
      source: 'disk.wic!p1',
    });
  });

  it.each([
    ['without an os-release', makePe(amd64, { '.linux': 'k' })],
    ['without a kernel', makePe(amd64, { '.osrel': 'ID=debian\n' })],
    ['that is no program', Buffer.from('no program')],
  ])('is not one %s', (_what, bytes) => {
    expect(read({ '/EFI/Linux/x.efi': bytes })).toBeUndefined();
  });

  it('comes once for each profile, with what the profile replaces', () => {
    const bytes = makePe(amd64, {
      '.osrel': 'ID=edge\n',
      '.cmdline': 'quiet',
      '.linux': 'k',
      '.profile': 'ID=main\n',
      // Stored in eight bytes, it is one more `.profile`.
      '.profile2': '',
    });
    const rescue = makePe(amd64, {
      '.osrel': 'ID=edge\n',
      '.linux': 'k',
      '.profile': 'ID=rescue\nTITLE=Rescue\n',
      '.cmdline': 'rescue',
    });
    expect(read({ '/EFI/Linux/a.efi': bytes })?.entries.map(({ id, options }) => [id, options?.text])).toEqual([
      ['a.efi@1', 'quiet'],
      ['a.efi', 'quiet'],
    ]);
    expect(
      read({ '/EFI/Linux/b.efi': rescue })?.entries.map(({ title, options }) => [title?.text, options?.text]),
    ).toEqual([['edge (Rescue)', 'rescue']]);
  });

  it('that is damaged leaves the others, and is damage', () => {
    const damage = new ImageError('corrupt', 'fat/bad-chain', 'its cluster chain is cut');
    const menu = read({ '/EFI/Linux/a.efi': { error: damage }, '/EFI/Linux/b.efi': unified() });
    expect(menu?.entries.map(({ id }) => id)).toEqual(['b.efi']);
    expect(menu?.diagnostics).toMatchObject([{ level: 'damage', code: 'fat/bad-chain' }]);
    expect(read({ '/EFI/Linux/a.efi': { error: damage } })).toMatchObject({ entries: [], diagnostics: [{}] });
  });
});

describe('a unified image started by its path', () => {
  const cmdline = { '.cmdline': 'root=PARTLABEL=a' };

  it('is what the firmware starts, before any loader that is not there', () => {
    const esp = {
      '/EFI/BOOT/BOOTX64.EFI': unified(cmdline),
      '/loader/entries/b.conf': 'linux /vmlinuz\n',
      '/vmlinuz': '',
    };
    const { menus } = readBootMenus([placeOf('esp', 1, esp)]);
    expect(menus.map(({ loader }) => loader)).toEqual(['firmware', 'systemd-boot']);
    expect(menus[0]?.default).toMatchObject({ id: 'BOOTX64.EFI', options: { text: 'root=PARTLABEL=a' } });
  });

  it('is no entry where a loader lies in its place', () => {
    expect(
      firmware.read([placeOf('esp', 1, { '/EFI/BOOT/BOOTX64.EFI': makePe(amd64, { '.sdmagic': 'x' }) })]),
    ).toBeUndefined();
  });

  it.each([
    ['its own command line', '', 'root=PARTLABEL=a'],
    ['the command line of the entry', 'options root=PARTLABEL=b\n', 'root=PARTLABEL=b'],
  ])('by an entry gets %s and its initrd', (_what, options, expected) => {
    const esp = { '/loader/entries/a.conf': `uki /linux.efi\n${options}`, '/linux.efi': unified(cmdline) };
    const { menus } = readBootMenus([placeOf('esp', 1, esp)]);
    expect(menus[0]?.default).toMatchObject({
      id: 'a.conf',
      options: { text: expected },
      initrd: [{ text: '/linux.efi', section: '.initrd' }],
    });
  });

  it('made by EFI Boot Guard has its command line in UTF-16', () => {
    const bytes = makePe(amd64, { '.cmdline': utf16('root=PARTLABEL=ä'), '.kernel': 'k', '.initrd': '070701' });
    expect(firmware.read([placeOf('esp', 1, { '/EFI/BOOT/BOOTX64.EFI': bytes })])?.default).toMatchObject({
      options: { text: 'root=PARTLABEL=ä' },
      initrd: [{ section: '.initrd' }],
    });
  });
});
