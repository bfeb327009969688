/**
 * `IMAGE!VOLUME:/PATH!VOLUME:/PATH...`, as locations in reports write it: `!NAME` is a volume (a partition, a section of a PE file),
 * `:/PATH` a path in it, and what follows a path is looked for in the file there. Names of files may have `!` and `:` in them:
 * what exists decides.
 */
export interface ImagePath {
  /** Path of the image on the host. */
  readonly image: string;
  /** Names of volumes, each inside the one before. */
  readonly volumes: readonly string[];
  /** Absolute, in the image or the last volume, with what may follow it; undefined if none was given. */
  readonly path?: string;
}

/** Where a path may go on inside the file it names. */
export interface Cut {
  /** The path of the file. */
  readonly path: string;
  /** Names of volumes in it, and a path in the last one. */
  readonly volumes: readonly string[];
  readonly rest?: string;
}

/**
 * Splits; total. `exists` says whether the host has a file of that name; where it has none, only `!p` and a number are taken for
 * a volume.
 */
export function parseImagePath(text: string, exists: (path: string) => boolean = () => false): ImagePath {
  const colon = text.indexOf(':/');
  const path = colon < 0 ? {} : { path: text.slice(colon + 1) };
  const host = colon < 0 ? text.replace(/:$/, '') : text.slice(0, colon);
  if (!host.includes('!') || exists(host)) return { image: host, volumes: [], ...path };
  for (let cut = host.lastIndexOf('!'); cut > 0; cut = host.lastIndexOf('!', cut - 1)) {
    if (exists(host.slice(0, cut))) return { image: host.slice(0, cut), volumes: namesIn(host.slice(cut)), ...path };
  }
  const named = /^(.+)!(p\d{1,3})$/s.exec(host);
  return { image: named?.[1] ?? host, volumes: named?.[2] === undefined ? [] : [named[2]], ...path };
}

/** Every way to go on inside a file: the shortest path first. */
export function findCuts(path: string): Cut[] {
  const cuts: Cut[] = [];
  for (const { index } of path.matchAll(/!|:\//g)) {
    const behind = path.slice(index);
    const colon = behind.indexOf(':/');
    const names = colon < 0 ? behind.replace(/:$/, '') : behind.slice(0, colon);
    cuts.push({
      path: path.slice(0, index),
      volumes: namesIn(names),
      ...(colon < 0 ? {} : { rest: behind.slice(colon + 1) }),
    });
  }
  return cuts;
}

/** `!a!b`: a, then b. `!` alone is the file itself. */
function namesIn(text: string): string[] {
  return text.split('!').filter((name) => name !== '');
}
