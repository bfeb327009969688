import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catCommand } from '../../../src/cli/commands/cat.ts';
import { findCommand } from '../../../src/cli/commands/find.ts';
import { inspectCommand } from '../../../src/cli/commands/inspect.ts';
import { lsCommand } from '../../../src/cli/commands/ls.ts';
import { readlinkCommand } from '../../../src/cli/commands/readlink.ts';
import { statCommand } from '../../../src/cli/commands/stat.ts';
import { UsageError } from '../../../src/cli/usage-error.ts';

const disks = join(import.meta.dirname, '../../fixtures/disks');
const plain = join(disks, 'plain.wic.zst');
const slots = join(disks, 'slots.wic.zst');
const mbr = join(disks, 'mbr.wic.zst');

/** Runs one command as the program would. */
async function run(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const program = new Command().exitOverride();
  const output = { code: 0, out: '', err: '' };
  for (const entry of [lsCommand, catCommand, statCommand, findCommand, readlinkCommand, inspectCommand]) {
    entry.declare(program, async (work) => {
      output.code = await work({
        out: (text) => {
          output.out += text;
        },
        err: (text) => {
          output.err += text;
        },
        write: async (bytes) => {
          output.out += Buffer.from(bytes).toString('latin1');
        },
        color: false,
      });
    });
  }
  await program.parseAsync(argv, { from: 'user' });
  return output;
}

describe('cat', () => {
  it('writes files of the composed root, of one partition, of the other slot', async () => {
    expect(await run('cat', `${plain}:/etc/hostname`, `${plain}:/vmlinuz`)).toEqual({
      code: 0,
      out: 'node\nkernel\n',
      err: '',
    });
    expect((await run('cat', `${plain}!p1:/loader/loader.conf`)).out).toBe('default boot\ntimeout 0\n');
    expect((await run('cat', '--slot', 'APP_b', `${slots}:/etc/hostname`)).out).toBe('slot-b\n');
  });

  it('goes on after what is not there, and ends with 1', async () => {
    const { code, out, err } = await run('cat', `${plain}:/none`, `${plain}:/etc`, `${plain}:/etc/hostname`);
    expect({ code, out }).toEqual({ code: 1, out: 'node\n' });
    expect(err).toMatch(/there is no .*\/none\n.*\/etc is a directory, not a regular file\n$/);
  });

  it('ends with 3 where the image cannot be read', async () => {
    const { code, err } = await run('cat', `${mbr}:/data/x`);
    expect(code).toBe(3);
    expect(err).toMatch(/^check-image: .*LUKS-encrypted.*\n$/);
  });

  it('needs a path', async () => {
    await expect(run('cat', plain)).rejects.toThrow(UsageError);
  });
});

describe('ls', () => {
  it('lists names, links on the command line followed', async () => {
    expect((await run('ls', plain)).out.split('\n')).toEqual([
      'boot',
      'data',
      'etc',
      'lib',
      'lost+found',
      'usr',
      'var',
      'vmlinuz',
      '',
    ]);
    expect((await run('ls', `${plain}:/lib`)).out).toBe('systemd\n');
    expect((await run('ls', '-d', `${plain}:/lib`)).out).toBe('/lib\n');
  });

  it('shows modes, owners, sizes, times and targets in columns', async () => {
    const { out } = await run('ls', '-l', plain);
    expect(out.split('\n').filter((line) => /etc|lib|vmlinuz/.test(line))).toEqual([
      'drwxr-xr-x 2 0 0  1024 2026-01-01 00:00 etc',
      'lrwxrwxrwx 1 0 0     7 2026-01-01 00:00 lib -> usr/lib',
      'lrwxrwxrwx 1 0 0    17 2026-01-01 00:00 vmlinuz -> boot/vmlinuz-6.12',
    ]);
    expect((await run('ls', '-l', `${plain}:/lib`)).out).toMatch(/^lrwxrwxrwx .* \/lib -> usr\/lib\n$/);
  });

  it('goes down with -R, and past what cannot be read', async () => {
    expect((await run('ls', '-R', `${plain}:/usr`)).out).toBe(
      '/usr:\nlib\n\n/usr/lib:\nsystemd\n\n/usr/lib/systemd:\nsystemd\n',
    );
    const { code, out, err } = await run('ls', '-R', mbr);
    expect(code).toBe(3);
    expect(out).toContain('/etc:\nfstab\nhostname\nos-release\n');
    expect(err).toMatch(/^check-image: \/data: .*LUKS/);
  });

  it('says what is not there', async () => {
    expect(await run('ls', `${plain}:/none`)).toMatchObject({ code: 1, out: '' });
  });
});

describe('stat', () => {
  it('shows what is known, and where it lies', async () => {
    const { out } = await run('stat', '-L', `${plain}:/vmlinuz`);
    expect(out).toMatch(/^File: {9}\/vmlinuz\nSize: {9}7 {2}regular file\n/);
    expect(out).toContain(
      'Through:      /vmlinuz -> boot/vmlinuz-6.12\nLies at:      plain.wic.zst!p1:/vmlinuz-6.12\n',
    );
    expect((await run('stat', `${plain}:/vmlinuz`)).out).toContain('symbolic link');
  });

  it('gives all of it as JSON', async () => {
    const { out } = await run('stat', '--json', `${plain}:/etc/hostname`);
    expect(JSON.parse(out)).toMatchObject({
      path: '/etc/hostname',
      type: 'file',
      mode: 0o644,
      size: 5,
      modified: { seconds: 1767225600 },
      location: { source: 'plain.wic.zst!p2', path: '/etc/hostname' },
      attributes: [],
    });
  });
});

