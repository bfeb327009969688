/**
 * Whether a program of an Exec*= line can be run: find_executable_full() of path-util.c, then what execve(2) needs: an interpreter
 * for a script (and the program that env(1) looks for), a dynamic linker and the right machine for ELF.
 */
import { asImageError } from '../../../errors.ts';
import type { Found, RootView } from '../../../root/root-view.ts';
import { debianArchitecture } from '../../elf/debian-architecture.ts';
import { readInterpreter } from '../../elf/dynamic.ts';
import { openElf } from '../../elf/elf-file.ts';
import { readFileKind } from '../../elf/file-kind.ts';
import type { ProgramState } from './unit-audit-fact.ts';

/** Where bare names are looked for (DEFAULT_PATH_NORMAL). */
export const defaultSearchPath: readonly string[] = [
  '/usr/local/sbin',
  '/usr/local/bin',
  '/usr/sbin',
  '/usr/bin',
  '/sbin',
  '/bin',
];
/** An interpreter may be a script; the kernel follows a few. */
const MAX_INTERPRETERS = 5;

export interface Program {
  readonly state: ProgramState;
  readonly detail?: string;
}

/** Answers per image, each file looked at once. */
export class Programs {
  readonly #view: RootView;
  readonly #architecture: string | undefined;
  readonly #known = new Map<string, Program>();

  /** `architecture`: Debian's name of the image's. */
  constructor(view: RootView, architecture: string | undefined) {
    this.#view = view;
    this.#architecture = architecture;
  }

  /** A bare name is looked for in `searchPath`; the first that can be run counts, else the first that is there. */
  find(program: string, searchPath: readonly string[] = defaultSearchPath): Program {
    if (program.startsWith('/')) return this.#at(program);
    let first: Program | undefined;
    for (const directory of searchPath) {
      const candidate = this.#at(`${directory}/${program}`);
      if (candidate.state === 'runnable') return candidate;
      if (candidate.state !== 'missing') first ??= candidate;
    }
    return first ?? { state: 'missing' };
  }

  #at(path: string): Program {
    const known = this.#known.get(path);
    if (known) return known;
    const program = this.#look(path, 0);
    this.#known.set(path, program);
    return program;
  }

  #look(path: string, depth: number): Program {
    const resolution = this.#view.resolve(path);
    if (resolution.state === 'missing') return { state: 'missing' };
    if (resolution.state === 'unreadable') return { state: 'unreadable', detail: resolution.error.message };
    try {
      const { type, mode } = resolution.fileSystem.stat(resolution.node);
      if (type !== 'file') return { state: type === 'directory' ? 'directory' : 'not-a-file' };
      if ((mode & 0o111) === 0) return { state: 'not-executable' };
      return this.#interpreted(resolution, depth);
    } catch (thrown) {
      return { state: 'unreadable', detail: asImageError(thrown).message };
    }
  }

  #interpreted(found: Found, depth: number): Program {
    const source = found.fileSystem.open(found.node, this.#view.sourceLabel(found));
    const { kind, shebang = '' } = readFileKind(source);
    if (kind === 'script') return this.#needs(shebangPrograms(shebang), depth);
    if (kind !== 'elf') return { state: 'runnable' };
    const elf = openElf(source);
    const machine = debianArchitecture(elf.header);
    if (this.#architecture !== undefined && machine !== 'unknown' && !runsOn(machine, this.#architecture))
      return { state: 'other-architecture', detail: machine };
    const interpreter = readInterpreter(elf);
    return interpreter === undefined ? { state: 'runnable' } : this.#needs([interpreter], depth);
  }

  #needs(interpreters: readonly string[], depth: number): Program {
    if (depth >= MAX_INTERPRETERS) return { state: 'runnable' };
    for (const path of interpreters) {
      const program = this.#lookAlong(path, depth + 1);
      if (program.state === 'unreadable') return program;
      if (program.state !== 'runnable') return { state: 'no-interpreter', detail: path };
    }
    return { state: 'runnable' };
  }

  #lookAlong(path: string, depth: number): Program {
    if (path.startsWith('/')) return this.#look(path, depth);
    let last: Program = { state: 'missing' };
    for (const directory of defaultSearchPath) {
      const program = this.#look(`${directory}/${path}`, depth);
      if (program.state === 'runnable') return program;
      if (program.state !== 'missing') last = program;
    }
    return last;
  }
}

/** `/usr/bin/env NAME` needs both; options and assignments of env are passed over. */
function shebangPrograms(line: string): readonly string[] {
  const [program = '', ...rest] = line.split(/[ \t]+/);
  if (!program.startsWith('/')) return [];
  if (!program.endsWith('/env')) return [program];
  const named = rest.find((word) => !word.startsWith('-') && !word.includes('='));
  return named === undefined ? [program] : [program, named];
}

/** 32-bit programs of the same family run too. */
const families: readonly (readonly string[])[] = [
  ['amd64', 'i386'],
  ['arm64', 'armhf', 'armel'],
];

function runsOn(program: string, image: string): boolean {
  return program === image || families.some((family) => family.includes(program) && family.includes(image));
}
