/** The loader's cache in both formats, against `ldconfig -p` (test/fixtures/libraries/make.sh). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ImageError } from '../../../src/errors.ts';
import { entriesFor, parseLdSoCache } from '../../../src/facts/libraries/ld-so-cache.ts';

const folder = new URL('../../fixtures/libraries/', import.meta.url);
const bytes = (name: string): Uint8Array => Uint8Array.from(readFileSync(new URL(name, folder)));
const place = { source: 'image', path: '/etc/ld.so.cache' };
const listed = [...readFileSync(new URL('cache.txt', folder), 'utf8').matchAll(/^\t(\S+) \((.*)\) => (\S+)$/gm)];

describe.each(['new.cache', 'compat.cache'])('%s', (name) => {
  it('has what ldconfig lists, in its order', () => {
    const cache = parseLdSoCache(bytes(name), 'little', place);
    const found = [...cache].flatMap(([library, entries]) => entries.map(({ path }) => [library, path]));
    expect(listed.length).toBeGreaterThan(3);
    expect(found).toEqual(listed.map(([, library, , path]) => [library, path]));
  });

  it('has other entries for each architecture', () => {
    const entries = parseLdSoCache(bytes(name), 'little', place).get('libtwo.so.1') ?? [];
    expect(entries).toHaveLength(2);
    const paths = (architecture: string) => entriesFor(entries, architecture).map(({ path }) => path);
    // The 32-bit library needs no libc: any loader looks at it, and passes it over for its class.
    expect(paths('amd64')).toEqual(['/opt/cached/libtwo.so.1', '/opt/cached32/libtwo.so.1']);
    expect(paths('i386')).toEqual(['/opt/cached32/libtwo.so.1']);
    expect(paths('unknown')).toHaveLength(2);
  });

  it('is refused where it ends too early, and never anything but read or refused', () => {
    const whole = bytes(name);
    for (let length = 0; length < whole.length; length += 7) {
      try {
        parseLdSoCache(whole.subarray(0, length), 'little', place);
      } catch (error) {
        expect(error).toBeInstanceOf(ImageError);
      }
    }
    expect(() => parseLdSoCache(whole.subarray(0, 100), 'little', place)).toThrow(/the loader's cache/);
    expect(() => parseLdSoCache(whole, 'big', place)).toThrow(ImageError);
  });
});
