import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../../src/bytes/memory-source.ts';
import type { BytesField } from '../../../src/bytes/struct.ts';
import { cpio } from '../../../src/filesystems/cpio/cpio.ts';
import type { CpioFileSystem } from '../../../src/filesystems/cpio/cpio-file-system.ts';
import { NEWC, NEWC_SIZE, ODC } from '../../../src/filesystems/cpio/header.ts';
import { openCpio } from '../../../src/filesystems/cpio/open-cpio.ts';
import { defaultLimits, type Limits } from '../../../src/limits.ts';
import { describeConformance, walk } from '../conformance.ts';
import { readExpectation } from '../expectation.ts';
import { createRandom, outcomeOf, readEverything } from '../fuzz.ts';

const folder = join(import.meta.dirname, '../../fixtures/cpio');
const readArchive = (name: string): Buffer => brotliDecompressSync(readFileSync(join(folder, `${name}.br`)));
const open = (bytes: Uint8Array, limits: Limits = defaultLimits): Promise<CpioFileSystem> =>
  openCpio(new MemorySource(bytes, 'initrd.img'), { limits });
const codes = (fileSystem: CpioFileSystem): string[] =>
  fileSystem.diagnostics.map(({ level, code }) => `${level} ${code}`).sort();
const paths = (fileSystem: CpioFileSystem): string[] => [...walk(fileSystem).keys()].sort();

function text(fileSystem: CpioFileSystem, path: string): string {
  const content = fileSystem.open(walk(fileSystem).get(path) ?? -1);
  return Buffer.from(content.read(0, content.size)).toString();
}

for (const name of ['newc', 'crc', 'odc', 'bsd']) {
  const source = new MemorySource(readArchive(`${name}.cpio`), `${name}.cpio`);
  const expected = readExpectation(join(folder, `${name}.json.gz`));
  describeConformance(`cpio: ${name}`, () => cpio.open(source, { limits: defaultLimits }), expected);
}
for (const codec of ['zstd', 'gzip', 'xz']) {
  const source = new MemorySource(readArchive(`initramfs-${codec}.img`), 'initrd.img');
  const expected = readExpectation(join(folder, 'initramfs.json.gz'));
  describeConformance(
    `cpio: an initramfs with ${codec}`,
    () => cpio.open(source, { limits: defaultLimits }),
    expected,
    { diagnostics: ['cpio/duplicate', 'cpio/segments'] },
  );
}

interface Member {
  readonly path: string;
  readonly mode?: number;
  readonly content?: string;
  readonly fields?: Partial<Record<keyof typeof NEWC, number>>;
  readonly magic?: '070701' | '070702';
}

/** An archive of newc members with its trailer. */
function archive(...members: readonly Member[]): Buffer {
  const parts = [...members, { path: 'TRAILER!!!', mode: 0 }].map(
    ({ path, mode = 0o100644, content = '', ...rest }) => {
      const { fields = {}, magic = '070701' } = rest as Member;
      const header = Buffer.alloc(NEWC_SIZE, '0', 'latin1');
      header.write(magic, 'latin1');
      const put = (field: BytesField, value: number): void => {
        header.write(value.toString(16).padStart(field.length, '0'), field.offset, 'latin1');
      };
      put(NEWC.c_mode, mode);
      put(NEWC.c_nlink, 1);
      put(NEWC.c_filesize, content.length);
      put(NEWC.c_namesize, Buffer.byteLength(path) + 1);
      for (const [name, value] of Object.entries(fields)) put(NEWC[name as keyof typeof NEWC], value);
      const named = Buffer.concat([header, Buffer.from(`${path}\0`)]);
      return Buffer.concat([pad(named), pad(Buffer.from(content, 'latin1'))]);
    },
  );
  return Buffer.concat(parts);
}

const pad = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
const DIRECTORY = 0o040755;
const LINK = 0o120777;

