/**
 * The address of a byte, line or key: `image!volume:/path:line:column`, nested by `!`.
 * `disk.wic!p2:/etc/sysctl.d/99-k3s.conf:16`, `disk.wic!p1:/EFI/Linux/linux.efi!.initrd:/init`, bytes `disk.wic!p2@0x438`.
 */
export interface Location {
  /** Label of the byte source or file system: the image's base name and the volumes on the way, joined by `!`. */
  readonly source: string;
  /** Absolute path inside that file system. */
  readonly path?: string;
  /** From 1. */
  readonly line?: number;
  /** From 1. */
  readonly column?: number;
  /** Byte offset in the source (without a path) or in the file (with one). */
  readonly offset?: number;
}

/** The one-line form of a location. Names are not escaped here: that is the report's job. */
export function formatLocation(location: Location): string {
  let text = location.source;
  if (location.path !== undefined) text += `:${location.path}`;
  if (location.line !== undefined) {
    text += `:${location.line}`;
    if (location.column !== undefined) text += `:${location.column}`;
  }
  if (location.offset !== undefined) text += `@0x${location.offset.toString(16)}`;
  return text;
}

/** The label of what lies inside `outer`: a partition, a section, a file that is itself an image. */
export function nestedLabel(outer: string, inner: string): string {
  return `${outer}!${inner}`;
}
