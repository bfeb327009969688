import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openFileSource } from '../../../src/bytes/file-source.ts';
import { MemorySource } from '../../../src/bytes/memory-source.ts';
import { ImageError } from '../../../src/errors.ts';
import type { FileSystem, NodeId } from '../../../src/filesystems/file-system.ts';
import { tarHeader } from '../../../src/filesystems/tar/header.ts';
import { tar } from '../../../src/filesystems/tar/tar.ts';
import { TarFileSystem } from '../../../src/filesystems/tar/tar-file-system.ts';
import { defaultLimits, type Limits } from '../../../src/limits.ts';
import { describeConformance, walk } from '../conformance.ts';
import { type Expectation, readExpectation } from '../expectation.ts';

const folder = join(import.meta.dirname, '../../fixtures/tar');
const readArchive = (name: string): Buffer => gunzipSync(readFileSync(join(folder, `${name}.tar.gz`)));
const expectation = (name: string): Expectation => readExpectation(join(folder, `${name}.json.gz`));
const open = (bytes: Uint8Array, limits: Limits = defaultLimits): TarFileSystem =>
  new TarFileSystem(new MemorySource(bytes, 'rootfs.tar'), limits);
const codes = (fileSystem: FileSystem): string[] =>
  fileSystem.diagnostics.map(({ level, code }) => `${level} ${code}`).sort();
const paths = (fileSystem: FileSystem): string[] => [...walk(fileSystem).keys()].sort();

function failure(action: () => unknown): string {
  try {
    action();
    return 'none';
  } catch (error) {
    if (error instanceof ImageError) return `${error.kind} ${error.code}`;
    throw error;
  }
}

function find(fileSystem: FileSystem, path: string): NodeId {
  const node = walk(fileSystem).get(path);
  if (node === undefined) throw new Error(`there is no ${path}`);
  return node;
}

function text(fileSystem: FileSystem, path: string): string {
  const source = fileSystem.open(find(fileSystem, path));
  return Buffer.from(source.read(0, source.size)).toString();
}

/** A member's header with a checksum that holds, and its content. */
function member(name: string, typeflag: string, content = '', patch: (block: Buffer) => void = () => {}): Buffer {
  const block = Buffer.alloc(512);
  block.write(name, 'latin1');
  block.write('0000644\0', tarHeader.mode.offset, 'latin1');
  block.write(`${content.length.toString(8).padStart(11, '0')}\0`, tarHeader.size.offset, 'latin1');
  block.write(typeflag, tarHeader.typeflag.offset, 'latin1');
  block.write('ustar\x0000', tarHeader.magic.offset, 'latin1');
  patch(block);
  block.fill(' ', tarHeader.chksum.offset, tarHeader.chksum.offset + 8);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, tarHeader.chksum.offset, 'latin1');
  const body = Buffer.alloc(Math.ceil(content.length / 512) * 512);
  body.write(content, 'latin1');
  return Buffer.concat([block, body]);
}

const end = Buffer.alloc(1024);
const archive = (...members: Buffer[]): Buffer => Buffer.concat([...members, end]);
function record(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const guess = rest.length + String(rest.length).length;
  return `${rest.length + String(guess).length}${rest}`;
}

const shapes = [
  ['v7', 'short'],
  ['ustar', 'short'],
  ['oldgnu', 'full'],
  ['gnu', 'full'],
  ['gnu-solid', 'full'],
  ['pax-0.0', 'full-pax'],
  ['pax-0.1', 'full-pax'],
  ['pax-1.0', 'full-pax'],
  ['bsdtar', 'full-pax'],
] as const;

for (const [name, tree] of shapes) {
  const source = new MemorySource(readArchive(name), 'rootfs.tar');
  describeConformance(`tar: ${name}`, () => tar.open(source, { limits: defaultLimits }), expectation(tree));
}