describe('archives in a row', () => {
  it('say where each begins and how it is compressed', async () => {
    const fileSystem = await open(readArchive('initramfs-zstd.img'));
    expect(fileSystem.segments.map(({ codec, members }) => [codec, members])).toEqual([
      [undefined, 4],
      ['zst', 9],
      [undefined, 2],
      ['zst', 1],
    ]);
    expect(fileSystem.segments[1]?.offset).toBeGreaterThan(3000);
    expect(fileSystem.diagnostics.find(({ code }) => code === 'cpio/segments')?.message).toMatch(
      /^4 archives in a row: 4 members at byte 0 \(not compressed\), 9 members at byte \d+ \(zst\)/,
    );
  });

  it('may begin with a compressed one', async () => {
    const whole = readArchive('initramfs-gzip.img');
    const start = (await open(whole)).segments[1]?.offset ?? 0;
    const fileSystem = await open(whole.subarray(start));
    expect(text(fileSystem, '/etc/conf')).toBe('second');
    expect(text(fileSystem, '/usr/bin/late')).toBe('late');
  });

  it('share no hard links', async () => {
    const fields = { c_nlink: 2, c_ino: 7 };
    const bytes = Buffer.concat([
      archive({ path: 'a', content: 'one', fields }),
      archive({ path: 'b', content: 'two', fields }),
    ]);
    const fileSystem = await open(bytes);
    expect([text(fileSystem, '/a'), text(fileSystem, '/b')]).toEqual(['one', 'two']);
  });

  it('may be followed by other data, which is said', async () => {
    const fileSystem = await open(Buffer.concat([archive({ path: 'a' }), Buffer.from('\0\0garbage')]));
    expect(codes(fileSystem)).toEqual(['note cpio/data-after-end']);
  });

  it('lack files where one is compressed in a way that is not read', async () => {
    const fileSystem = await open(
      Buffer.concat([archive({ path: 'a' }), Buffer.from('\x89LZO\0\r\n\x1a\n', 'latin1')]),
    );
    expect(codes(fileSystem)).toEqual(['damage cpio/unread-archive']);
  });

  it('are damaged if a compressed one is, or holds something else', async () => {
    const bytes = readArchive('initramfs-xz.img');
    const start = (await open(bytes)).segments[1]?.offset ?? 0;
    const damaged = Buffer.from(bytes);
    damaged.fill(0xff, start + 40, start + 60);
    expect(await outcomeOf(() => open(damaged))).toMatch(/^corrupt /);
    const { gzipSync } = await import('node:zlib');
    const other = Buffer.concat([archive({ path: 'a' }), gzipSync(Buffer.from('no archive'))]);
    expect(await outcomeOf(() => open(other))).toBe('corrupt cpio/bad-magic');
  });
});

describe('hard links', () => {
  it('have the content that is with one of their names', async () => {
    const fields = { c_nlink: 3, c_ino: 7 };
    const fileSystem = await open(
      archive({ path: 'a', fields }, { path: 'b', fields }, { path: 'c', content: 'content', fields }),
    );
    const nodes = walk(fileSystem);
    expect(new Set(['/a', '/b', '/c'].map((path) => nodes.get(path))).size).toBe(1);
    expect(fileSystem.stat(nodes.get('/a') ?? -1)).toMatchObject({ links: 3, size: 7 });
    expect(text(fileSystem, '/b')).toBe('content');
  });

  it('do not join files of another kind', async () => {
    const fields = { c_nlink: 2, c_ino: 7 };
    const fileSystem = await open(archive({ path: 'a', mode: LINK, content: 'b', fields }, { path: 'b', fields }));
    const nodes = walk(fileSystem);
    expect(nodes.get('/a')).not.toBe(nodes.get('/b'));
  });
});

describe('a tree', () => {
  it('holds nothing from outside, and the last of several members of one path', async () => {
    const fileSystem = await open(
      archive(
        { path: './etc', mode: DIRECTORY },
        { path: '../outside', content: 'x' },
        { path: '/etc/passwd', content: 'first' },
        { path: 'etc/passwd', content: 'second' },
        { path: 'out', mode: LINK, content: '../../..' },
        { path: 'out/inside', content: 'x' },
        { path: 'missing/parent', content: 'x' },
      ),
    );
    expect(paths(fileSystem)).toEqual([
      ...['/', '/etc', '/etc/passwd', '/inside', '/missing', '/missing/parent', '/out'],
    ]);
    expect(text(fileSystem, '/etc/passwd')).toBe('second');
    expect(codes(fileSystem)).toEqual(['note cpio/dot-dot', 'note cpio/duplicate']);
  });

  it('may lack its trailer, which is said', async () => {
    const whole = archive({ path: 'a', content: 'text' });
    const trailer = NEWC_SIZE + 'TRAILER!!!'.length + 1 + 3;
    for (const zeros of [0, 6, 512]) {
      const fileSystem = await open(Buffer.concat([whole.subarray(0, whole.length - trailer), Buffer.alloc(zeros)]));
      expect(paths(fileSystem)).toEqual(['/', '/a']);
      expect(codes(fileSystem)).toEqual(['note cpio/no-trailer']);
    }
  });
});

