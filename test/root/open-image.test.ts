import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ImageError } from '../../src/errors.ts';
import { defaultLimits } from '../../src/limits.ts';
import type { Layer } from '../../src/root/layer.ts';
import { type OpenedImage, type OpenImageOptions, openImage } from '../../src/root/open-image.ts';

/** Where the extended partition of mbr.img begins. */
const EXTENDED = 6144 * 512;
const disks = join(import.meta.dirname, '../fixtures/disks');
let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'check-image-open-'));
});
afterAll(() => rmSync(scratch, { recursive: true }));

/** Opens an image, hands it to `look`, closes it. */
async function withImage<T>(
  path: string,
  look: (image: OpenedImage) => T,
  options: Partial<OpenImageOptions> = {},
): Promise<T> {
  const image = await openImage(path, { limits: defaultLimits, ...options });
  try {
    return look(image);
  } finally {
    image.close();
  }
}
const fixture = (name: string): string => join(disks, name);
function made(name: string, content: Uint8Array | string): string {
  const path = join(scratch, name);
  writeFileSync(path, content);
  return path;
}
const refusal = (path: string, options: Partial<OpenImageOptions> = {}): Promise<ImageError> =>
  withImage(path, () => undefined, options).then(
    () => expect.fail(`${path} was opened`),
    (error: unknown) => error as ImageError,
  );
/** `zst(gpt(p1(vfat) p2(ext4) p3(swap)))` */
function outline({ format, children }: Layer): string {
  return children.length === 0 ? format : `${format}(${children.map(outline).join(' ')})`;
}
const mountsOf = ({ view, label }: OpenedImage): string[] =>
  view.mounts.map(({ path, fileSystem }) => `${path} ${fileSystem.label.slice(label.length)}`);

describe('a disk as wic makes it', () => {
  it.each(['plain.wic.zst', 'plain.wic.gz'])('is opened with its ESP at /boot: %s', async (name) => {
    await withImage(fixture(name), (image) => {
      expect(outline(image.layer).replace(/^\w+/, '')).toBe('(gpt(p1(vfat) p2(ext4) p3(swap)))');
      expect(mountsOf(image)).toEqual(['/ !p2', '/boot !p1']);
      expect(image.view.readText('/vmlinuz')).toBe('kernel\n');
      expect(image.view.readText('/etc/hostname')).toBe('node\n');
      expect(image.facts.commandLine).toEqual({
        text: 'LABEL=Boot root=PARTLABEL=platform quiet',
        location: { source: `${name}!p1`, path: '/loader/entries/boot.conf', line: 3 },
      });
      expect(image.slots).toEqual([]);
      expect(image.diagnostics).toEqual([]);
    });
  });

  it('reads the same without its compression', async () => {
    const path = made('raw.img', gunzipSync(readFileSync(fixture('plain.wic.gz'))));
    await withImage(path, (image) => {
      expect(outline(image.layer)).toBe('gpt(p1(vfat) p2(ext4) p3(swap))');
      expect(image.view.locate('/etc/hostname')).toEqual({ source: 'raw.img!p2', path: '/etc/hostname' });
    });
  });

  it('that holds no root tells of the damage its table shows: the root may be in what is not listed', async () => {
    const bytes = gunzipSync(readFileSync(join(import.meta.dirname, '../fixtures/volumes/mbr.img.gz')));
    const { message: whole } = await refusal(made('whole.img', bytes));
    expect(whole).toContain('no root file system found');
    expect(whole).not.toContain('chain');
    // The signature of the first logical partition's record.
    bytes.fill(0, EXTENDED + 510, EXTENDED + 512);
    const error = await refusal(made('broken.img', bytes));
    expect(error.message).toContain('no root file system found');
    expect(error.message).toContain('the chain of logical partitions breaks');
    expect([error.kind, error.code]).toEqual(['corrupt', 'mbr/bad-record']);
  });

  it('with two slots opens the one that boots, or the one asked for', async () => {
    const slots = fixture('slots.wic.zst');
    await withImage(slots, (image) => {
      expect(image.view.readText('/etc/hostname')).toBe('slot-a\n');
      expect(image.root.because).toBe('root=PARTLABEL=APP of the boot entry');
      expect(mountsOf(image)).toEqual(['/ !p2', '/boot !p1', '/data !p4']);
      expect(image.view.exists('/data/rancher/token')).toBe('yes');
      expect(image.slots).toEqual([
        { name: 'p2', title: 'p2 "APP"', state: 'chosen' },
        { name: 'p3', title: 'p3 "APP_b"', state: 'root' },
        { name: 'p5', title: 'p5 "spare"', state: 'empty' },
      ]);
    });
    await withImage(
      slots,
      (image) => {
        expect(image.view.readText('/etc/hostname')).toBe('slot-b\n');
        expect(image.view.exists('/data/rancher/token')).toBe('unreadable');
      },
      { slot: 'APP_b' },
    );
    expect(await refusal(slots, { slot: '5' })).toMatchObject({ kind: 'input', code: 'root/empty-slot' });
  });

  it('with an MBR finds its root by extlinux, and says what is encrypted', async () => {
    await withImage(fixture('mbr.wic.zst'), (image) => {
      expect(outline(image.layer)).toBe('zst(mbr(p1(ext4) p2(luks)))');
      expect(image.root.because).toBe('root=PARTUUID=0badcafe-01 of the boot entry');
      expect(image.view.exists('/data/x')).toBe('unreadable');
      expect(image.diagnostics).toMatchObject([
        { level: 'damage', code: 'root/encrypted', location: { source: 'mbr.wic.zst!p2' } },
      ]);
    });
  });

  it('that is cut off says so', async () => {
    const whole = gunzipSync(readFileSync(fixture('plain.wic.gz')));
    expect(await refusal(made('cut.wic', whole.subarray(0, 1_000_000)))).toMatchObject({ kind: 'truncated' });
    const compressed = readFileSync(fixture('plain.wic.zst'));
    expect(await refusal(made('cut.zst', compressed.subarray(0, 1000)))).toMatchObject({ kind: 'truncated' });
  });
});

