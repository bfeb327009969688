/** The fact `libraries`: keyed by the path of a program, with LD_LIBRARY_PATH where its unit sets one (`librariesKey`). */
import { type Diagnostic, damageFrom } from '../../diagnostic.ts';
import { asImageError } from '../../errors.ts';
import type { Location } from '../../location.ts';
import type { RootView } from '../../root/root-view.ts';
import { readFileKind } from '../elf/file-kind.ts';
import { readWrapped } from '../elf/wrapper.ts';
import type { FactReader, FactResult } from '../fact.ts';
import { type LibrariesFact, type ProgramLibraries, parseLibrariesKey } from './libraries-fact.ts';
import { type Linkage, Objects } from './linkage.ts';
import { loadProgram } from './load-program.ts';
import { LoaderEnvironments } from './loader-environments.ts';

/** Interpreters and wrappers that are followed; the kernel itself stops at five. */
const MAX_STEPS = 8;
/** What systemd gives services for PATH. */
const programDirectories = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
export const librariesReader: FactReader<'libraries'> = {
  id: 'libraries',
  title:
    'Whether a program finds its interpreter, its libraries and their symbol versions, as the dynamic linker looks',
  reads: ['the program asked for and what it loads', '/etc/ld.so.cache', '/etc/ld.so.conf', '/etc/ld-musl-*.path'],
  needs: [],
  read: (view, context, key) => {
    const { path, libraryPath } = parseLibrariesKey(key);
    const environments = context.share('libraries/environments', () => new LoaderEnvironments(new Objects(view)));
    return new Reading(view, environments, libraryPath).read(path);
  },
};

class Reading {
  readonly #view: RootView;
  readonly #environments: LoaderEnvironments;
  readonly #libraryPath: string;
  readonly #programs: ProgramLibraries[] = [];
  readonly #damage: Diagnostic[] = [];
  #broken: LibrariesFact['broken'];

  constructor(view: RootView, environments: LoaderEnvironments, libraryPath: string) {
    this.#view = view;
    this.#environments = environments;
    this.#libraryPath = libraryPath;
  }

  read(path: string): FactResult<LibrariesFact> {
    const location = this.#view.locate(path);
    try {
      this.#follow(path);
    } catch (thrown) {
      this.#damage.push({ location, ...damageFrom(asImageError(thrown)) });
    }
    return {
      value: { path, location, programs: this.#programs, ...(this.#broken ? { broken: this.#broken } : {}) },
      diagnostics: this.#damage,
      gaps: this.#damage.map((cause) => ({ cause })),
    };
  }

  /** The program, the interpreters of scripts, and what wrappers run. */
  #follow(start: string): void {
    const pending = [start];
    const seen = new Set<string>();
    let from: { readonly path: string; readonly location: Location } | undefined;
    for (let path = pending.shift(); path !== undefined && seen.size < MAX_STEPS; path = pending.shift()) {
      if (seen.has(path)) continue;
      seen.add(path);
      const resolution = this.#view.resolve(path);
      if (resolution.state === 'unreadable') throw resolution.error;
      if (resolution.state === 'missing') {
        const message = `${from?.path} needs ${path}, which is not in the image`;
        if (from) this.#broken ??= { subject: path, message, location: from.location };
        return;
      }
      const location = this.#view.locate(path);
      const at = this.#environments.objects.at(path);
      if (at.state === 'unreadable') throw at.error;
      if (at.state === 'object') {
        const canonical = resolution.path;
        this.#programs.push(this.#programOf(at.object, canonical, location));
        pending.push(...this.#wrapped(canonical));
      } else if (at.state === 'other') pending.push(...this.#interpreters(path));
      from = { path, location };
    }
  }

  /** What a small program or script of the Nix store runs in the end. */
  #wrapped(path: string): readonly string[] {
    if (!path.startsWith('/nix/store/')) return [];
    const wrapped = readWrapped(this.#view.open(path), 'elf');
    return wrapped === undefined ? [] : [wrapped];
  }

  #interpreters(path: string): readonly string[] {
    if (this.#view.stat(path)?.type !== 'file') return [];
    const source = this.#view.open(path);
    const { kind, shebang } = readFileKind(source);
    if (kind !== 'script' || shebang === undefined) return [];
    const [interpreter, ...words] = shebang.split(/[ \t]+/);
    if (interpreter === undefined || !interpreter.startsWith('/')) return [];
    const wrapped = readWrapped(source, 'script');
    const named = interpreter.endsWith('/env') ? this.#onPath(words) : undefined;
    return [interpreter, ...(named === undefined ? [] : [named]), ...(wrapped === undefined ? [] : [wrapped])];
  }

  /** The program env(1) looks for: past its options and assignments. One that is not found is for others to say. */
  #onPath(words: readonly string[]): string | undefined {
    const name = words.find((word) => !word.startsWith('-') && !word.includes('='));
    if (name === undefined || name.includes('/')) return name;
    return programDirectories
      .map((directory) => `${directory}/${name}`)
      .find((path) => this.#view.exists(path) === 'yes');
  }

  #programOf(object: Linkage, path: string, location: Location): ProgramLibraries {
    const { architecture, interpreter } = object;
    const base = { path, location, architecture };
    // The loader of a program at any address without interpreter is the program itself.
    if (interpreter === undefined) return { ...base, linkage: 'static', needs: [], problems: [] };
    const found = this.#environments.find(interpreter, object);
    const unloaded = { ...base, linkage: 'dynamic' as const, needs: [] };
    if (found.state === 'unknown' && object.needed.length === 0)
      return { ...unloaded, loader: { path: interpreter, kind: 'other' }, problems: [] };
    if (found.state === 'unreadable' || found.state === 'unknown') {
      this.#damage.push({ location: object.location, ...damageFrom(found.error) });
      return { ...unloaded, problems: [] };
    }
    if (found.state !== 'found') {
      const { kind, message, location: place } = found;
      const about = { kind, subject: interpreter, by: path, message: `${path} ${message}`, location: object.location };
      return { ...unloaded, problems: [{ ...about, ...(place ? { found: place } : {}) }] };
    }
    const { environment, loader } = found;
    const { needs, problems, damage } = loadProgram({ object, path }, loader, environment, this.#libraryPath);
    this.#damage.push(...damage);
    const { kind } = environment.linker;
    return { ...unloaded, loader: { path: interpreter, kind }, needs, problems };
  }
}
