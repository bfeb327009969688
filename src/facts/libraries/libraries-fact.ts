/** The fact `libraries`: what must be loaded before the first instruction of a program runs, and what of it is not there. */
import type { Location } from '../../location.ts';

/** How a library was found. `loaded`: under this name or by its own, it is there already. */
export type FoundBy = 'path' | 'rpath' | 'runpath' | 'LD_LIBRARY_PATH' | 'cache' | 'default' | 'loader' | 'loaded';

/** One DT_NEEDED and the file it means. */
export interface NeededLibrary {
  readonly name: string;
  /** View path of the object that asks for it. */
  readonly by: string;
  /** As the loader composes it, links not followed. */
  readonly path: string;
  readonly found: FoundBy;
  /** Only a processor of this level finds it: `x86-64-v3` (glibc-hwcaps). */
  readonly processor?: string;
}

export interface LibraryProblem {
  readonly kind: 'no-loader' | 'wrong-loader' | 'missing' | 'not-loadable' | 'missing-version';
  /** The file, library or version that lacks. */
  readonly subject: string;
  /** View path of the object that asks for it. */
  readonly by: string;
  /** One sentence. */
  readonly message: string;
  /** Of the object that asks. */
  readonly location: Location;
  /** The file that is not what it should be, where there is one. */
  readonly found?: Location;
  /** Directories the loader looks into, in its order. */
  readonly searched?: readonly string[];
}

/** One ELF program and its closure. */
export interface ProgramLibraries {
  readonly path: string;
  readonly location: Location;
  /** Debian's name. */
  readonly architecture: string;
  readonly linkage: 'static' | 'dynamic';
  readonly loader?: { readonly path: string; readonly kind: 'glibc' | 'musl' | 'other' };
  /** Every need of the program and of what it loads, breadth first as they are loaded. */
  readonly needs: readonly NeededLibrary[];
  readonly problems: readonly LibraryProblem[];
}

export interface LibrariesFact {
  readonly path: string;
  readonly location: Location;
  /**
   * What the kernel starts for that path, in order: the program; of a script its interpreter, and what env(1) finds; of a
   * wrapper (NixOS) also what it runs.
   */
  readonly programs: readonly ProgramLibraries[];
  /** A step of that order that leads nowhere: an interpreter that is not in the image. */
  readonly broken?: { readonly subject: string; readonly message: string; readonly location: Location };
}

const separator = '\nLD_LIBRARY_PATH=';

/** The key of the fact for a program that is started with that LD_LIBRARY_PATH. */
export function librariesKey(path: string, libraryPath = ''): string {
  return libraryPath === '' ? path : `${path}${separator}${libraryPath}`;
}

export function parseLibrariesKey(key: string): { readonly path: string; readonly libraryPath: string } {
  const [path = '', libraryPath = ''] = key.split(separator);
  return { path, libraryPath };
}