describe('find', () => {
  it('walks through mounts, parents first', async () => {
    expect((await run('find', `${plain}:/boot`)).out).toBe(
      [
        '/boot',
        '/boot/loader',
        '/boot/loader/entries',
        '/boot/loader/entries/boot.conf',
        '/boot/loader/loader.conf',
        '/boot/vmlinuz-6.12',
        '',
      ].join('\n'),
    );
  });

  it.each([
    [['--name', '*.conf'], '/boot/loader/entries/boot.conf\n/boot/loader/loader.conf\n'],
    [['--type', 'l'], '/lib\n/vmlinuz\n'],
    [['--max-depth', '1', '--type', 'd', '--name', '[bv]*'], '/boot\n/var\n'],
    [['-x', '--name', 'vm*'], '/vmlinuz\n'],
    [['-0', '--name', 'hostname'], '/etc/hostname\0'],
  ])('with %j prints what matches', async (options, paths) => {
    expect((await run('find', ...options, plain)).out).toBe(paths);
  });

  it('refuses a depth that is no number', async () => {
    await expect(run('find', '--max-depth', 'x', plain)).rejects.toThrow(UsageError);
  });
});

describe('readlink', () => {
  it('prints the target as stored, or the end inside the image', async () => {
    expect((await run('readlink', `${plain}:/vmlinuz`)).out).toBe('boot/vmlinuz-6.12\n');
    expect((await run('readlink', '-f', `${plain}:/lib/systemd/../..`)).out).toBe('/usr\n');
  });

  it.each([
    [[`${plain}:/etc`], /is not a symlink/],
    [[`${plain}:/none`], /there is no/],
    [['-f', `${mbr}:/vmlinuz`], /ends at \/boot\/vmlinuz-6.12: a link points to nothing/],
  ])('%j ends with 1', async (argv, message) => {
    expect(await run('readlink', ...argv)).toMatchObject({ code: 1, out: '', err: expect.stringMatching(message) });
  });
});

describe('inspect', () => {
  it('shows layers, root, boot entry and system', async () => {
    const { code, out } = await run('inspect', plain);
    expect(code).toBe(0);
    expect(out.split('\n').slice(0, 16)).toEqual([
      expect.stringMatching(/^plain\.wic\.zst {3}\d+ bytes$/),
      expect.stringMatching(/^zst {18}\d+ bytes$/),
      '└─ gpt                 2600 KiB                        11111111-2222-4333-8444-000000000000',
      '   ├─ p1 "efi"          512 KiB  vfat "EFI"      /boot ABCD-1234',
      '   ├─ p2 "platform"    1024 KiB  ext4 "platform" /     00000000-0000-4000-8000-000000000002',
      '   └─ p3 "swap"         512 KiB  swap                  00000000-0000-4000-8000-000000000003',
      '',
      'system     debian 13, isar, architecture unknown',
      'host name  node',
      'kernel     6.12, 0 modules',
      'node       no k3s',
      'packages   no database',
      'root       p2: root=PARTLABEL=platform of the boot entry',
      'boot       systemd-boot boot.conf "boot"  p1:/loader/entries/boot.conf:2',
      'options    LABEL=Boot root=PARTLABEL=platform quiet',
      'because    fstab begins with "# Begin /etc/fstab", as ISAR writes it  p2:/etc/fstab:1',
    ]);
  });

  it('answers for one fact', async () => {
    const { out } = await run('inspect', '--fact', 'file=/vmlinuz', plain);
    expect(JSON.parse(out)).toMatchObject({ value: { state: 'present', resolved: '/boot/vmlinuz-6.12' } });
    await expect(run('inspect', '--fact', 'plattform', plain)).rejects.toThrow(
      /there is no fact plattform; .*platform/,
    );
    await expect(run('inspect', '--fact', 'file', plain)).rejects.toThrow(/asked for by name/);
  });

  it('ends with 3 for what is no image, and goes on', async () => {
    const { code, out, err } = await run('inspect', import.meta.filename, plain);
    expect(code).toBe(3);
    expect(err).toMatch(/^check-image: .*look like text\n$/);
    expect(out).toContain('plain.wic.zst');
  });
});

describe('names that are not what they seem', () => {
  let scratch: string;
  beforeAll(() => {
    scratch = mkdtempSync(join(tmpdir(), 'check-image-names-'));
    mkdirSync(join(scratch, 'etc'));
    writeFileSync(join(scratch, 'etc/os-release'), 'ID=debian\n');
    writeFileSync(join(scratch, 'etc/evil\x1b[2Jname'), '');
    symlinkSync('to\nnowhere', join(scratch, 'etc/link'));
    writeFileSync(Buffer.concat([Buffer.from(`${scratch}/etc/`), Buffer.of(0xff)]), '');
  });
  afterAll(() => rmSync(scratch, { recursive: true }));

  it('are escaped in every listing', async () => {
    expect((await run('ls', `${scratch}:/etc`)).out).toBe('evil\\x1b[2Jname\nlink\nos-release\n\\xff\n');
    expect((await run('ls', '-l', `${scratch}:/etc/link`)).out).toMatch(/ -> to\\x0anowhere\n$/);
    expect((await run('find', `${scratch}:/etc`)).out).toContain('/etc/evil\\x1b[2Jname\n');
    expect((await run('readlink', `${scratch}:/etc/link`)).out).toBe('to\\x0anowhere\n');
  });

  it('are themselves between NULs', async () => {
    expect((await run('find', '-0', '--type', 'f', `${scratch}:/etc`)).out).toContain('/etc/\xff\0');
  });
});
