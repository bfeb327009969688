import { describe, expect, it } from 'vitest';
import type { MemoryTree } from '../../../src/filesystems/memory.ts';
import { systemdBoot } from '../../../src/root/boot-entries/systemd-boot.ts';
import { placeOf } from './places.ts';

const kernel = { '/vmlinuz': '' };
const read = (tree: MemoryTree) => systemdBoot.read([placeOf('esp', 1, { ...kernel, ...tree })]);
const entry = (lines = ''): string => `linux /vmlinuz\n${lines}`;

describe('systemd-boot', () => {
  it('reads what wic writes, with the place of every line', () => {
    const menu = read({
      '/loader/loader.conf': 'default boot\ntimeout 5\n',
      '/loader/entries/boot.conf':
        'title boot\nlinux /vmlinuz\noptions LABEL=Boot root=PARTLABEL=platform quiet\ninitrd /initrd.img\noptions rw\n',
    });
    const place = (line: number) => ({ source: 'disk.wic!p1', path: '/loader/entries/boot.conf', line });
    expect(menu?.default).toEqual({
      loader: 'systemd-boot',
      id: 'boot.conf',
      title: { text: 'boot', location: place(1) },
      linux: { text: '/vmlinuz', location: place(2) },
      options: { text: 'LABEL=Boot root=PARTLABEL=platform quiet rw', location: place(3) },
      initrd: [{ text: '/initrd.img', location: place(4) }],
      source: 'disk.wic!p1',
    });
    expect(menu?.location).toEqual({ source: 'disk.wic!p1', path: '/loader/loader.conf', line: 1 });
  });

  it.each([
    [
      'the newest version under one sort-key',
      'c.conf',
      {
        'a.conf': entry('sort-key nixos\nversion Generation 9'),
        'c.conf': entry('sort-key nixos\nversion Generation 10'),
      },
    ],
    ['a sort-key before none', 'a.conf', { 'z.conf': entry(), 'a.conf': entry('sort-key x') }],
    ['the highest name without sort-keys', 'v10.conf', { 'v9.conf': entry(), 'v10.conf': entry(), 'v1.conf': entry() }],
    ['an entry with tries left over a failed one', 'v1.conf', { 'v2+0-3.conf': entry(), 'v1.conf': entry() }],
    ['a counted entry without its counter', 'v2.conf', { 'v2+2-1.conf': entry(), 'v1.conf': entry() }],
    ['an entry whose kernel is there', 'v1.conf', { 'v2.conf': 'linux /gone', 'v1.conf': entry() }],
    ['the only entry even if its kernel is gone', 'v2.conf', { 'v2.conf': 'linux /gone' }],
    [
      'no file that is not an entry',
      'v1.conf',
      { 'v9.txt': entry(), 'auto-x.conf': entry(), 'v2.conf': 'title x', 'v1.conf': entry() },
    ],
  ] as const)('boots %s', (_what, id, files) => {
    const tree = Object.fromEntries(Object.entries(files).map(([name, text]) => [`/loader/entries/${name}`, text]));
    expect(read(tree)?.default?.id).toBe(id);
  });

  it.each([
    ['nixos-generation-*', 'nixos-generation-12.conf'],
    ['NIXOS-generation-7.conf', 'nixos-generation-7.conf'],
    ['nixos-generation-[1-8].conf', 'nixos-generation-7.conf'],
    ['@saved', 'other.conf'],
    ['nothing*', 'other.conf'],
  ])('takes default %s as %s', (pattern, id) => {
    const menu = read({
      '/loader/loader.conf': `default ignored\n#default x\ndefault ${pattern}`,
      '/loader/entries/nixos-generation-7.conf': entry(),
      '/loader/entries/nixos-generation-12.conf': entry(),
      '/loader/entries/other.conf': entry(),
    });
    expect(menu?.default?.id).toBe(id);
    expect(menu?.entries.map((each) => each.id)).toEqual([
      'other.conf',
      'nixos-generation-12.conf',
      'nixos-generation-7.conf',
    ]);
  });

  it('joins the entries of the ESP and of an extended boot partition', () => {
    const menu = systemdBoot.read([
      placeOf('esp', 1, { '/loader/loader.conf': 'default b*' }),
      placeOf('xbootldr', 2, { ...kernel, '/loader/entries/b.conf': entry() }),
    ]);
    expect(menu?.default).toMatchObject({ id: 'b.conf', source: 'disk.wic!p2' });
  });

  it('is not looked for in a root', () => {
    const tree = { ...kernel, '/loader/entries/b.conf': entry() };
    expect(systemdBoot.read([placeOf('root', 2, tree)])).toBeUndefined();
  });
});
