/**
 * Where a loader finds a library: each directory in its order, candidates of another machine passed over, then glibc-hwcaps for what
 * only some processors find. ld.so(8); musl's load_library(). The hwcaps directories of glibc before 2.33 are not looked into.
 */
import type { ImageError } from '../../errors.ts';
import type { Location } from '../../location.ts';
import type { ElfHeader } from '../elf/elf-file.ts';
import type { FoundBy } from './libraries-fact.ts';
import { judgeCandidate, type Linkage, type Objects } from './linkage.ts';

/** Directories that belong together, or with `files` the paths the cache gives. */
export interface SearchStep {
  readonly by: FoundBy;
  readonly directories: readonly string[];
  /** Full paths for a name, instead of directories. */
  readonly files?: (name: string) => readonly string[];
}

export type Search =
  | {
      readonly state: 'found';
      readonly path: string;
      readonly object: Linkage;
      readonly by: FoundBy;
      readonly processor?: string;
    }
  | { readonly state: 'missing'; readonly passedOver: readonly Location[] }
  | { readonly state: 'not-loadable'; readonly path: string; readonly what: string; readonly location: Location }
  | { readonly state: 'unreadable'; readonly error: ImageError };

export interface Searcher {
  readonly objects: Objects;
  readonly machine: ElfHeader;
  /** musl takes the first file of the name, whatever it is. */
  readonly takesFirst: boolean;
}

/** Looks at one path. Undefined: go on. */
export function tryFile(
  searcher: Searcher,
  path: string,
  by: FoundBy,
  passedOver: Location[] = [],
): Search | undefined {
  const at = searcher.objects.at(path);
  if (at.state === 'missing') return undefined;
  if (at.state === 'unreadable') return { state: 'unreadable', error: at.error };
  if (at.state === 'other') return { state: 'not-loadable', path, what: at.what, location: at.location };
  const { object } = at;
  const verdict = judgeCandidate(object, searcher.machine);
  if (verdict === 'fits') return { state: 'found', path, object, by };
  if (verdict === 'skipped' && !searcher.takesFirst) {
    passedOver.push(object.location);
    return undefined;
  }
  return { state: 'not-loadable', path, what: `an object for ${object.architecture}`, location: object.location };
}

/** Goes through the steps in their order. */
export function findLibrary(searcher: Searcher, name: string, steps: readonly SearchStep[]): Search {
  const passedOver: Location[] = [];
  for (const { by, directories, files } of steps) {
    const paths = files?.(name) ?? directories.map((directory) => `${directory}/${name}`);
    for (const path of paths) {
      const found = tryFile(searcher, path, by, passedOver);
      if (found) return found;
    }
  }
  return findForProcessor(searcher, name, steps) ?? { state: 'missing', passedOver };
}

function findForProcessor(searcher: Searcher, name: string, steps: readonly SearchStep[]): Search | undefined {
  if (searcher.takesFirst) return undefined;
  const { view } = searcher.objects;
  for (const { by, directories } of steps)
    for (const directory of directories) {
      const parent = `${directory}/glibc-hwcaps`;
      if (view.exists(parent) !== 'yes') continue;
      for (const { name: processor } of view.list(parent) ?? []) {
        const found = tryFile(searcher, `${parent}/${processor}/${name}`, by);
        if (found?.state === 'found') return { ...found, processor };
      }
    }
  return undefined;
}
