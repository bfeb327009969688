/** Names of kernel modules: `-` and `_` are one, and a file may be compressed (kmod, shared/util.c). */

/** `nf-conntrack` to `nf_conntrack`; what stands in brackets of an alias pattern stays. */
export function canonicalModuleName(name: string): string {
  if (!name.includes('-')) return name;
  if (!name.includes('[')) return name.replaceAll('-', '_');
  return name.replace(/\[[^\]]*\]?|-/g, (part) => (part === '-' ? '_' : part));
}

const suffix = /\.ko(?:\.gz|\.xz|\.zst)?$/;

/** The module in a file of that name; undefined if the name is not a module's. */
export function moduleNameOfFile(path: string): string | undefined {
  const base = path.slice(path.lastIndexOf('/') + 1);
  const match = suffix.exec(base);
  return match ? canonicalModuleName(base.slice(0, match.index)) : undefined;
}
