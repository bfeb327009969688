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
const wanted: Record<string, Record<string, string>> = JSON.parse(readFileSync(join(folder, 'acls.json'), 'utf8'));

describe.each(['acls-gnu', 'acls-bsd'])('%s', (name) => {
  it('gives the attributes that the files had', () => {
    const bytes = gunzipSync(readFileSync(join(folder, `${name}.tar.gz`)));
    const tar = new TarFileSystem(new MemorySource(bytes, name), defaultLimits);
    const found = tar.list(tar.root).map((entry) => {
      const attributes = [...tar.xattrs(entry.node)].map(([key, value]) => [key, Buffer.from(value).toString('hex')]);
      return [entry.name, Object.fromEntries(attributes)];
    });
    expect(Object.fromEntries(found)).toEqual(wanted);
  });
});

describe('a list', () => {
  it('is the same after it was written and read', () => {
    for (const value of Object.values(wanted).flatMap((attributes) => Object.values(attributes))) {
      const text = formatAcl(Buffer.from(value, 'hex'));
      expect(Buffer.from(parseAcl(text ?? '') ?? []).toString('hex')).toBe(value);
    }
  });

  it.each([
    'user::rw-\ngroup::r--\nother::r--\n',
    'user::rw-,user:somebody:rwx,group::r--,mask::rwx,other::r--',
    'user::rw-\nuser:99999999999:rwx\ngroup::r--\nmask::rwx\nother::r--\n',
    'user::rw-\nuser:1:rwz\ngroup::r--\nmask::rwx\nother::r--\n',
    'nonsense',
    '',
  ])('that is none, or no more than a mode: %j', (text) => {
    expect(parseAcl(text)).toBeUndefined();
  });

  it.each(['', '02000000aa', '0100000001000700ffffffff', '0200000003000700ffffffff'])('that is not one: %j', (hex) => {
    expect(formatAcl(Buffer.from(hex, 'hex'))).toBeUndefined();
  });
});
