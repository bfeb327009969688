/**
 * The built server started by other loaders: the same kernel, initrd and command line as one unified image that systemd-boot offers,
 * that the firmware starts itself, or that EFI Boot Guard starts. The chain stays whole, and each image is made by the real tools.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EspChange } from './boot-mutants.ts';
import { builtImage, checkImage } from './check-image.ts';
import { Esp } from './esp.ts';
import { MutantDisk } from './mutant-disk.ts';

const rootOffset = 257 * 1024 * 1024;
const entry = '/loader/entries/boot.conf';
const loader = '/EFI/BOOT/BOOTX64.EFI';
const stub = '/usr/lib/systemd/boot/efi/linuxx64.efi.stub';
const guard = '/usr/lib/x86_64-linux-gnu/efibootguard';

function run(program: string, args: readonly string[]): void {
  const ran = spawnSync(program, args, { encoding: 'utf8' });
  if (ran.status !== 0) throw new Error(`${program} ${args.join(' ')}: ${ran.stderr}`);
}

describe('a server started by', () => {
  const disk = new MutantDisk(builtImage('k3s-server.wic'), rootOffset);
  const esp = new Esp(disk.path, '1M');
  const folder = mkdtempSync(join(tmpdir(), 'check-image-loaders-'));
  const at = (name: string): string => join(folder, name);
  afterAll(() => {
    esp.close();
    disk.close();
    rmSync(folder, { recursive: true, force: true });
  });

  beforeAll(() => {
    esp.makeFolders('/EFI/Linux');
    esp.fetch(entry, at('entry'));
    const lines = readFileSync(at('entry'), 'utf8').split('\n');
    const value = (key: string): string =>
      lines
        .find((line) => line.startsWith(`${key} `))
        ?.slice(key.length)
        .trim() ?? '';
    esp.fetch(value('linux'), at('kernel'));
    esp.fetch(value('initrd'), at('initrd'));
    writeFileSync(at('cmdline'), value('options'));
    writeFileSync(at('osrel'), 'ID=debian\nVERSION_ID=13\nPRETTY_NAME="Debian"\n');
    const sections = { osrel: 0x20000, cmdline: 0x30000, linux: 0x2000000, initrd: 0x4000000 };
    const added = Object.entries(sections).flatMap(([name, address]) => [
      ...['--add-section', `.${name}=${at(name === 'linux' ? 'kernel' : name)}`],
      ...['--change-section-vma', `.${name}=0x${address.toString(16)}`],
    ]);
    run('objcopy', [...added, stub, at('unified.efi')]);
    const own = ['--cmdline', value('options'), '--initrd', at('initrd'), `${guard}/kernel-stubx64.efi`];
    run('bg_gen_unified_kernel', [...own, at('kernel'), at('guarded.efi')]);
    run('bg_setenv', ['-f', at('BGENV.DAT'), '--kernel=C:BOOT0:linux.efi', '--revision=1', '--ustate=OK']);
    writeFileSync(at('EFILABEL'), Buffer.from('BOOT0', 'utf16le'));
  });

  const cases: readonly (readonly [string, RegExp, () => readonly EspChange[]])[] = [
    [
      'systemd-boot from EFI/Linux',
      /systemd-boot starts linux\.efi\n/,
      () => [{ remove: entry }, { put: '/EFI/Linux/linux.efi', file: at('unified.efi') }],
    ],
    [
      'the firmware itself',
      /firmware starts BOOTX64\.EFI\n/,
      () => [{ remove: entry }, { put: loader, file: at('unified.efi') }],
    ],
    [
      'EFI Boot Guard',
      /efi-boot-guard starts BOOT0 revision 1\n/,
      () => [
        { put: loader, file: `${guard}/efibootguardx64.efi` },
        { put: '/BGENV.DAT', file: at('BGENV.DAT') },
        { put: '/EFILABEL', file: at('EFILABEL') },
        { put: '/linux.efi', file: at('guarded.efi') },
      ],
    ],
  ];

  it.each(cases)('%s has a whole chain', (_what, starts, changes) => {
    const { code, stdout } = esp.with(changes(), () => checkImage('boot', disk.path));
    expect(stdout).toMatch(starts);
    expect(stdout).toMatch(/unified kernel image/);
    expect(stdout).toMatch(/drivers for virtio/);
    expect(stdout).toMatch(/\nno link is broken\n$/);
    expect(code).toBe(0);
  });
});
