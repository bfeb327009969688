/**
 * Directories of /etc/ld.so.conf with its includes, ldconfig(8). They only count through the cache: this says what the cache
 * would have after ldconfig is run.
 */
import type { RootView } from '../../root/root-view.ts';
import { isGlob, matchesGlob } from '../conf-files/glob.ts';

const main = '/etc/ld.so.conf';
const MAX_FILES = 1000;

/** In their order, without slash at the end. Throws ImageError if a file of them cannot be read. */
export function readLdSoConf(view: RootView): readonly string[] {
  const directories = new Set<string>();
  const seen = new Set<string>();
  const pending = [main];
  for (let file = pending.shift(); file !== undefined && seen.size < MAX_FILES; file = pending.shift()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const included: string[] = [];
    for (const line of (view.readText(file) ?? '').split('\n')) {
      const [word = '', ...rest] = line
        .replace(/#.*/, '')
        .trim()
        .split(/[\s,:]+/);
      if (word === 'include') for (const pattern of rest) included.push(...filesOf(view, pattern, file));
      // `hwcap` lines are of the past; a directory may have `=TYPE` behind it.
      else if (word.startsWith('/')) for (const one of [word, ...rest]) directories.add(withoutSlash(one));
    }
    pending.unshift(...included);
  }
  return [...directories];
}

/** Files of an include, of which the last component may be a pattern, in the order of their names. */
function filesOf(view: RootView, pattern: string, from: string): readonly string[] {
  const path = pattern.startsWith('/') ? pattern : `${from.slice(0, from.lastIndexOf('/'))}/${pattern}`;
  const directory = path.slice(0, path.lastIndexOf('/'));
  const last = path.slice(directory.length + 1);
  if (!isGlob(last)) return [path];
  const names = (view.list(directory) ?? []).map(({ name }) => name);
  return names.filter((name) => matchesGlob(last, name, { path: true })).map((name) => `${directory}/${name}`);
}

function withoutSlash(directory: string): string {
  return directory.replace(/=.*$/, '').replace(/\/+$/, '');
}
