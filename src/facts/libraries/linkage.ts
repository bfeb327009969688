/** What the dynamic linker reads of one object: identity, needs, search paths, versions. Each file is read once an image. */
import { asImageError, type ImageError } from '../../errors.ts';
import type { Location } from '../../location.ts';
import type { Found, RootView } from '../../root/root-view.ts';
import { debianArchitecture } from '../elf/debian-architecture.ts';
import { type DynamicSection, readDynamicSection, readInterpreter } from '../elf/dynamic.ts';
import { detectElf, type ElfFile, type ElfHeader, openElf } from '../elf/elf-file.ts';
import { type NeededVersion, readDefinedVersions, readNeededVersions } from '../elf/symbol-versions.ts';

const ET_EXEC = 2;
const ET_DYN = 3;

/** An ELF object that could be opened. */
export interface Linkage {
  readonly header: ElfHeader;
  readonly location: Location;
  /** Debian's name of its architecture. */
  readonly architecture: string;
  /** Tells one file from another, by whatever path it is reached. */
  readonly identity: string;
  readonly interpreter: string | undefined;
  readonly needed: readonly string[];
  readonly soname: string | undefined;
  readonly rpath: string | undefined;
  readonly runpath: string | undefined;
  readonly skipsDefaultDirectories: boolean;
  /** Undefined where it has no versions. Read when asked. ImageError if the records are damaged. */
  readonly definedVersions: () => ReadonlySet<string> | undefined;
  readonly neededVersions: () => readonly NeededVersion[];
}

/** What is at a path: nothing, an object, other content with the words for it, or what cannot be read. */
export type ObjectAt =
  | { readonly state: 'missing' }
  | { readonly state: 'object'; readonly object: Linkage }
  | { readonly state: 'other'; readonly what: string; readonly location: Location }
  | { readonly state: 'unreadable'; readonly error: ImageError };

/** The objects of one image. */
export class Objects {
  readonly view: RootView;
  readonly #byFile = new Map<string, ObjectAt>();

  constructor(view: RootView) {
    this.view = view;
  }

  /** What open(2) and the first look at the header would give at a path, links followed. Never throws an ImageError. */
  at(path: string): ObjectAt {
    const resolution = this.view.resolve(path);
    if (resolution.state === 'missing') return { state: 'missing' };
    if (resolution.state === 'unreadable') return { state: 'unreadable', error: resolution.error };
    const identity = `${resolution.fileSystem.label}#${resolution.node}`;
    const known = this.#byFile.get(identity);
    if (known) return known;
    const read = this.#read(resolution, identity);
    this.#byFile.set(identity, read);
    return read;
  }

  #read(found: Found, identity: string): ObjectAt {
    const location = { source: found.fileSystem.label, path: found.innerPath };
    try {
      const { type, size } = found.fileSystem.stat(found.node);
      if (type !== 'file') return { state: 'other', what: `a ${type}`, location };
      const source = found.fileSystem.open(found.node, this.view.sourceLabel(found));
      if (!detectElf(source)) return { state: 'other', what: size === 0 ? 'an empty file' : 'no ELF file', location };
      return { state: 'object', object: describe(openElf(source), identity, location) };
    } catch (thrown) {
      return { state: 'unreadable', error: asImageError(thrown) };
    }
  }
}

function describe(elf: ElfFile, identity: string, location: Location): Linkage {
  const dynamic = readDynamicSection(elf);
  return {
    header: elf.header,
    location,
    architecture: debianArchitecture(elf.header),
    identity,
    interpreter: readInterpreter(elf),
    needed: dynamic?.needed ?? [],
    soname: dynamic?.soname,
    // An object with both has its RPATH ignored.
    rpath: dynamic?.runpath === undefined ? dynamic?.rpath : undefined,
    runpath: dynamic?.runpath,
    skipsDefaultDirectories: dynamic?.skipsDefaultDirectories ?? false,
    definedVersions: remembered(dynamic, (section) => readDefinedVersions(elf, section)),
    neededVersions: remembered(dynamic, (section) => readNeededVersions(elf, section), []),
  };
}

function remembered<T>(
  dynamic: DynamicSection | undefined,
  read: (section: DynamicSection) => T,
  without?: T,
): () => T {
  let known: { readonly value: T } | undefined;
  return () => {
    known ??= { value: dynamic ? read(dynamic) : (without as T) };
    return known.value;
  };
}

/** Whether a loader of that machine would take the object; `skipped` ones it passes over, others end the search with an error. */
export function judgeCandidate({ header }: Linkage, machine: ElfHeader): 'fits' | 'skipped' | 'wrong' {
  if (header.class !== machine.class) return 'skipped';
  if (header.endianness !== machine.endianness) return 'wrong';
  if (header.machine !== machine.machine) return 'skipped';
  return header.type === ET_DYN || header.type === ET_EXEC ? 'fits' : 'wrong';
}
