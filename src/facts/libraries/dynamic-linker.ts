/**
 * What a dynamic linker has compiled in: its kind, its default directories, its cache. Taken from the strings of the linker in
 * the image, so that each distribution's own places count (multiarch, lib64, the store of NixOS). uClibc and bionic are not known.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';

const MAX_LINKER = 16 << 20;

export interface DynamicLinker {
  readonly kind: 'glibc' | 'musl';
  /** Directories looked into at last, without slash at the end. */
  readonly directories: readonly string[];
  /** Of glibc. */
  readonly cache?: string;
  /** What `$LIB` stands for. */
  readonly lib: string;
}

/** What the bytes of a linker say; undefined if it is neither glibc's nor musl's. `path` is that of PT_INTERP. */
export function readDynamicLinker(source: ByteSource, path: string): DynamicLinker | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name.startsWith('ld-musl-'))
    return { kind: 'musl', directories: ['/lib', '/usr/local/lib', '/usr/lib'], lib: 'lib' };
  if (source.size > MAX_LINKER) return undefined;
  const read = source.read(0, source.size);
  const bytes = Buffer.from(read.buffer, read.byteOffset, read.length);
  const cache = stringAround(bytes, '/ld.so.cache\0');
  const directories = findDirectories(bytes);
  if (cache === undefined || directories.length === 0) return undefined;
  return { kind: 'glibc', directories, cache, lib: libOf(directories[0] ?? '') };
}

/** Strings one behind the other, each an absolute path with a slash at the end: SYSTEM_DIRS of glibc. */
function findDirectories(bytes: Buffer): readonly string[] {
  for (let at = bytes.indexOf('lib'); at >= 0; at = bytes.indexOf('lib', at + 1)) {
    const start = bytes.lastIndexOf(0, at) + 1;
    const end = bytes.indexOf(0, at);
    if (end > 0 && isDirectory(bytes.toString('latin1', start, end))) return directoriesFrom(bytes, start);
  }
  return [];
}

function directoriesFrom(bytes: Buffer, start: number): readonly string[] {
  let first = start;
  // The first of them may end in another name than `lib`: /lib/x86_64-linux-gnu/, /lib64/.
  for (let before = stringBefore(bytes, first); isDirectory(before); before = stringBefore(bytes, first))
    first -= before.length + 1;
  const found: string[] = [];
  for (let at = first; ; ) {
    const end = bytes.indexOf(0, at);
    const text = end < 0 ? '' : bytes.toString('latin1', at, end);
    if (!isDirectory(text)) return found;
    found.push(text.slice(0, -1));
    at = end + 1;
  }
}

function stringBefore(bytes: Buffer, at: number): string {
  if (at < 2) return '';
  return bytes.toString('latin1', bytes.lastIndexOf(0, at - 2) + 1, at - 1);
}

function isDirectory(text: string): boolean {
  return text.length > 1 && text.startsWith('/') && text.endsWith('/') && /^[!-~]+$/.test(text);
}

function stringAround(bytes: Buffer, end: string): string | undefined {
  const at = bytes.indexOf(end);
  if (at < 0) return undefined;
  const text = bytes.toString('latin1', bytes.lastIndexOf(0, at) + 1, at + end.length - 1);
  return text.startsWith('/') ? text : undefined;
}

/** The first default directory below the prefix the library was made for: `lib/x86_64-linux-gnu`, `lib64`, `lib`. */
function libOf(directory: string): string {
  return directory
    .replace(/^\/nix\/store\/[^/]+/, '')
    .replace(/^\/usr\//, '/')
    .slice(1);
}
