/**
 * Search paths as the loaders split and expand them: ld.so(8) "Dynamic string tokens"; musl knows `$ORIGIN` only, and drops a path
 * with any other. `$PLATFORM` is that of a plain processor of the architecture.
 */
import type { DynamicLinker } from './dynamic-linker.ts';

const platforms: Readonly<Record<string, string>> = {
  amd64: 'x86_64',
  x32: 'x86_64',
  i386: 'i686',
  arm64: 'aarch64',
  armhf: 'v7l',
  armel: 'v5l',
  ppc64el: 'power8',
};

export interface TokenValues {
  /** Directory of the object that has the path. */
  readonly origin: string;
  readonly linker: DynamicLinker;
  /** Debian's name. */
  readonly architecture: string;
}

/** Directories of an RPATH, RUNPATH or LD_LIBRARY_PATH, without slash at the end. Relative ones start at `/`, as services do. */
export function splitSearchPath(text: string, values: TokenValues, separators = /:/): readonly string[] {
  if (text === '') return [];
  const { kind } = values.linker;
  if (kind === 'musl' && !/^[^$]*(?:\$(?:ORIGIN|\{ORIGIN\})[^$]*)*$/.test(text)) return [];
  const found = text.split(separators).flatMap((element) => {
    const expanded = expandTokens(element, values);
    if (expanded === undefined || (expanded === '' && kind === 'musl')) return [];
    const absolute = expanded.startsWith('/') ? expanded : `/${expanded}`;
    return [absolute.replace(/\/+$/, '')];
  });
  return [...new Set(found)];
}

/** Undefined if a token has no value here: the element then does not count. */
export function expandTokens(text: string, { origin, linker, architecture }: TokenValues): string | undefined {
  let isUnknown = false;
  const expanded = text.replace(/\$(?:\{(ORIGIN|LIB|PLATFORM)\}|(ORIGIN|LIB|PLATFORM))/g, (_, braced, plain) => {
    const token: unknown = braced ?? plain;
    const value = token === 'ORIGIN' ? origin : token === 'LIB' ? linker.lib : platforms[architecture];
    isUnknown ||= value === undefined;
    return value ?? '';
  });
  return isUnknown ? undefined : expanded;
}
