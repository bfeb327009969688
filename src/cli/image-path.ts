/**
 * `IMAGE:PATH`: a path in an image. The path begins at the first `:/`, or is `/` where there is none. `IMAGE!p1:PATH` means one
 * partition by itself, as locations in reports write it.
 */
export interface ImagePath {
  /** Path of the image on the host. */
  readonly image: string;
  /** Name of a partition, `p1`. */
  readonly partition?: string;
  /** Absolute, in the image; undefined if none was given. */
  readonly path?: string;
}

/** Splits; total. A `!` counts only in front of `p` and a number, since file names may have one. */
export function parseImagePath(text: string): ImagePath {
  const colon = text.indexOf(':/');
  const path = colon < 0 ? undefined : text.slice(colon + 1);
  const host = colon < 0 ? text.replace(/:$/, '') : text.slice(0, colon);
  const named = /^(.+)!(p\d{1,3})$/s.exec(host);
  const image = named?.[1] ?? host;
  return {
    image,
    ...(named?.[2] === undefined ? {} : { partition: named[2] }),
    ...(path === undefined ? {} : { path }),
  };
}
