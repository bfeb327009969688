/** Mounts by partition type, against what the generator of systemd 257 wrote for the same disk (test/fixtures/systemd/gpt-auto/make.sh). */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Generated } from '../../../../src/facts/systemd/generators/generated.ts';
import { runGenerators } from '../../../../src/facts/systemd/generators/run-generators.ts';
import { UnitSet } from '../../../../src/facts/systemd/unit-set.ts';
import { MemoryFileSystem, type MemoryTree } from '../../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../../src/limits.ts';
import type { BootSetup } from '../../../../src/root/image-facts.ts';
import type { Content, Device } from '../../../../src/root/layer.ts';
import { RootView } from '../../../../src/root/root-view.ts';

const uuid = (number: number): string => `00000000-0000-4000-8000-00000000000${number}`;
const varUuid = 'c0c46eff-e386-4746-a2bd-0962cd326ea2';

interface Row {
  readonly type: string;
  readonly format: string;
  readonly uuid?: string;
  readonly attributes?: string;
}

/** The disk of make.sh, p1 first. */
const disk: readonly Row[] = [
  { type: 'c12a7328-f81f-11d2-ba4b-00a0c93ec93b', format: 'vfat' },
  { type: '4f68bce3-e8cd-4db1-96e7-fbcaf984b709', format: 'ext4' },
  { type: '933ac7e1-2eb4-4f13-b844-0e14e2aef915', format: 'ext4', attributes: '0800000000000000' },
  { type: '3b8f8425-20e0-4f3b-907f-1a25a76f98e8', format: 'ext4', attributes: '1000000000000000' },
  { type: '7ec6f557-3bc5-4aca-b293-16ef5df639d1', format: 'ext4' },
  { type: '0657fd6d-a4ab-43c4-84e5-0933c84b4f4f', format: 'swap' },
  { type: 'bc13c2ff-59e6-4262-a352-b275fd6f7172', format: 'vfat' },
  { type: '4d21b016-b534-45c2-a9fb-5c16e091fd2d', format: 'ext4', uuid: varUuid },
  { type: '933ac7e1-2eb4-4f13-b844-0e14e2aef915', format: 'ext4' },
];

class Formatted extends MemoryFileSystem {
  override readonly format: 'memory';
  constructor(format: string) {
    super({});
    this.format = format as 'memory';
  }
}

function toDevice({ type, format, attributes = '0', uuid: own }: Row, at: number): Device {
  const number = at + 1;
  const content: Content =
    format === 'swap' ? { state: 'swap' } : { state: 'filesystem', fileSystem: new Formatted(format) };
  const partition = {
    number,
    table: 'gpt',
    type,
    uuid: own ?? uuid(number),
    name: '',
    start: 0,
    size: 1,
    attributes,
  } as const;
  return { name: `p${number}`, label: `disk!p${number}`, size: 1, partition, content };
}

const tree: MemoryTree = {
  '/usr/lib/systemd/system-generators/systemd-gpt-auto-generator': { text: 'a program\n', mode: 0o755 },
  '/usr/sbin/fsck.ext4': { text: 'a program\n', mode: 0o755 },
  '/etc/machine-id': '0123456789abcdef0123456789abcdef\n',
  '/boot': { directory: true },
  '/home': { directory: true },
  '/srv': { directory: true },
  '/var': { directory: true },
};

interface Case {
  readonly rows?: readonly Row[];
  readonly commandLine: string;
  readonly loader: string;
  readonly more?: MemoryTree;
}

const fstab = '/dev/vda9 /home ext4 defaults 0 0\n/dev/vda8 /boot vfat defaults 0 0\n/swapfile none swap sw 0 0\n';
const withoutExtended = disk.map((row, at) =>
  at === 6 ? { ...row, type: '0fc63daf-8483-4772-8e79-3d69d8477de4' } : row,
);
const cases: Readonly<Record<string, Case>> = {
  bios: { commandLine: 'console=ttyS0', loader: 'extlinux' },
  'efi-unknown': { commandLine: 'root=LABEL=root', loader: 'grub' },
  efi: { commandLine: 'root=LABEL=root rw', loader: 'systemd-boot' },
  'efi-root': { commandLine: 'quiet', loader: 'systemd-boot' },
  fstab: {
    commandLine: 'root=LABEL=root systemd.swap=yes',
    loader: 'systemd-boot',
    more: { '/etc/fstab': fstab, '/srv/data': { directory: true }, '/efi': { directory: true } },
  },
  'esp-only': {
    rows: withoutExtended,
    commandLine: 'root=LABEL=root systemd.swap=no',
    loader: 'systemd-boot',
    more: {
      '/etc/fstab': '/dev/vda9 /opt ext4 defaults 0 0\n',
      '/srv/data': { directory: true },
      '/efi': { directory: true },
    },
  },
  off: { commandLine: 'systemd.gpt_auto=0', loader: 'systemd-boot' },
};

