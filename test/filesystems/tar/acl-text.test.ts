/** Lists as GNU tar and bsdtar write them with --acls (test/fixtures/tar/make-acls.sh), and what getfattr shows of the same files. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../../src/bytes/memory-source.ts';
import { formatAcl, parseAcl } from '../../../src/filesystems/tar/acl-text.ts';
import { TarFileSystem } from '../../../src/filesystems/tar/tar-file-system.ts';
import { defaultLimits } from '../../../src/limits.ts';

const folder = join(import.meta.dirname, '../../fixtures/tar');
type Attributes = Readonly<Record<string, Readonly<Record<string, string>>>>;
const readWanted = (name: string): Attributes => JSON.parse(readFileSync(join(folder, name), 'utf8'));
const wanted = readWanted('acls.json');
const named = readWanted('acls-named.json');

function openFixture(name: string): TarFileSystem {
  const bytes = gunzipSync(readFileSync(join(folder, `${name}.tar.gz`)));
  return new TarFileSystem(new MemorySource(bytes, name), defaultLimits);
}

function readAttributes(tar: TarFileSystem): Attributes {
  const found = tar.list(tar.root).map((entry) => {
    const attributes = [...tar.xattrs(entry.node)].map(([key, value]) => [key, Buffer.from(value).toString('hex')]);
    return [entry.name, Object.fromEntries(attributes)];
  });
  return Object.fromEntries(found);
}

describe.each([
  ['acls-gnu', wanted],
  ['acls-bsd', wanted],
  ['named-bsd', named],
])('%s', (name, attributes) => {
  it('gives the attributes that the files had', () => {
    const tar = openFixture(name);
    expect(readAttributes(tar)).toEqual(attributes);
    expect(tar.diagnostics).toEqual([]);
  });
});

describe('lists that give names alone', () => {
  it('are left out, which is told once with their number and the first', () => {
    const tar = openFixture('named-gnu');
    expect(readAttributes(tar)).toEqual({ ...named, everyone: {}, folder: {} });
    expect(tar.diagnostics).toMatchObject([
      {
        level: 'note',
        code: 'tar/acl-without-ids',
        message: expect.stringMatching(/lists of 2 members are left out: .*; the first is of \.\/everyone$/),
        location: { source: 'named-gnu', offset: expect.any(Number) },
      },
    ]);
  });
});

describe('a list', () => {
  it('is the same after it was written and read', () => {
    for (const value of Object.values(wanted).flatMap((attributes) => Object.values(attributes))) {
      const text = formatAcl(Buffer.from(value, 'hex'));
      expect(Buffer.from(parseAcl(text ?? '') ?? []).toString('hex')).toBe(value);
    }
  });

  it('that is no more than a mode', () => {
    expect(parseAcl('user::rw-\ngroup::r--\nother::r--\n')).toBe('mode');
  });

  it.each([
    'user::rw-,user:somebody:rwx,group::r--,mask::rwx,other::r--',
    'user::rw-\nuser:99999999999:rwx\ngroup::r--\nmask::rwx\nother::r--\n',
    'user::rw-\nuser:4294967296:rwx\ngroup::r--\nmask::rwx\nother::r--\n',
    'user::rw-\nuser:1:rwz\ngroup::r--\nmask::rwx\nother::r--\n',
    'nonsense',
  ])('that is none, or has names without numbers: %j', (text) => {
    expect(parseAcl(text)).toBe('unread');
  });

  it.each(['', '02000000aa', '0100000001000700ffffffff', '0200000003000700ffffffff'])('that is not one: %j', (hex) => {
    expect(formatAcl(Buffer.from(hex, 'hex'))).toBeUndefined();
  });
});
