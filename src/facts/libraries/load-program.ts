/**
 * Loads a program on paper: breadth first over DT_NEEDED, each library looked for as ld.so(8) and musl's ldso do for the object that
 * asks, then the symbol versions. LD_PRELOAD, auditing, DT_FILTER and what programs load later with dlopen(3) are not followed.
 */
import { type Diagnostic, damageFrom } from '../../diagnostic.ts';
import { asImageError, type ImageError } from '../../errors.ts';
import type { DynamicLinker } from './dynamic-linker.ts';
import { findLibrary, type Search, type Searcher, type SearchStep, tryFile } from './find-library.ts';
import type { LibraryProblem, NeededLibrary } from './libraries-fact.ts';
import type { Linkage } from './linkage.ts';
import { expandTokens, splitSearchPath, type TokenValues } from './search-path.ts';

/** More objects than any program has; a bound for crafted ones. */
const MAX_OBJECTS = 4096;

/** What the image gives every program of one loader. */
export interface LoaderEnvironment {
  readonly linker: DynamicLinker;
  readonly searcher: Searcher;
  /** Paths the cache has for a name. */
  readonly cached: (name: string) => readonly string[];
  /** Directories of ld.so.conf, which only count through the cache. */
  readonly configured: () => readonly string[];
  /** Directories all programs share: of musl's path file, or compiled in. */
  readonly defaults: readonly string[];
  /** Answers to the same question, by directories and name. */
  readonly answers: Map<string, Search>;
}

interface Loaded {
  readonly object: Linkage;
  /** As composed by the loader; of the program itself canonical. */
  readonly path: string;
  readonly loader: Loaded | undefined;
  order?: SearchOrder;
}

/** Where the libraries of one object are looked for; orders of the same key are the same. */
interface SearchOrder {
  readonly key: string;
  readonly steps: readonly SearchStep[];
}

export interface LoadResult {
  readonly needs: readonly NeededLibrary[];
  readonly problems: readonly LibraryProblem[];
  /** What could not be read: whether all is there cannot be told. */
  readonly damage: readonly Diagnostic[];
}

/** `interpreter` is that of the program, found. `libraryPath` is LD_LIBRARY_PATH. Never throws an ImageError. */
export function loadProgram(
  program: { readonly object: Linkage; readonly path: string },
  interpreter: { readonly object: Linkage; readonly path: string },
  environment: LoaderEnvironment,
  libraryPath: string,
): LoadResult {
  return new Load(environment, libraryPath).run(program, interpreter);
}

class Load {
  readonly #environment: LoaderEnvironment;
  readonly #libraryPath: string;
  readonly #loaded: Loaded[] = [];
  readonly #byName = new Map<string, Loaded>();
  readonly #byFile = new Map<string, Loaded>();
  readonly #needs: NeededLibrary[] = [];
  readonly #problems: LibraryProblem[] = [];
  readonly #damage: Diagnostic[] = [];

  constructor(environment: LoaderEnvironment, libraryPath: string) {
    this.#environment = environment;
    this.#libraryPath = libraryPath;
  }