describe('a damaged archive', () => {
  const one = (fields: Member['fields'] = {}, more: Partial<Member> = {}): Buffer =>
    archive({ path: 'name', content: 'content', fields, ...more });

  it('is none if it begins with something else', () => {
    const detects = (bytes: Uint8Array): boolean => cpio.detect(new MemorySource(bytes, 'a'));
    expect(detects(one())).toBe(true);
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.from('07070'),
      Buffer.from('070703'.repeat(40)),
      one().subarray(0, 60),
    ]) {
      expect(detects(bytes)).toBe(false);
    }
  });

  it.each([
    ['a size beyond the end', { c_filesize: 0xffff_ffff }, 'truncated cpio/truncated'],
    ['a name beyond the end', { c_namesize: 0xf_0000 }, 'truncated cpio/truncated'],
    ['a name over the limit', { c_namesize: 0xffff_ffff }, 'limit limit/headerBytes'],
    ['no name', { c_namesize: 0 }, 'corrupt cpio/bad-name'],
    ['a name without its end', { c_namesize: 4 }, 'corrupt cpio/bad-name'],
    ['no type', { c_mode: 0o644 }, 'corrupt cpio/bad-header'],
    ['a target of 100 KB', { c_mode: LINK, c_filesize: 100_000 }, 'corrupt cpio/bad-symlink'],
  ] as const)('has %s', async (_, fields, expected) => {
    const bytes = Buffer.concat([one(fields), Buffer.alloc(200_000)]);
    expect(await outcomeOf(() => open(bytes))).toBe(expected);
  });

  it('has letters where digits belong, or no header where one belongs', async () => {
    const letters = one();
    letters.write('0000zzzz', NEWC.c_uid.offset, 'latin1');
    expect(await outcomeOf(() => open(letters))).toBe('corrupt cpio/bad-header');
    const octal = readArchive('odc.cpio');
    octal.write('000899', ODC.c_mode.offset, 'latin1');
    expect(await outcomeOf(() => open(octal))).toBe('corrupt cpio/bad-header');
    const magic = one();
    magic.write('0707xx', NEWC_SIZE + 6 + 8, 'latin1');
    expect(await outcomeOf(() => open(magic))).toBe('corrupt cpio/bad-magic');
  });

  it('is cut off', async () => {
    const whole = one();
    for (const size of [111, 116, 120, 124 + 60]) {
      expect(await outcomeOf(() => open(whole.subarray(0, size)))).toBe('truncated cpio/truncated');
    }
  });

  it('has a content without the checksum of its header', async () => {
    const sum = [...'content'].reduce((total, letter) => total + letter.charCodeAt(0), 0);
    const read = (checksum: number): Promise<string> =>
      outcomeOf(async () => text(await open(one({ c_chksum: checksum }, { magic: '070702' })), '/name'));
    expect(await read(sum)).toBe('none');
    expect(await read(sum + 1)).toBe('corrupt cpio/bad-checksum');
  });

  it('has more members than the limit', async () => {
    const limits = { ...defaultLimits, fileSystemEntries: 2 };
    expect(await outcomeOf(() => open(archive({ path: 'a/b/c' }), limits))).toBe('limit limit/fileSystemEntries');
  });

  it.each(['newc.cpio', 'crc.cpio', 'odc.cpio', 'initramfs-zstd.img'])(
    'ends in a value or an ImageError: %s',
    async (name) => {
      const bytes = readArchive(name);
      const random = createRandom(20_240_229);
      const outcomes = new Set<string>();
      for (let round = 0; round < 100; round++) {
        const before = Buffer.from(bytes);
        const header = bytes.indexOf('0707', random(bytes.length));
        for (let count = 0; count <= random(3); count++) {
          const at = header < 0 ? random(bytes.length) : header + random(NEWC_SIZE);
          if (at < bytes.length) bytes.writeUInt8(random(4) === 0 ? random(256) : 0x30 + random(10), at);
        }
        outcomes.add(
          await outcomeOf(async () => {
            const size = random(9) === 0 ? random(bytes.length) : bytes.length;
            for (const each of await readEverything(await open(bytes.subarray(0, size)), 100)) outcomes.add(each);
          }),
        );
        before.copy(bytes);
      }
      expect(outcomes).toContain('none');
      expect(outcomes.size).toBeGreaterThan(2);
    },
  );
});