describe('other shapes', () => {
  it('a bare file system, whose ESP is not there', async () => {
    await withImage(fixture('root.ext4.zst'), (image) => {
      expect(outline(image.layer)).toBe('zst(ext4)');
      expect(image.view.exists('/vmlinuz')).toBe('unreadable');
      expect(image.diagnostics).toMatchObject([{ level: 'damage', code: 'root/no-such-device' }]);
    });
  });

  it('a folder, also by a link to it', async () => {
    const folder = join(scratch, 'tree');
    mkdirSync(join(folder, 'etc'), { recursive: true });
    writeFileSync(join(folder, 'etc/os-release'), 'ID=debian\n');
    symlinkSync('tree', join(scratch, 'link'));
    for (const name of ['tree', 'link', 'tree/']) {
      await withImage(join(scratch, name), (image) => {
        expect(image.view.readText('/etc/os-release')).toBe('ID=debian\n');
        expect(image.label).toBe(name.replace('/', ''));
      });
    }
  });

  it('a file by a link to it, as nix build leaves one', async () => {
    made('behind.wic.zst', readFileSync(fixture('plain.wic.zst')));
    symlinkSync('behind.wic.zst', join(scratch, 'result'));
    await withImage(join(scratch, 'result'), ({ label }) => expect(label).toBe('result'));
    symlinkSync('gone', join(scratch, 'nowhere'));
    await expect(openImage(join(scratch, 'nowhere'), { limits: defaultLimits })).rejects.toThrow(
      /there is no .*nowhere/,
    );
  });

  it('brings the side files of an ISAR build', async () => {
    made('node.wic.zst', readFileSync(fixture('plain.wic.zst')));
    made('node.manifest', 'a|1|a:amd64|1\n');
    made('node.dpkg_status', 'Package: a\n');
    await withImage(join(scratch, 'node.wic.zst'), ({ facts }) => {
      expect(facts.sideFiles).toEqual([
        { kind: 'manifest', name: 'node.manifest', text: 'a|1|a:amd64|1\n' },
        { kind: 'dpkg-status', name: 'node.dpkg_status', text: 'Package: a\n' },
      ]);
    });
  });
});

describe('what is no image', () => {
  it.each([
    ['empty', new Uint8Array(0), 'input', 'empty is empty: 0 bytes'],
    ['text', 'hello\n', 'input', 'text is not an image check-image knows: its first bytes look like text'],
    [
      'page',
      '<!DOCTYPE html><p>404',
      'input',
      'page is not an image check-image knows: its first bytes look like an HTML page',
    ],
    ['zeros', new Uint8Array(100_000), 'input', 'zeros is not an image check-image knows: its first bytes are zeros'],
    [
      'noise',
      Uint8Array.from({ length: 99 }, (_, i) => (i * 167 + 129) % 256),
      'input',
      /begins with the bytes 81 28 cf 76/,
    ],
    ['program', '\x7fELF\x02\x01', 'input', 'program is an ELF program, not an image'],
    ['luks', Buffer.from('LUKS\xba\xbe\0\x02', 'latin1'), 'unsupported', /is a LUKS-encrypted volume/],
    ['xfs', `XFSB${'\0'.repeat(4096)}`, 'unsupported', 'xfs is an XFS file system, which check-image does not read'],
  ])('%s: one clear line', async (name, content, kind, message) => {
    const error = await refusal(made(name, content));
    expect(error).toBeInstanceOf(ImageError);
    expect(error.kind).toBe(kind);
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain('\n');
  });

  it('nothing at all, and a folder without a root', async () => {
    expect(await refusal(join(scratch, 'gone'))).toMatchObject({ kind: 'input', code: 'host/enoent' });
    mkdirSync(join(scratch, 'hollow'));
    expect(await refusal(join(scratch, 'hollow'))).toMatchObject({ kind: 'input', code: 'root/no-root' });
  });
});

describe('damage anywhere in a disk', () => {
  /** A linear congruential generator: the same bytes in every run. */
  function* numbers(seed: number): Generator<number> {
    for (let state = seed; ; ) {
      state = (state * 1103515245 + 12345) % 2 ** 31;
      yield state;
    }
  }

  it('ends in an image or an ImageError', async () => {
    const disk = gunzipSync(readFileSync(fixture('plain.wic.gz')));
    const random = numbers(20260101);
    const next = (below: number): number => (random.next().value as number) % below;
    let opened = 0;
    for (let round = 0; round < 60; round++) {
      const bytes = Uint8Array.from(disk);
      for (let i = 0; i < 200; i++) bytes[next(bytes.length / 4) * (round % 2 === 0 ? 1 : 4)] = next(256);
      const path = made('fuzz.wic', bytes);
      try {
        opened += await withImage(path, ({ view }) => {
          for (const name of ['/etc/fstab', '/vmlinuz', '/boot/loader/loader.conf', '/usr/lib/systemd'])
            view.resolve(name);
          return 1;
        });
      } catch (error) {
        expect(error).toBeInstanceOf(ImageError);
      }
    }
    expect(opened).toBeGreaterThan(0);
  });
});
