/** EFI Boot Guard: which of its configurations boots, and where its kernel lies. Environment and kernel come from its own tools. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { crc32 } from '../../../src/bytes/checksums/crc32.ts';
import type { MemoryTree } from '../../../src/filesystems/memory.ts';
import { bootGuard } from '../../../src/root/boot-entries/boot-guard.ts';
import { readBootMenus } from '../../../src/root/boot-entries/read-boot-menus.ts';
import { bootGuardFields } from '../../../src/volumes/boot-guard/boot-guard-environment.ts';
import { makePe } from '../../facts/boot/make-pe.ts';
import { placeOf } from './places.ts';

const fixture = (path: string): Buffer => gunzipSync(readFileSync(join(import.meta.dirname, '../../fixtures', path)));
const written = fixture('volumes-virtual/BGENV.DAT.gz');
const kernel = fixture('boot-entries/boot-guard-kernel.efi.gz');
const label = (text: string): Buffer => Buffer.from(text, 'utf16le');

interface Change {
  readonly revision?: number;
  readonly ustate?: number;
  readonly inProgress?: number;
  readonly kernel?: string;
}

/** The written environment with other values, sealed again. */
function environment(change: Change): Buffer {
  const bytes = Buffer.from(written);
  bytes.writeUInt32LE(change.revision ?? 1, bootGuardFields.revision.offset);
  bytes.writeUInt8(change.ustate ?? 0, bootGuardFields.ustate.offset);
  bytes.writeUInt8(change.inProgress ?? 0, bootGuardFields.in_progress.offset);
  if (change.kernel !== undefined) {
    bytes.fill(0, bootGuardFields.kernelfile.offset, bootGuardFields.kernelfile.length);
    bytes.write(change.kernel, bootGuardFields.kernelfile.offset, 'utf16le');
  }
  bytes.writeUInt32LE(crc32(bytes.subarray(0, bootGuardFields.crc32.offset)), bootGuardFields.crc32.offset);
  return bytes;
}

const slot = (name: string, change: Change, more: MemoryTree = {}): MemoryTree => ({
  '/EFILABEL': label(`${name}\n`),
  '/BGENV.DAT': environment({ kernel: `C:${name}:linux.efi`, ...change }),
  '/linux.efi': kernel,
  ...more,
});
const read = (...trees: readonly MemoryTree[]) =>
  bootGuard.read([placeOf('esp', 1, {}), ...trees.map((tree, index) => placeOf('esp', index + 2, tree))]);

it('starts the kernel that bg_setenv was told, with what bg_gen_unified_kernel put into it', () => {
  const menu = read({ '/EFILABEL': label('BOOT0'), '/BGENV.DAT': written, '/linux.efi': kernel });
  expect(menu?.default).toEqual({
    loader: 'efi-boot-guard',
    id: 'BOOT0 revision 7',
    linux: { text: '/linux.efi', location: { source: 'disk.wic!p2', path: '/BGENV.DAT' } },
    initrd: [{ text: '/linux.efi', section: '.initrd', location: { source: 'disk.wic!p2:/linux.efi!.initrd' } }],
    options: {
      text: 'root=PARTLABEL=systema ro quiet',
      location: { source: 'disk.wic!p2:/linux.efi!.cmdline', line: 1 },
    },
    source: 'disk.wic!p2',
  });
});

describe('of two configurations', () => {
  const cases: readonly (readonly [string, string, Change, Change])[] = [
    ['the highest revision boots', 'BOOT1', { revision: 2 }, { revision: 3 }],
    ['an update that was installed boots', 'BOOT1', { revision: 2 }, { revision: 3, ustate: 1 }],
    ['one that was tried and not confirmed is passed over', 'BOOT0', { revision: 2 }, { revision: 3, ustate: 2 }],
    ['one that is being written is passed over', 'BOOT0', { revision: 2 }, { revision: 3, inProgress: 1 }],
    ['one that failed has no revision', 'BOOT0', { revision: 2 }, { revision: 0, ustate: 3 }],
  ];
  it.each(cases)('%s', (_what, expected, first, second) => {
    const menu = read(slot('BOOT0', first), slot('BOOT1', second));
    expect(menu?.entries.length).toBe(2);
    expect(menu?.default?.id).toMatch(new RegExp(`^${expected} `));
  });

  it('one whose checksum does not hold is passed over, and told', () => {
    const broken = environment({ revision: 9 });
    broken.writeUInt8(1, bootGuardFields.userdata.offset);
    const menu = read(slot('BOOT0', {}), { '/EFILABEL': label('BOOT1'), '/BGENV.DAT': broken });
    expect(menu?.default?.id).toBe('BOOT0 revision 1');
    expect(menu?.diagnostics).toMatchObject([{ level: 'note', code: 'boot-guard/bad-checksum' }]);
  });
});

describe('its kernel', () => {
  it('may lie on a partition of that volume label', () => {
    const menu = read(slot('BOOT0', { kernel: 'L:fs3:vmlinuz' }), { '/vmlinuz': makePe(0x8664, { '.text': 'x' }) });
    expect(menu?.default).toMatchObject({
      linux: { text: '/vmlinuz' },
      options: { text: 'root=PARTLABEL=systema ro quiet' },
      initrd: [],
      source: 'disk.wic!p3',
    });
  });

  it('is elsewhere where no partition has the label', () => {
    expect(read(slot('BOOT0', { kernel: 'C:BOOT7:linux.efi' }))?.default).toMatchObject({
      source: 'C:BOOT7:linux.efi',
    });
  });
});

it('is told by the words of its program where another loader has files as well', () => {
  const program = makePe(0x8664, { '.text': Buffer.from('EFI Boot Guard %s', 'utf16le').toString('latin1') });
  const esp = { '/EFI/BOOT/BOOTX64.EFI': program, '/loader/entries/a.conf': 'linux /vmlinuz\n', '/vmlinuz': '' };
  const { menus } = readBootMenus([placeOf('esp', 1, esp), placeOf('esp', 2, slot('BOOT0', {}))]);
  expect(menus.map(({ loader }) => loader)).toEqual(['efi-boot-guard', 'systemd-boot']);
});