  run(
    program: { readonly object: Linkage; readonly path: string },
    interpreter: { readonly object: Linkage; readonly path: string },
  ): LoadResult {
    this.#add(program.object, program.path, undefined);
    const main = this.#loaded[0];
    const loader = this.#add(interpreter.object, interpreter.path, undefined);
    // The list grows while it is walked. The loader itself needs nothing.
    for (let index = 0; index < this.#loaded.length; index++) {
      const one = this.#loaded[index];
      if (!one || one === loader || index > MAX_OBJECTS) continue;
      for (const name of one.object.needed) this.#need(name, one, main);
    }
    if (this.#environment.linker.kind === 'glibc') for (const one of this.#loaded) this.#checkVersions(one);
    return { needs: this.#needs, problems: this.#problems, damage: this.#damage };
  }

  #add(object: Linkage, path: string, loader: Loaded | undefined): Loaded {
    const added: Loaded = { object, path, loader };
    this.#loaded.push(added);
    this.#byFile.set(object.identity, added);
    const { soname } = object;
    // musl knows what is loaded by the name it was looked for, glibc also by the name it gives itself.
    const isNamed = soname !== undefined && this.#environment.linker.kind === 'glibc';
    if (isNamed && !this.#byName.has(soname)) this.#byName.set(soname, added);
    return added;
  }

  #need(name: string, by: Loaded, main: Loaded | undefined): void {
    const known = this.#byName.get(name) ?? this.#partOfMusl(name);
    if (known) {
      const found = known === this.#loaded[1] ? 'loader' : 'loaded';
      this.#needs.push({ name, by: by.path, path: known.path, found });
      return;
    }
    const search = this.#search(name, by, main);
    if (search.state !== 'found') {
      this.#lacks(name, by, main, search);
      return;
    }
    const { object, path, by: found, processor } = search;
    const loaded = this.#byFile.get(object.identity) ?? this.#add(object, path, by);
    this.#byName.set(name, loaded);
    const place = { name, by: by.path, path: loaded.path, found };
    this.#needs.push(processor === undefined ? place : { ...place, processor });
  }

  /** musl is its own libc, and everything glibc once had beside it. */
  #partOfMusl(name: string): Loaded | undefined {
    const isMusl = this.#environment.linker.kind === 'musl';
    return isMusl && /^lib(?:c|pthread|rt|m|dl|util|xnet)\./.test(name) ? this.#loaded[1] : undefined;
  }

  #search(name: string, by: Loaded, main: Loaded | undefined): Search {
    const { searcher, answers } = this.#environment;
    if (name.includes('/')) {
      const path = expandTokens(name, this.#tokensOf(by)) ?? name;
      const absolute = path.startsWith('/') ? path : `/${path}`;
      return tryFile(searcher, absolute, 'path') ?? { state: 'missing', passedOver: [] };
    }
    const { key, steps } = this.#orderFor(by, main);
    const question = `${key}\0${name}`;
    const known = answers.get(question);
    if (known) return known;
    const search = findLibrary(searcher, name, steps);
    answers.set(question, search);
    return search;
  }

