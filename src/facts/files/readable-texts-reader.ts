/**
 * The fact `readable-texts`: files of at most 64 KiB that others may read, every directory above them included, links followed once. Not below
 * /usr and /nix/store, where packages put what is public.
 */
import { damageFrom } from '../../diagnostic.ts';
import { asImageError } from '../../errors.ts';
import { limitExceeded } from '../../limits.ts';
import type { RootView } from '../../root/root-view.ts';
import type { FactContext, FactReader, FactResult, Gap } from '../fact.ts';
import type { TreeEntry } from '../tree/tree-fact.ts';
import type { ReadableTextsFact } from './readable-texts-fact.ts';

const folders = ['/etc', '/root', '/home', '/opt', '/srv', '/usr/local', '/var/lib/rancher', '/boot'];
const MAX_SIZE = 64 * 1024;
const MAX_FILES = 50_000;

const READ_OTHERS = 0o004;
const ENTER_OTHERS = 0o001;

export const readableTextsReader: FactReader<'readable-texts'> = {
  id: 'readable-texts',
  title: 'small files that every account can read',
  reads: folders.map((folder) => `${folder}/**`),
  needs: ['tree'],
  read: readTexts,
};

function readTexts(view: RootView, context: FactContext): FactResult<ReadableTextsFact> {
  const tree = context.get('tree');
  const gaps: Gap[] = [...tree.gaps];
  const files: ReadableTextsFact['files'][number][] = [];
  for (const { path, location } of candidates(tree.value.entries)) {
    try {
      if (files.length >= MAX_FILES)
        throw limitExceeded('fileSystemEntries', view.limits, 'files that everybody can read', location);
      const text = view.readText(path);
      if (text !== undefined) files.push({ path, text, location });
    } catch (thrown) {
      gaps.push({ cause: { location, ...damageFrom(asImageError(thrown)) }, keys: [path] });
      if (files.length >= MAX_FILES) break;
    }
  }
  return { value: { files }, diagnostics: gaps.map(({ cause }) => cause), gaps };
}

/** Each file once, under its own path. */
function candidates(entries: readonly TreeEntry[]): readonly TreeEntry[] {
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  const found = new Map<string, TreeEntry>();
  for (const entry of entries) {
    if (!folders.some((folder) => entry.path.startsWith(`${folder}/`))) continue;
    const file = entry.link ? byPath.get(entry.link.resolved) : entry;
    if (file?.type !== 'file' || file.size === 0 || file.size > MAX_SIZE) continue;
    if ((file.mode & READ_OTHERS) !== 0 && isReachable(file.path, byPath)) found.set(file.path, file);
  }
  return [...found.values()];
}

/** Whether others may enter every directory above. */
function isReachable(path: string, byPath: ReadonlyMap<string, TreeEntry>): boolean {
  for (let cut = path.lastIndexOf('/'); cut > 0; cut = path.lastIndexOf('/', cut - 1)) {
    const mode = byPath.get(path.slice(0, cut))?.mode ?? ENTER_OTHERS;
    if ((mode & ENTER_OTHERS) === 0) return false;
  }
  return true;
}