function setup({ rows = disk, commandLine, loader, more = {} }: Case) {
  const devices = rows.map(toDevice);
  const rootDevice = devices[1];
  if (!rootDevice) throw new Error('the disk has no second partition');
  const view = new RootView([{ path: '/', fileSystem: new MemoryFileSystem({ ...tree, ...more }) }], defaultLimits);
  const entry = { loader, id: 'a', initrd: [], source: 'disk!p1' };
  const boot: BootSetup = { devices, rootDevice, menus: [], entry };
  return { view, boot, commandLine: { text: commandLine, location: { source: 'loader', path: '/entry.conf' } } };
}

/** What counts of a unit's text: no comments, and devices by the name that is used here. */
function normal(text: string, rows: readonly Row[]): string {
  const name = (number: string): string => rows[Number(number) - 1]?.uuid ?? uuid(Number(number));
  return text
    .replace(/by-diskseq\/1-part(\d)/g, (_, number: string) => `by-partuuid/${name(number)}`)
    .replace(
      /by\\x2ddiskseq-1\\x2dpart(\d)/g,
      (_, number: string) => `by\\x2dpartuuid-${name(number).replaceAll('-', '\\x2d')}`,
    )
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .join('\n');
}

/** Units and links by path, without the drop-ins, which are not made. */
function readRecord(name: string, rows: readonly Row[]): Readonly<Record<string, string>> {
  const text = readFileSync(new URL(`../../../fixtures/systemd/gpt-auto/${name}.txt`, import.meta.url), 'utf8');
  const blocks = text.split(/^=== \.\//m).slice(1);
  const files = blocks.map((block): readonly [string, string] => {
    const [head = '', ...lines] = block.split('\n');
    const [path = ''] = head.split(' -> ');
    return [normal(path, rows), normal(lines.join('\n'), rows)];
  });
  // The fstab generator asks for it in any case, which is what is made here.
  return Object.fromEntries(files.filter(([path]) => !/\.d\/|wants\/systemd-remount-fs\.service$/.test(path)));
}

function toRecord({ units, links }: Generated, rows: readonly Row[]): Readonly<Record<string, string>> {
  const late = new Set(units.filter((unit) => unit.late).map(({ origin }) => origin.source));
  return Object.fromEntries([
    ...units.filter((unit) => unit.late).map(({ name, text }) => [name, normal(text, rows)]),
    ...links
      .filter(({ origin }) => late.has(origin.source))
      .map(({ from, kind, to }) => [`${from}.${kind.toLowerCase()}/${to}`, '']),
  ]);
}

test.each(Object.keys(cases))('%s: the same units and links', (name) => {
  const each = cases[name];
  if (!each) throw new Error(name);
  const { view, boot, commandLine } = setup(each);
  const { generated, gaps } = runGenerators(view, commandLine, boot);
  expect(gaps).toEqual([]);
  expect(toRecord(generated, each.rows ?? disk)).toEqual(readRecord(name, each.rows ?? disk));
});

test('a masked generator, or none, makes nothing', () => {
  const path = '/etc/systemd/system-generators/systemd-gpt-auto-generator';
  const { view, boot, commandLine } = setup({ ...efi(), more: { [path]: { link: '/dev/null' } } });
  expect(runGenerators(view, commandLine, boot).generated.units).toEqual([]);
});

test('a unit of that name in the image comes first', () => {
  const file = '/usr/lib/systemd/system/home.mount';
  const { view, boot, commandLine } = setup({ ...efi(), more: { [file]: '[Mount]\nWhat=/dev/sdz\nWhere=/home\n' } });
  const set = new UnitSet(view, { commandLine, boot });
  expect(set.load('home.mount')?.fragmentPath).toBe(file);
  expect(set.load('srv.mount')?.fragmentPath).toBe('/run/systemd/generator.late/srv.mount');
  expect(set.load('srv.mount')?.fragment).toEqual({ source: 'disk!p4' });
});

test('partitions that are marked to be left alone are', () => {
  const rows = disk.map((row) => ({ ...row, attributes: '8000000000000000' }));
  const { view, boot, commandLine } = setup({ ...efi(), rows });
  expect(runGenerators(view, commandLine, boot).generated.units).toEqual([]);
});

function efi(): Case {
  return { commandLine: 'root=LABEL=root', loader: 'systemd-boot' };
}