  #orderFor(by: Loaded, main: Loaded | undefined): SearchOrder {
    if (by.order) return by.order;
    const steps = this.#environment.linker.kind === 'musl' ? this.#muslSteps(by) : this.#glibcSteps(by, main);
    const { class: elfClass, machine } = this.#environment.searcher.machine;
    const lists = steps.map(({ by: how, directories }) => `${how}=${directories.join(':')}`);
    by.order = { key: [elfClass, machine, by.object.skipsDefaultDirectories, ...lists].join('\n'), steps };
    return by.order;
  }

  #glibcSteps(by: Loaded, main: Loaded | undefined): readonly SearchStep[] {
    const { cached, defaults } = this.#environment;
    const { runpath, skipsDefaultDirectories: isBare } = by.object;
    const ancestors = runpath === undefined ? loadersOf(by) : [];
    // The RPATH of the program counts for what nothing in the chain has led to.
    if (runpath === undefined && main && !ancestors.includes(main)) ancestors.push(main);
    const isDefault = (path: string): boolean => defaults.includes(path.slice(0, path.lastIndexOf('/')));
    return [
      { by: 'rpath', directories: ancestors.flatMap((one) => this.#split(one.object.rpath, one)) },
      { by: 'LD_LIBRARY_PATH', directories: this.#split(this.#libraryPath, by, /[:;]/) },
      { by: 'runpath', directories: this.#split(runpath, by) },
      {
        by: 'cache',
        directories: [],
        files: (name) => cached(name).filter((path) => !isBare || !isDefault(path)),
      },
      { by: 'default', directories: isBare ? [] : defaults },
    ];
  }

  /** musl makes no difference between RPATH and RUNPATH, and takes both from every loader up the chain. */
  #muslSteps(by: Loaded): readonly SearchStep[] {
    const paths = loadersOf(by).flatMap((one) => this.#split(one.object.runpath ?? one.object.rpath, one));
    return [
      { by: 'LD_LIBRARY_PATH', directories: this.#split(this.#libraryPath, by, /[:\n]/) },
      { by: 'rpath', directories: paths },
      { by: 'default', directories: this.#environment.defaults },
    ];
  }

  #split(text: string | undefined, of: Loaded, separators?: RegExp): readonly string[] {
    return text === undefined || text === '' ? [] : splitSearchPath(text, this.#tokensOf(of), separators);
  }

  #tokensOf({ path, object }: Loaded): TokenValues {
    const { linker } = this.#environment;
    return { origin: path.slice(0, path.lastIndexOf('/')) || '/', linker, architecture: object.architecture };
  }

  #lacks(name: string, by: Loaded, main: Loaded | undefined, search: Exclude<Search, { state: 'found' }>): void {
    if (search.state === 'unreadable') {
      this.#unreadable(search.error, by);
      return;
    }
    const about = { subject: name, by: by.path, location: by.object.location };
    if (search.state === 'not-loadable') {
      const { path, what, location } = search;
      const message = `${by.path} needs ${name}, and ${path} is ${what}`;
      this.#problems.push({ ...about, kind: 'not-loadable', message, found: location });
      return;
    }
    const directories = name.includes('/') ? [] : this.#orderFor(by, main).steps.flatMap((step) => step.directories);
    const [passed] = search.passedOver;
    this.#problems.push({
      ...about,
      kind: 'missing',
      message: `${by.path} needs ${name}, which is ${this.#whereItIs(name, by, passed !== undefined)}`,
      ...(passed ? { found: passed } : {}),
      ...(directories.length > 0 ? { searched: [...new Set(directories)] } : {}),
    });
  }

  #whereItIs(name: string, by: Loaded, isThereForOthers: boolean): string {
    const { configured, searcher } = this.#environment;
    if (name.includes('/')) return 'not in the image';
    const isIn = (directory: string): boolean => tryFile(searcher, `${directory}/${name}`, 'cache')?.state === 'found';
    const directory = configured().find(isIn);
    if (directory !== undefined)
      return `in ${directory}, a directory of ld.so.conf, but not in ld.so.cache: run ldconfig`;
    const own = by.path.slice(0, by.path.lastIndexOf('/'));
    if (isIn(own)) return `beside it in ${own}, where the loader does not look`;
    const nowhere = 'in no directory that the loader looks into';
    return isThereForOthers ? `${nowhere}; the one that is there is for another machine` : nowhere;
  }

  /** A library without any versions satisfies every request; a weak request goes unheard. */
  #checkVersions(one: Loaded): void {
    try {
      for (const { library, version, isWeak } of one.object.neededVersions()) {
        if (isWeak) continue;
        const from = this.#byName.get(library);
        const offered = from?.object.definedVersions();
        if (!from || !offered || offered.has(version)) continue;
        this.#problems.push({
          kind: 'missing-version',
          subject: version,
          by: one.path,
          message: `${one.path} needs ${version} of ${library}, which ${from.path} does not have`,
          location: one.object.location,
          found: from.object.location,
        });
      }
    } catch (thrown) {
      this.#unreadable(asImageError(thrown), one);
    }
  }

  #unreadable(error: ImageError, by: Loaded): void {
    this.#damage.push({ location: by.object.location, ...damageFrom(error) });
  }
}

/** The object, what loaded it, and so on up to the program. */
function loadersOf(one: Loaded): Loaded[] {
  const chain: Loaded[] = [];
  for (let at: Loaded | undefined = one; at; at = at.loader) chain.push(at);
  return chain;
}
