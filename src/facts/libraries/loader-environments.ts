/** The dynamic linkers of an image, each with its default directories and its cache; read when the first program asks for it. */
import { asImageError, ImageError } from '../../errors.ts';
import type { Location } from '../../location.ts';
import { type DynamicLinker, readDynamicLinker } from './dynamic-linker.ts';
import type { Search } from './find-library.ts';
import { type CacheEntry, entriesFor, parseLdSoCache } from './ld-so-cache.ts';
import { readLdSoConf } from './ld-so-conf.ts';
import { judgeCandidate, type Linkage, type Objects } from './linkage.ts';
import type { LoaderEnvironment } from './load-program.ts';

type Loader = { readonly object: Linkage; readonly path: string };

export type LoaderFound =
  | { readonly state: 'found'; readonly environment: LoaderEnvironment; readonly loader: Loader }
  | {
      readonly state: 'not-found';
      readonly kind: 'no-loader' | 'wrong-loader';
      readonly message: string;
      readonly location?: Location;
    }
  | { readonly state: 'unreadable'; readonly error: ImageError }
  /** It can start programs that need no library. */
  | { readonly state: 'unknown'; readonly error: ImageError };

export class LoaderEnvironments {
  readonly objects: Objects;
  readonly #byLoader = new Map<string, LoaderFound>();

  constructor(objects: Objects) {
    this.objects = objects;
  }

  /** The linker at the path a program names, if it is one of the program's machine. Never throws an ImageError. */
  find(interpreter: string, program: Linkage): LoaderFound {
    const { class: elfClass, machine } = program.header;
    const key = `${interpreter}\0${elfClass}\0${machine}`;
    const known = this.#byLoader.get(key);
    if (known) return known;
    const found = this.#look(interpreter, program);
    this.#byLoader.set(key, found);
    return found;
  }

  #look(path: string, program: Linkage): LoaderFound {
    const at = this.objects.at(path);
    if (at.state === 'unreadable') return at;
    if (at.state === 'missing')
      return { state: 'not-found', kind: 'no-loader', message: `needs ${path} to start, which is not in the image` };
    const wrong = (what: string, location: Location): LoaderFound => ({
      state: 'not-found',
      kind: 'wrong-loader',
      message: `needs ${path} to start, which is ${what}`,
      location,
    });
    if (at.state === 'other') return wrong(at.what, at.location);
    const { object } = at;
    if (judgeCandidate(object, program.header) !== 'fits')
      return wrong(`an object for ${object.architecture}`, object.location);
    try {
      const linker = readDynamicLinker(this.objects.view.open(path), path);
      if (linker)
        return { state: 'found', loader: { object, path }, environment: this.#environmentOf(linker, program, path) };
    } catch (thrown) {
      return { state: 'unreadable', error: asImageError(thrown) };
    }
    const { location } = object;
    const message = `how ${path} looks for libraries is not known: it is neither the linker of glibc nor that of musl`;
    return {
      state: 'unknown',
      error: new ImageError('unsupported', 'libraries/unknown-linker', message, { location }),
    };
  }

  #environmentOf(linker: DynamicLinker, program: Linkage, path: string): LoaderEnvironment {
    const { header, architecture } = program;
    const searcher = { objects: this.objects, machine: header, takesFirst: linker.kind === 'musl' };
    const cache = linker.cache === undefined ? undefined : this.#readCache(linker.cache, header.endianness);
    const cached = (name: string): readonly string[] =>
      entriesFor(cache?.get(name) ?? [], architecture).map((entry) => entry.path);
    const defaults = linker.kind === 'musl' ? this.#muslDirectories(linker, path) : linker.directories;
    const configured = (): readonly string[] => (linker.kind === 'musl' ? [] : readLdSoConf(this.objects.view));
    return { linker, searcher, cached, configured, defaults, answers: new Map<string, Search>() };
  }

  #readCache(path: string, endianness: 'little' | 'big'): ReadonlyMap<string, readonly CacheEntry[]> | undefined {
    const bytes = this.objects.view.readBytes(path);
    return bytes && parseLdSoCache(bytes, endianness, this.objects.view.locate(path));
  }

  /** /etc/ld-musl-ARCH.path below the prefix the linker lies in, `:` or line ends between directories. */
  #muslDirectories({ directories }: DynamicLinker, interpreter: string): readonly string[] {
    const [, prefix = '', architecture = ''] = /^(.*)\/lib\/ld-musl-(.+)\.so\.1$/.exec(interpreter) ?? [];
    const text = this.objects.view.readText(`${prefix}/etc/ld-musl-${architecture}.path`);
    if (text === undefined) return directories;
    return text.split(/[:\n]/).flatMap((one) => (one === '' ? [] : [one.replace(/\/+$/, '')]));
  }
}