describe('numbers that do not fit octal', () => {
  it.each(['large-gnu', 'large-pax'])('agree with GNU tar: %s', (name) => {
    const fileSystem = open(readArchive(name));
    const listing = readFileSync(join(folder, `${name}.txt`), 'utf8');
    const rows = listing.matchAll(/^\S+ (\d+)\/(\d+) +(\d+|\d+,\d+) (\S+ \S+) (\S+)/gm);
    const wanted = [...rows].map(([, uid, gid, size, time, path]) => [
      `/${path?.replace(/\/$/, '')}`,
      uid,
      gid,
      size,
      time,
    ]);
    expect(wanted).toHaveLength(8);
    const actual = wanted.map(([path = '']) => {
      const { uid, gid, size, mtime, device, type } = fileSystem.stat(find(fileSystem, path));
      const shown = device ? `${device.major},${device.minor}` : type === 'symlink' ? '0' : String(size);
      const time = new Date(mtime.seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
      return [path, String(uid), String(gid), shown, time];
    });
    expect(actual).toEqual(wanted);
    expect(fileSystem.stat(find(fileSystem, '/later')).mode).toBe(0o6755);
    expect(fileSystem.readLink(find(fileSystem, '/longlink'))).toBe('z'.repeat(300));
  });
});

describe('pax records', () => {
  const fileSystem = open(readArchive('global'));
  const xattrs = (path: string): object =>
    Object.fromEntries(
      [...fileSystem.xattrs(find(fileSystem, path))].map(([key, value]) => [key, Buffer.from(value).toString()]),
    );

  it('for all members hold until a member takes them back', () => {
    expect(xattrs('/one')).toEqual({ 'user.note': 'for all' });
    expect(xattrs('/drei')).toEqual({ 'user.note': 'for all', 'user.a=b': 'equals' });
  });

  it('give times before 1970 with a fraction', () => {
    expect(fileSystem.stat(find(fileSystem, '/two')).mtime).toEqual({ seconds: -2, nanoseconds: 500_000_000 });
  });

  it('that are malformed are corrupt', () => {
    for (const body of ['9 path=a', '99999999 path=a\n', 'path=a\n', '5 a=b', '6 =ab\n', '-1 a=b\n', '4 ab\n']) {
      expect(failure(() => open(archive(member('x', 'x', body), member('a', '0'))))).toBe('corrupt tar/bad-pax');
    }
    for (const [key, value] of [
      ['size', '-1'],
      ['size', '1e3'],
      ['mtime', 'now'],
      ['uid', '0x10'],
    ] as const) {
      expect(failure(() => open(archive(member('x', 'x', record(key, value)), member('a', '0'))))).toBe(
        'corrupt tar/bad-pax',
      );
    }
    const huge = archive(member('x', 'x', record('size', '9223372036854775807')), member('a', '0'));
    expect(failure(() => open(huge))).toBe('corrupt bytes/huge-number');
  });
});

describe('a tree', () => {
  it('may lie under rootfs/, which is left out only if everything does', () => {
    expect(paths(open(readArchive('wrapped')))).toEqual(['/', '/bin', '/etc', '/etc/hostname']);
    expect(paths(open(readArchive('absolute')))).toEqual(['/', '/etc', '/etc/hostname', '/rootfs']);
  });

  it('holds nothing from outside, and the last of several members of one path', () => {
    const fileSystem = open(readArchive('hostile'));
    expect(paths(fileSystem)).toEqual([
      ...['/', '/etc', '/etc/passwd', '/forward', '/good', '/later', '/link', '/loop', '/run'],
      ...['/var', '/var/real', '/var/real/lock', '/var/real/lock/pid', '/void'],
    ]);
    expect(text(fileSystem, '/etc/passwd')).toBe('second');
    expect(text(fileSystem, '/good')).toBe('later');
    expect(text(fileSystem, '/var/real/lock/pid')).toBe('through a link');
    expect(fileSystem.stat(find(fileSystem, '/good')).links).toBe(2);
    for (const path of ['/link', '/forward']) {
      const node = find(fileSystem, path);
      for (const ask of [() => fileSystem.stat(node), () => fileSystem.open(node), () => fileSystem.xattrs(node)]) {
        expect(failure(ask)).toBe('corrupt tar/bad-hard-link');
      }
    }
    expect(codes(fileSystem)).toEqual([
      'damage tar/bad-hard-link',
      'damage tar/conflict',
      'note tar/dot-dot',
      'note tar/duplicate',
    ]);
    expect(fileSystem.diagnostics.find(({ code }) => code === 'tar/conflict')?.message).toMatch(/^4 members/);
  });

  it('takes directories with a size, unknown types and volume headers as GNU tar does', () => {
    const sized = member('old', '5', '', (block) => block.write('00000001000\0', tarHeader.size.offset, 'latin1'));
    const fileSystem = open(archive(member('Backup', 'V'), sized, member('odd', 'Q', 'text'), member('v7dir/', '\0')));
    expect(paths(fileSystem)).toEqual(['/', '/odd', '/old', '/v7dir']);
    expect(text(fileSystem, '/odd')).toBe('text');
    expect(fileSystem.volumeLabel).toBe('Backup');
    expect(codes(fileSystem)).toEqual(['note tar/unknown-type']);
    expect(failure(() => open(archive(member('part', 'M'))))).toBe('unsupported tar/multi-volume');
  });
});

describe('an archive on disk', () => {
  it('gives the same tree where headers are far apart', () => {
    const members = Array.from({ length: 40 }, (_, index) => member(`f${index}`, '0', 'x'.repeat(index * 3000)));
    const bytes = archive(...members);
    const scratch = mkdtempSync(join(tmpdir(), 'check-image-test-'));
    const path = join(scratch, 'a.tar');
    writeFileSync(path, bytes);
    const source = openFileSource(path);
    const [onDisk, inMemory] = [new TarFileSystem(source, defaultLimits), open(bytes)];
    const sizes = (fileSystem: FileSystem): [string, number][] =>
      [...walk(fileSystem)].map(([name, node]) => [name, fileSystem.stat(node).size]);
    expect(sizes(onDisk)).toEqual(sizes(inMemory));
    expect(text(onDisk, '/f39')).toBe('x'.repeat(39 * 3000));
    source.close();
    rmSync(scratch, { recursive: true });
  });
});

describe('the end of an archive', () => {
  const whole = archive(member('a', '0', 'content'), member('b', '0', 'x'.repeat(600)));

  it('may lack its marker, but then nothing it says can be trusted to be all', () => {
    for (const missing of [1024, 1025, 700, 512]) {
      const fileSystem = open(whole.subarray(0, whole.length - missing));
      expect(paths(fileSystem)).toEqual(['/', '/a', '/b']);
      expect(codes(fileSystem)).toEqual(missing === 512 ? [] : ['damage tar/no-end-marker']);
      expect(fileSystem.diagnostics.map(({ touches }) => touches)).toEqual(missing === 512 ? [] : ['everything']);
    }
  });

  it('may not cut a member', () => {
    for (const cut of [513, 1030, 1536 + 599]) {
      expect(failure(() => open(whole.subarray(0, cut)))).toBe('truncated tar/truncated');
    }
    expect(failure(() => open(archive(member('x', 'x', record('path', 'a')))))).toBe(
      'corrupt tar/header-without-member',
    );
  });

  it('may be followed by data, which is said', () => {
    expect(codes(open(Buffer.concat([whole, whole])))).toEqual(['note tar/data-after-end']);
    expect(codes(open(Buffer.concat([whole, Buffer.alloc(10_240)])))).toEqual([]);
  });
});

describe('a damaged archive', () => {
  const corruptNumber = (field: { offset: number }, bytes: string) => (block: Buffer) => {
    block.write(bytes, field.offset, 'latin1');
  };

  it('is none if its first checksum does not hold', () => {
    const bytes = archive(member('a', '0', 'content'));
    expect(tar.detect(new MemorySource(bytes, 'a'))).toBe(true);
    bytes.writeUInt8(0x62, 0);
    expect(tar.detect(new MemorySource(bytes, 'a'))).toBe(false);
    for (const size of [0, 511, 512, 4096]) expect(tar.detect(new MemorySource(new Uint8Array(size), 'a'))).toBe(false);
  });

  it('is refused if a later checksum does not hold', () => {
    const bytes = archive(member('a', '0', 'content'), member('b', '0'));
    bytes.writeUInt8(0x63, 1024);
    expect(failure(() => open(bytes))).toBe('corrupt tar/bad-checksum');
  });

  it.each([
    ['letters for a size', corruptNumber(tarHeader.size, 'abcdefghijkl'), 'corrupt tar/bad-number'],
    ['a negative size', corruptNumber(tarHeader.size, '\xff'.repeat(12)), 'corrupt tar/bad-number'],
    ['a size of 2^80', corruptNumber(tarHeader.size, '\x80\x01'), 'corrupt tar/bad-number'],
    ['a size of 8 GiB', corruptNumber(tarHeader.size, '77777777777\0'), 'truncated tar/truncated'],
  ] as const)('has %s', (_, patch, outcome) => {
    expect(failure(() => open(archive(member('a', '0', 'text', patch))))).toBe(outcome);
  });

  it('is held to the limits of headers, attributes and entries', () => {
    const small = { ...defaultLimits, headerBytes: 1000, xattrBytes: 10, fileSystemEntries: 2 };
    const long = archive(member('L', 'L', 'n'.repeat(1001)), member('a', '0'));
    expect(failure(() => open(long, small))).toBe('limit limit/headerBytes');
    const attribute = archive(member('x', 'x', record('SCHILY.xattr.user.a', 'v'.repeat(11))), member('a', '0'));
    expect(failure(() => open(attribute, small))).toBe('limit limit/xattrBytes');
    expect(failure(() => open(archive(member('a/b/c', '0')), small))).toBe('limit limit/fileSystemEntries');
  });

  it.each([
    ['goes backwards', '10,2,5,2'],
    ['overlaps', '0,4,2,4'],
    ['leaves the file', '95,10'],
    ['needs more than is stored', '0,90'],
    ['has half a pair', '0,4,10'],
    ['is no list of numbers', '0,x'],
  ])('has a sparse map that %s', (_, map) => {
    const records = record('GNU.sparse.size', '100') + record('GNU.sparse.map', map);
    const read = (): unknown => {
      const fileSystem = open(archive(member('x', 'x', records), member('a', '0', 'stored')));
      return fileSystem.open(find(fileSystem, '/a'));
    };
    expect(failure(read)).toBe('corrupt tar/bad-sparse-map');
  });

  it('has a sparse map without end', () => {
    const records = record('GNU.sparse.major', '1') + record('GNU.sparse.realsize', '100');
    const read = (content: string) => (): unknown => {
      const fileSystem = open(archive(member('x', 'x', records), member('a', '0', content)));
      return fileSystem.open(find(fileSystem, '/a'));
    };
    expect(failure(read('1000000\n'.padEnd(512, '1\n')))).toBe('truncated bytes/truncated');
    expect(failure(read('1'.repeat(2048)))).toBe('corrupt tar/bad-sparse-map');
  });

  it.each(shapes)('ends in a value or an ImageError: %s', (name) => {
    const bytes = Buffer.from(readArchive(name));
    let state = 12_345;
    const random = (bound: number): number => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return (state >>> 0) % bound;
    };
    const outcomes = new Set<string>();
    for (let round = 0; round < 150; round++) {
      const header = random(Math.floor(bytes.length / 512)) * 512;
      const before = Buffer.from(bytes.subarray(header, header + 512));
      for (let count = 0; count < 3; count++) bytes.writeUInt8(random(256), header + random(512));
      if (random(4) > 0) {
        bytes.fill(' ', header + 148, header + 156);
        const sum = bytes.subarray(header, header + 512).reduce((total, byte) => total + byte, 0);
        bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, header + 148, 'latin1');
      }
      outcomes.add(
        failure(() => {
          const fileSystem = open(bytes.subarray(0, random(9) === 0 ? random(bytes.length) : bytes.length));
          for (const node of walk(fileSystem).values()) {
            failure(() => {
              if (fileSystem.stat(node).type === 'file')
                fileSystem.open(node).read(0, Math.min(9, fileSystem.stat(node).size));
            });
          }
        }),
      );
      before.copy(bytes, header);
    }
    expect(outcomes).toContain('none');
    expect(outcomes.size).toBeGreaterThan(1);
  });
});
