/**
 * What dpkg recorded about the files of one package: `info/NAME[:ARCH].list` (every path it owns) and `.md5sums`
 * (`<32 hex digits>  <path without leading slash>`). Read only when asked: there are hundreds of them.
 */
import type { RootView } from '../../root/root-view.ts';
import type { InstalledPackage } from './packages-fact.ts';

/** Absolute paths a package owns, directories included; undefined if dpkg has no list. Throws if it cannot be read. */
export function readPackagePaths(
  view: RootView,
  database: string,
  of: Pick<InstalledPackage, 'name' | 'architecture'>,
): readonly string[] | undefined {
  const text = readInfo(view, database, of, 'list');
  return text?.split('\n').filter((path) => path.startsWith('/') && path !== '/.');
}

/** MD5 in hex by absolute path; undefined if dpkg has no sums. Throws if they cannot be read. */
export function readPackageSums(
  view: RootView,
  database: string,
  of: Pick<InstalledPackage, 'name' | 'architecture'>,
): ReadonlyMap<string, string> | undefined {
  const text = readInfo(view, database, of, 'md5sums');
  if (text === undefined) return undefined;
  const sums = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^([0-9a-f]{32}) [ *](.+)$/.exec(line);
    if (match?.[1] && match[2]) sums.set(`/${match[2]}`, match[1]);
  }
  return sums;
}

/** Multi-Arch: same packages carry their architecture in the file name, all others do not. */
function readInfo(
  view: RootView,
  database: string,
  { name, architecture }: Pick<InstalledPackage, 'name' | 'architecture'>,
  suffix: string,
): string | undefined {
  const base = `${database}/info/${name}`;
  return view.readText(`${base}.${suffix}`) ?? view.readText(`${base}:${architecture}.${suffix}`);
}
